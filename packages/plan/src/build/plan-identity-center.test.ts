import { expect, test } from 'vitest'
import {
  exportPlan,
  type ExternalReservedRole,
  nothingKept,
  parseDeclaration,
  someReservedRole,
} from '../index.js'
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

function plansOf(identityCenter: string, kept = nothingKept) {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text: fileWith(identityCenter), nowMs: 0 })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value, {}, kept)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const { external, identityCenter: second } = built.value
  if (second === undefined) throw new Error('no second plan')
  expect(built.diagnostics).toEqual([])
  const roles = external.filter((one): one is ExternalReservedRole => one.kind === 'reservedRole')
  return { first: built.value, second, roles }
}

test('each team of people gets a permission set with its policies, for the group that is provisioned', () => {
  const { first, second, roles } = plansOf('')
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
  for (const { permissionsBoundary, policyArns } of roles)
    expect(policies).toEqual(expect.arrayContaining([permissionsBoundary, ...policyArns]))
})

test('with "provision" groups, users and memberships are made, each before what refers to it', () => {
  const { first, second } = plansOf(', provision: true')
  expect(second.external).toEqual([])
  expect(second.resources.filter(({ type }) => type === 'identitystore.User').map(({ id }) => id)).toEqual([
    'member/hedy/identity',
    'member/susan/identity',
  ])
  expect(
    second.resources.filter(({ type }) => type === 'identitystore.GroupMembership').map(({ id }) => id),
  ).toEqual([
    'team/product/identity-members/hedy',
    'team/product/identity-members/susan',
    'team/research/identity-members/hedy',
  ])
  const seen = new Set(first.resources.map(({ id }) => id))
  for (const { dependsOn, id } of second.resources) {
    for (const needed of dependsOn) expect(seen).toContain(needed)
    seen.add(id)
  }
})

test.each([
  ['', 'role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_acme-product_????????????????'],
  [', region: us-east-1', 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_acme-product_????????????????'],
])('names roles with exactly what AWS leaves open: %s', (identityCenter, name) => {
  const { first, roles } = plansOf(identityCenter)
  const [role] = roles
  expect(role?.arn).toBe(`arn:aws:iam::111122223333:${name}`)
  expect(JSON.stringify(first.resources.find(({ type }) => type === 's3.BucketPolicy'))).toContain(role?.arn)
  expect(role && someReservedRole(role).arn).toMatch(/_[0-9a-f]{16}$/)
  expect(role && someReservedRole(role).arn).toHaveLength(role?.arn.length ?? 0)
})

test('a revocation is one more policy of the permission set', () => {
  const revocations = { 'acme-product': '2030-01-01T00:00:00Z' }
  const { first, roles, second } = plansOf('', { ...nothingKept, revocations })
  const [set] = second.resources
  expect(set).toMatchObject({
    dependsOn: ['boundary', 'team/product/policy-1', 'revoked/acme-product'],
    customerManagedPolicies: [{ name: 'acme-team-product-1' }, { name: 'acme-revoked-acme-product' }],
  })
  expect(roles[0]?.policyArns.at(-1)).toMatch(/acme-revoked-acme-product$/)
  expect(first.resources.filter(({ id }) => id.startsWith('revoked/')).map(({ id }) => id)).toEqual([
    'revoked/acme-product',
  ])
})

test.each(['cloudformation', 'terraform'] as const)(
  'an export to %s says that it has none of it',
  (target) => {
    const { diagnostics } = exportPlan(plansOf('').first, target)
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toContainEqual(
      expect.stringMatching(/^EXPORT_LEFT_OUT permission sets/),
    )
  },
)
