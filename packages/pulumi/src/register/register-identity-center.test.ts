import * as pulumi from '@pulumi/pulumi'
import type { Plan } from '@ringfence/plan'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import type { MockDeployment, Registered } from '../mocks/mock-deployment.fixture.js'
import { deployWithMocks } from '../mocks/mock-deployment.fixture.js'
import { registerPlan } from './register-plan.js'

const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'

function planOf(more: string): Plan {
  const text = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { identityCenter: { instance: '${instance}', identityStore: d-0123456789${more} } }
members:
  susan: { email: susan@acme.example, signIn: federation }
  hedy: { email: hedy@acme.example, signIn: federation }
  bot: { kind: service, keys: { until: 2035-01-31 } }
teams: { product: [susan, hedy, bot] }
datasets: { logs: {} }
grants: [{ to: product, can: read, on: logs }]
`
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  const built = buildPlan(declaration.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

class Center extends pulumi.ProviderResource {
  constructor() {
    super('aws', 'center', {})
  }
}

class Parent extends pulumi.ComponentResource {
  constructor(name: string) {
    super('test:index:Parent', name)
  }
}

function register(plan: Plan): Promise<MockDeployment> {
  return deployWithMocks(() => {
    const identityCenterProvider = new Center()
    return { ...registerPlan(plan, { name: 'acme', parent: new Parent('parent'), identityCenterProvider }) }
  })
}

function ofCenter({ registered }: MockDeployment): readonly Registered[] {
  return registered.filter(({ type }) => /^aws:(ssoadmin|identitystore)/.test(type))
}

const to = { instanceArn: instance, permissionSetArn: 'ARN of acme/team/product/permission-set' }
const policy = { name: 'acme-team-product-1', path: '/ringfence/acme/' }

test('a permission set, its boundary, policies and assignment, by the provider of Identity Center', async () => {
  const deployed = await register(planOf(''))
  const found = ofCenter(deployed)
  expect(Object.fromEntries(found.map(({ name, type, inputs }) => [`${type} ${name}`, inputs]))).toEqual({
    'aws:ssoadmin/permissionSet:PermissionSet acme/team/product/permission-set': {
      instanceArn: instance,
      name: 'acme-product',
      description: 'Members of team product',
      sessionDuration: 'PT1H',
      tags: { 'ringfence:organization': 'acme', 'ringfence:team': 'product' },
    },
    'aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment acme/team/product/permission-set/boundary':
      {
        ...to,
        permissionsBoundary: {
          customerManagedPolicyReference: { name: 'acme-boundary', path: '/ringfence/acme/' },
        },
      },
    'aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment acme/team/product/permission-set/acme-team-product-1':
      { ...to, customerManagedPolicyReference: policy },
    'aws:ssoadmin/customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive acme/team/product/permission-set/customer-managed-policies':
      { ...to, customerManagedPolicyReferences: [policy] },
    'aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive acme/team/product/permission-set/managed-policies':
      { ...to, managedPolicyArns: [] },
    'aws:ssoadmin/accountAssignment:AccountAssignment acme/team/product/assignment': {
      ...to,
      principalType: 'GROUP',
      principalId: 'id of the group product',
      targetType: 'AWS_ACCOUNT',
      targetId: '111122223333',
    },
  })
  expect(found.every(({ provider }) => provider.endsWith('::center'))).toBe(true)
  const others = deployed.registered.filter(({ type }) => type.startsWith('aws:iam'))
  expect(others.some(({ provider }) => provider.endsWith('::center'))).toBe(false)
})

test('one thing after the other, and the assignment last: it makes the role', async () => {
  const { byName } = await register(planOf(''))
  const order = ['', '/boundary', '/acme-team-product-1', '/customer-managed-policies', '/managed-policies']
  for (const [index, name] of order.entries()) {
    const { dependencies } = byName(`acme/team/product/permission-set${name}`)
    for (const before of order.slice(0, index))
      expect(dependencies.some((urn) => urn.endsWith(`/permission-set${before}`))).toBe(true)
    expect(dependencies.some((urn) => urn.endsWith('::acme/team/product/policy-1'))).toBe(true)
  }
  const { dependencies } = byName('acme/team/product/assignment')
  expect(dependencies.filter((urn) => urn.includes('/permission-set'))).toHaveLength(order.length)
})

test('with "provision" groups, users and memberships are made, beside the group of IAM users', async () => {
  const deployed = await register(planOf(', provision: true'))
  const { byName } = deployed
  expect(byName('acme/team/product/identity-group').inputs).toEqual({
    identityStoreId: 'd-0123456789',
    displayName: 'product',
    description: 'Team product of acme',
  })
  const susan = byName('acme/member/susan/identity')
  expect(susan.inputs).toEqual({
    identityStoreId: 'd-0123456789',
    userName: 'susan@acme.example',
    displayName: 'susan',
    name: { givenName: 'susan', familyName: 'acme' },
    emails: { value: 'susan@acme.example', primary: true },
  })
  expect(susan.ignoreChanges.toSorted()).toEqual(['displayName', 'name'])
  expect(byName('acme/team/product/identity-members/susan').inputs).toEqual({
    identityStoreId: 'd-0123456789',
    groupId: 'group id of acme/team/product/identity-group',
    memberId: 'user id of acme/member/susan/identity',
  })
  expect(byName('acme/team/product/assignment').inputs).toMatchObject({
    principalId: 'group id of acme/team/product/identity-group',
  })
  expect(byName('acme/team/product/group').type).toBe('aws:iam/group:Group')
})

test('without a provider of Identity Center nothing of it is made', async () => {
  const registering = deployWithMocks(() => ({
    ...registerPlan(planOf(''), { name: 'acme', parent: new Parent('parent') }),
  }))
  await expect(registering).rejects.toThrow(/sign in by Identity Center[^]*Try: give "identityCenterProfile"/)
})
