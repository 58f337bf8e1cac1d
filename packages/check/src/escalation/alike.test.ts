import { expect, it } from 'vitest'
import { accountOfPlan } from '../account/account-of-plan.js'
import { planOf } from '../account/plan.fixture.js'
import { groupsAlike } from './alike.js'
import { accountWith, allow, document, iamArn, role, user } from './public-paths.fixture.js'

const nobody: ReadonlySet<string> = new Set()

function sizesOf(groups: readonly (readonly { readonly kind: string }[])[]): readonly number[] {
  return groups
    .flatMap((group) => (group[0]?.kind === 'user' ? [group.length] : []))
    .toSorted((a, b) => a - b)
}

const [ada, bob, cy] = ['ada', 'bob', 'cy'].map((name) => iamArn(`user/${name}`)) as [string, string, string]
const users = ['ada', 'bob', 'cy'].map((name) => user(name))

it('puts together whom a list names together, in whatever order', () => {
  const account = accountWith({
    users,
    roles: [role('r', { AWS: [ada, bob] }), role('s', { AWS: [cy, bob, ada] })],
  })
  expect(sizesOf(groupsAlike(account, nobody))).toEqual([1, 2])
})

it('keeps apart whom one list names and another one does not, and who is named alone', () => {
  const account = accountWith({ users, roles: [role('r', { AWS: [ada, bob] }), role('s', { AWS: ada })] })
  expect(sizesOf(groupsAlike(account, nobody))).toEqual([1, 1, 1])
  const each = accountWith({ users, roles: [role('r', { AWS: ada }), role('s', { AWS: bob })] })
  expect(sizesOf(groupsAlike(each, nobody))).toEqual([1, 1, 1])
})

it('keeps apart whom a pattern takes and another one does not', () => {
  const policy = { name: 'p', document: document(allow('iam:GetUser', iamArn('user/a*'))) }
  const account = accountWith({ users, roles: [role('r', { AWS: '*' }, { inline: [policy] })] })
  expect(sizesOf(groupsAlike(account, nobody))).toEqual([1, 2])
})

it('keeps administrators apart', () => {
  expect(sizesOf(groupsAlike(accountWith({ users }), new Set([ada])))).toEqual([1, 2])
})

it('takes the members of a team of a plan together', () => {
  const { plan } = planOf(`
organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/admin]
members:
${['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `  ${name}: { email: ${name}@acme.example }`).join('\n')}
teams:
  one: [a, b, c, d]
  two: [e, f, g, h]
datasets:
  corpus: {}
platforms:
  training: { kind: sagemaker, reads: [corpus] }
grants:
  - { to: one, can: [read, write], on: corpus }
  - { to: one, can: train, on: training }
  - { to: two, can: train, on: training }
`)
  expect(sizesOf(groupsAlike(accountOfPlan(plan), nobody))).toEqual([4, 4])
})
