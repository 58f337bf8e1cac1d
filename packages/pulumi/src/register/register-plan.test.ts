import * as pulumi from '@pulumi/pulumi'
import type { Plan, Resource } from '@ringfence/plan'
import { buildPlan, membersOfGroups, parseDeclaration } from '@ringfence/plan'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { MockDeployment, Registered } from '../mocks/mock-deployment.fixture.js'
import { deployWithMocks } from '../mocks/mock-deployment.fixture.js'
import { registerPlan } from './register-plan.js'

const plan = planOf(
  readFileSync(new URL('../../../../examples/acme-ai/ringfence.yaml', import.meta.url), 'utf8'),
)

function planOf(text: string): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 0, 1) })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  const built = buildPlan(declaration.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

class Parent extends pulumi.ComponentResource {
  constructor(name: string) {
    super('test:index:Parent', name)
  }
}

function register(one: Plan): Promise<MockDeployment> {
  return deployWithMocks(() => {
    const parent = new Parent('parent')
    const managementProvider = new (class extends pulumi.ProviderResource {})('aws', 'management', {})
    return { ...registerPlan(one, { name: 'acme', parent, managementProvider }) }
  })
}

const deployed = register(plan)

/** Every resource that Pulumi gets for one of the plan, by its name behind the component's: type and inputs. */
function expectedFor(resource: Resource): readonly (readonly [string, string, Record<string, unknown>])[] {
  const { id } = resource
  const json = JSON.stringify
  switch (resource.type) {
    case 's3.Bucket':
      return [[id, 'aws:s3/bucket:Bucket', pick(resource, 'bucket', 'forceDestroy', 'tags')]]
    case 's3.BucketPublicAccessBlock':
      return [
        [
          id,
          'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
          { ...allBlocked, bucket: resource.bucket },
        ],
      ]
    case 's3.BucketOwnershipControls':
      return [
        [
          id,
          'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
          { bucket: resource.bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } },
        ],
      ]
    case 's3.BucketVersioning':
      return [
        [
          id,
          'aws:s3/bucketVersioning:BucketVersioning',
          { bucket: resource.bucket, versioningConfiguration: { status: 'Enabled' } },
        ],
      ]
    case 's3.BucketServerSideEncryptionConfiguration': {
      const kms = resource.kmsKeyAliasArn
      const byDefault =
        kms === undefined ? { sseAlgorithm: 'AES256' } : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kms }
      return [
        [
          id,
          'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
          {
            bucket: resource.bucket,
            rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: kms !== undefined }],
          },
        ],
      ]
    }
    case 's3.BucketLifecycleConfiguration':
      return [
        [
          id,
          'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
          {
            bucket: resource.bucket,
            rules: [
              {
                id: 'abort-incomplete-uploads',
                status: 'Enabled',
                filter: { prefix: '' },
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
              },
            ],
          },
        ],
      ]
    case 's3.BucketPolicy':
      return [
        [id, 'aws:s3/bucketPolicy:BucketPolicy', { bucket: resource.bucket, policy: json(resource.policy) }],
      ]
    case 's3.AccountPublicAccessBlock':
      return [
        [
          id,
          'aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock',
          { ...allBlocked, accountId: '111122223333' },
        ],
      ]
    case 'kms.Key':
      return [
        [
          id,
          'aws:kms/key:Key',
          {
            ...pick(resource, 'description', 'tags'),
            policy: json(resource.policy),
            enableKeyRotation: true,
            deletionWindowInDays: 30,
          },
        ],
      ]
    case 'kms.Alias':
      return [
        [id, 'aws:kms/alias:Alias', { name: resource.name, targetKeyId: `key id of acme/${resource.key}` }],
      ]
    case 'iam.User':
      return [
        [
          id,
          'aws:iam/user:User',
          pick(resource, 'name', 'path', 'permissionsBoundary', 'tags', { forceDestroy: true }),
        ],
        [
          `${id}/inline-policies`,
          'aws:iam/userPoliciesExclusive:UserPoliciesExclusive',
          { userName: resource.name, policyNames: [] },
        ],
      ]
    case 'iam.Group':
      return [
        [id, 'aws:iam/group:Group', pick(resource, 'name', 'path')],
        [
          `${id}/inline-policies`,
          'aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive',
          { groupName: resource.name, policyNames: [] },
        ],
      ]
    case 'iam.Role':
      return [
        [
          id,
          'aws:iam/role:Role',
          {
            ...pick(resource, 'name', 'path', 'description', 'permissionsBoundary', 'tags'),
            maxSessionDuration: 3600,
            forceDetachPolicies: true,
            assumeRolePolicy: json(resource.assumeRolePolicy),
          },
        ],
        [
          `${id}/inline-policies`,
          'aws:iam/rolePoliciesExclusive:RolePoliciesExclusive',
          { roleName: resource.name, policyNames: [] },
        ],
      ]
    case 'iam.Policy':
      return [
        [
          id,
          'aws:iam/policy:Policy',
          { ...pick(resource, 'name', 'path', 'description', 'tags'), policy: json(resource.policy) },
        ],
      ]
    case 'iam.PolicyAttachments': {
      const { target, name, policyArns } = resource
      const Target = target[0]?.toUpperCase() + target.slice(1)
      return [
        ...policyArns.map(
          (policyArn) =>
            [
              `${id}/${policyArn.split('/').at(-1)}`,
              `aws:iam/${target}PolicyAttachment:${Target}PolicyAttachment`,
              { [target]: name, policyArn },
            ] as const,
        ),
        [
          id,
          `aws:iam/${target}PolicyAttachmentsExclusive:${Target}PolicyAttachmentsExclusive`,
          { [`${target}Name`]: name, policyArns: [...policyArns] },
        ],
      ]
    }
    case 'iam.AccessKey':
      return [[id, 'aws:iam/accessKey:AccessKey', { user: resource.user }]]
    case 'organizations.Policy':
      return [
        [
          id,
          'aws:organizations/policy:Policy',
          {
            ...pick(resource, 'name', 'description'),
            type: 'SERVICE_CONTROL_POLICY',
            content: json(resource.policy),
          },
        ],
        [
          `${id}/attachment`,
          'aws:organizations/policyAttachment:PolicyAttachment',
          { policyId: `id of acme/${id}`, targetId: '111122223333' },
        ],
      ]
    default:
      return []
  }
}

