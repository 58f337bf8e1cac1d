import { expect, test } from 'vitest'
import { parseDeclaration, planIdentityCenter, someReservedRole } from '../index.js'
import { buildPlan } from './build-plan.js'

const fileWith = (identityCenter: string): string => `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { identityCenter: { instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef', identityStore: d-0123456789${identityCenter} } }
members:
  susan: { email: susan@acme.example, signIn: federation }
  hedy: { email: hedy@acme.example, signIn: federation }
  bot: { kind: service, keys: { until: 2035-01-31 } }
teams: { product: [susan, hedy, bot], research: [hedy], machines: [bot] }
datasets: { logs: {} }
grants:
  - { to: product, can: [read, write], on: logs }
  - { to: research, can: read, on: logs, under: raw/ }
  - { to: machines, can: read, on: logs }
`

function plansOf(identityCenter: string) {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text: fileWith(identityCenter), nowMs: 0 })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const second = planIdentityCenter(parsed.value, built.value)
  if (second === undefined) throw new Error('no second plan')
  expect(built.diagnostics.map(({ code }) => code)).toEqual(['IDENTITY_CENTER_APART'])
  return { first: built.value, second }
}

test('each team of people gets a permission set with its policies, for the group that is provisioned', () => {
  const { first, second } = plansOf('')
  expect(second.resources.map(({ id, type }) => `${type} ${id}`)).toEqual([
    'ssoadmin.PermissionSet team/product/permission-set',
    'ssoadmin.AccountAssignment team/product/assignment',
    'ssoadmin.PermissionSet team/research/permission-set',
    'ssoadmin.AccountAssignment team/research/assignment',
  ])
  expect(second.resources[0]).toMatchObject({
    name: 'acme-product',
    sessionDuration: 'PT1H',
    customerManagedPolicies: [{ name: 'acme-team-product-1', path: '/ringfence/acme/' }],
    permissionsBoundary: { name: 'acme-boundary', path: '/ringfence/acme/' },
  })
  expect(second.external).toMatchObject([
    { displayName: 'product', members: [{ email: 'hedy@acme.example' }, { email: 'susan@acme.example' }] },
    { displayName: 'research', members: [{ email: 'hedy@acme.example' }] },
  ])
  expect(first.resources.filter(({ type }) => type === 'iam.Role')).toEqual([])
  const policies = first.resources.flatMap((one) => (one.type === 'iam.Policy' ? [one.arn] : []))
  for (const { permissionsBoundary, policyArns } of second.roles)
    expect(policies).toEqual(expect.arrayContaining([permissionsBoundary, ...policyArns]))
})

test('with "provision" groups, users and memberships are made, each before what refers to it', () => {
  const { second } = plansOf(', provision: true')
  expect(second.external).toEqual([])
  expect(second.resources.filter(({ type }) => type === 'identitystore.User').map(({ id }) => id)).toEqual([
    'member/hedy/identity',
    'member/susan/identity',
  ])
  expect(
    second.resources.filter(({ type }) => type === 'identitystore.GroupMembership').map(({ id }) => id),
  ).toEqual(['team/product/members/hedy', 'team/product/members/susan', 'team/research/members/hedy'])
  const seen = new Set<string>()
  for (const { dependsOn, id } of second.resources) {
    for (const needed of dependsOn) expect(seen).toContain(needed)
    seen.add(id)
  }
})

test.each([
  ['', 'role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_acme-product_????????????????'],
  [', region: us-east-1', 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_acme-product_????????????????'],
])('names roles with exactly what AWS leaves open: %s', (identityCenter, name) => {
  const { first, second } = plansOf(identityCenter)
  const [role] = second.roles
  expect(role?.arn).toBe(`arn:aws:iam::111122223333:${name}`)
  expect(JSON.stringify(first.resources.find(({ type }) => type === 's3.BucketPolicy'))).toContain(role?.arn)
  expect(role && someReservedRole(role).arn).toMatch(/_[0-9a-f]{16}$/)
  expect(role && someReservedRole(role).arn).toHaveLength(role?.arn.length ?? 0)
})