const allBlocked = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}

function pick<Value extends object>(
  value: Value,
  ...keys: readonly (keyof Value | Record<string, unknown>)[]
): Record<string, unknown> {
  return Object.assign(
    {},
    ...keys.map((key) => (typeof key === 'object' ? key : { [key]: value[key] })),
  ) as Record<string, unknown>
}

/** Names of what a resource depends on, without the component's. */
function dependencies({ dependencies: urns }: Registered): string[] {
  return urns.map((urn) => urn.slice(urn.lastIndexOf('::acme/') + '::acme/'.length))
}

describe('every resource of a plan', () => {
  test('is registered with its type, inputs and parent, and nothing else is', async () => {
    const { registered } = await deployed
    const children = registered.filter(({ name }) => name.startsWith('acme/'))
    const expected = [
      ...plan.resources.flatMap(expectedFor),
      ...membersOfGroups(plan).map(
        ({ id, group, users }) =>
          [id, 'aws:iam/groupMembership:GroupMembership', { name: group, group, users: [...users] }] as const,
      ),
    ]
    expect(Object.fromEntries(children.map(({ name, type, inputs }) => [name, { type, inputs }]))).toEqual(
      Object.fromEntries(expected.map(([id, type, inputs]) => [`acme/${id}`, { type, inputs }])),
    )
    expect(children).toHaveLength(expected.length)
    expect(new Set(children.map(({ parent }) => parent.split('::').at(-1)))).toEqual(new Set(['parent']))
    expect(children.every(({ urn }) => urn.startsWith('urn:pulumi:'))).toBe(true)
  })

  test('waits for what the plan says', async () => {
    const { byName } = await deployed
    for (const resource of plan.resources) {
      if (resource.type === 'iam.UserGroupMembership') continue
      expect(dependencies(byName(`acme/${resource.id}`)), resource.id).toEqual(
        expect.arrayContaining([...resource.dependsOn]),
      )
    }
    for (const { id, dependsOn } of membersOfGroups(plan))
      expect(dependencies(byName(`acme/${id}`))).toEqual(expect.arrayContaining([...dependsOn]))
  })

  test('lists attachments exclusively only after each is made, and makes keys after both', async () => {
    const { byName } = await deployed
    const attachments = dependencies(byName('acme/member/nightly-eval/attachments'))
    expect(attachments).toContain('member/nightly-eval/attachments/acme-member-nightly-eval-1')
    expect(dependencies(byName('acme/member/nightly-eval/access-key'))).toEqual(
      expect.arrayContaining([
        'member/nightly-eval/attachments',
        'member/nightly-eval/attachments/acme-member-nightly-eval-1',
      ]),
    )
  })
})

describe('the fence of a bucket', () => {
  test('goes with the bucket where objects keep it alive, and before it where they do not', async () => {
    const { byName } = await deployed
    for (const setting of ['bucket-policy', 'public-access-block', 'encryption', 'versioning', 'ownership']) {
      expect(byName(`acme/dataset/web-crawl/${setting}`).deletedWith).toMatch(
        /::acme\/dataset\/web-crawl\/bucket$/,
      )
      expect(byName(`acme/model/ranker/${setting}`).deletedWith).toBe('')
    }
    expect(byName('acme/model/ranker/bucket').inputs['forceDestroy']).toBe(true)
    expect(byName('acme/dataset/web-crawl/bucket').inputs['forceDestroy']).toBe(false)
  })
})

test('the guardrail alone is of the management account', async () => {
  const { registered } = await deployed
  const byManagement = registered.filter(({ provider }) => provider.endsWith('::management'))
  expect(byManagement.map(({ name }) => name).toSorted()).toEqual([
    'acme/guardrail',
    'acme/guardrail/attachment',
  ])
})
