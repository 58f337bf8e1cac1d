import { describe, expect, test } from 'vitest'
import { load } from '../../build/examples.fixture.js'
import type { Plan } from '../../plan.js'
import {
  expectNoCircle,
  manyPlans,
  planAroundExisting,
  planOfEverything,
  policiesById,
  reachable,
} from '../plans.fixture.js'
import { printCloudFormationTemplate } from './template.js'

interface Resource {
  readonly Type: string
  readonly DependsOn?: readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly Metadata: { readonly Ringfence: { readonly Plan: readonly string[] } }
  readonly Properties: Readonly<Record<string, unknown>>
}
interface Template {
  readonly Rules: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<Record<string, Resource>>
}

function templateOf(plan: Plan): Template {
  const printed = printCloudFormationTemplate(plan)
  if (!printed.ok) throw new Error(JSON.stringify(printed.diagnostics))
  return JSON.parse(printed.value) as Template
}

/** The logical ids by the ids of the plan that each resource stands for. */
function namesById(template: Template): Map<string, string> {
  const entries = Object.entries(template.Resources).flatMap(([name, one]) =>
    one.Metadata.Ringfence.Plan.map((id) => [id, name] as const),
  )
  expect(new Set(entries.map(([id]) => id)).size, 'ids of the plan are there once').toBe(entries.length)
  return new Map(entries)
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('Ref' in value) return [String(value.Ref)]
  return Object.values(value).flatMap(references)
}

const pinned = (parameter: string, value: string) => ({
  Assertions: [
    { Assert: { 'Fn::Equals': [{ Ref: parameter }, value] }, AssertDescription: expect.any(String) },
  ],
})
const leftOut = new Set([
  's3.AccountPublicAccessBlock',
  'iam.AccessKey',
  'organizations.Policy',
  'secretsmanager.SecretVersion',
])
const plans = manyPlans().filter(([name]) => !name.includes('exist already'))

describe.each(plans)('%s', (_, plan) => {
  const template = templateOf(plan)
  const names = namesById(template)
  const needs = new Map(
    Object.entries(template.Resources).map(([name, one]) => [
      name,
      [...(one.DependsOn ?? []), ...references(one.Properties)],
    ]),
  )

  test('has every resource of the plan once, or a warning that names it', () => {
    const { diagnostics } = printCloudFormationTemplate(plan)
    const missing = plan.resources.filter(({ id }) => !names.has(id))
    expect(missing.filter(({ type }) => !leftOut.has(type))).toEqual([])
    expect(names.size + missing.length).toBe(plan.resources.length)
    for (const one of missing) {
      const warning = diagnostics.find(({ span }) => span !== undefined && span === one.declaredAt)
      expect(warning?.code, one.id).toBe('EXPORT_LEFT_OUT')
    }
  })

  test('refers to nothing that is not there, and not in a circle', () => {
    for (const [name, list] of needs) {
      for (const one of list) expect(template.Resources, name).toHaveProperty(one)
      expect(list).not.toContain(name)
      expect(new Set(list).size, `${name} needs nothing twice`).toBe(list.length)
    }
    expectNoCircle(needs)
  })

  test('makes everything after what it needs in the plan', () => {
    for (const one of plan.resources) {
      const name = names.get(one.id)
      if (name === undefined) continue
      const before = reachable(name, needs)
      for (const id of one.dependsOn) {
        const needed = names.get(id)
        if (needed !== undefined && needed !== name) expect(before, `${one.id} needs ${id}`).toContain(needed)
      }
    }
  })

  test('has the policies of the plan and no others', () => {
    const policies = policiesById(plan)
    const seen = Object.values(template.Resources).flatMap(({ Metadata, Properties }) =>
      ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument', 'ResourcePolicy'].flatMap((key) =>
        key in Properties ? [[Metadata.Ringfence.Plan[0], Properties[key]] as const] : [],
      ),
    )
    for (const [id, policy] of seen) expect(policy).toEqual(policies.get(id ?? ''))
    const exported = [...policies.keys()].filter((id) => names.has(id))
    expect(seen.map(([id]) => id).toSorted()).toEqual(exported.toSorted())
  })

  test('lets nothing of a store go that the plan keeps', () => {
    const destroyed = plan.resources.flatMap((one) =>
      one.type === 's3.Bucket' && one.forceDestroy ? [one.id.replace(/[^/]*$/, '')] : [],
    )
    for (const one of Object.values(template.Resources)) {
      const store = /^AWS::(S3|KMS)::/.test(one.Type)
      const kept = store && !destroyed.some((prefix) => one.Metadata.Ringfence.Plan[0]?.startsWith(prefix))
      const expected = kept ? 'Retain' : store ? 'Delete' : undefined
      expect([one.DeletionPolicy, one.UpdateReplacePolicy], one.Type).toEqual([expected, expected])
    }
  })

  test('is for the account and region of the file only', () => {
    expect(template.Rules).toEqual({
      PinnedAccount: pinned('AWS::AccountId', plan.account),
      PinnedRegion: pinned('AWS::Region', plan.region),
    })
  })
})

test('settings, attachments and memberships become properties of what they belong to', () => {
  const template = templateOf(planOfEverything())
  const names = namesById(template)
  const properties = (id: string) => template.Resources[names.get(id) ?? '']?.Properties
  expect(properties('dataset/d/bucket')).toEqual({
    BucketName: 'acme-d-111122223333',
    Tags: expect.arrayContaining([{ Key: 'ringfence:dataset', Value: 'd' }]),
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: 'arn:aws:kms:eu-west-1:111122223333:alias/ringfence/acme/d',
          },
          BucketKeyEnabled: true,
        },
      ],
    },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: 'abort-incomplete-uploads',
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    },
  })
  expect(properties('member/ada/user')).toMatchObject({
    UserName: 'ada',
    Groups: ['acme-t', 'acme-t-u'],
    ManagedPolicyArns: [
      'arn:aws:iam::111122223333:policy/ringfence/acme/acme-own-sign-in',
      'arn:aws:iam::111122223333:policy/ringfence/acme/acme-member-ada-1',
    ],
  })
  expect(properties('dataset/d/key-alias')).toMatchObject({
    TargetKeyId: { Ref: names.get('dataset/d/key') },
  })
  expect(properties('platform/p/project')).toMatchObject({
    ServiceCatalogProvisioningDetails: {
      ProductId: 'prod-abcdefghijklm',
      ProvisioningArtifactId: 'pa-abcdefghijklm',
    },
  })
})

test('a bucket that may be destroyed with its objects is warned about: CloudFormation cannot', () => {
  const { diagnostics } = printCloudFormationTemplate(planOfEverything())
  expect(diagnostics.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('cannot empty the bucket "acme-gone-111122223333"'),
  )
})

test('what exists already is refused by name', () => {
  const printed = printCloudFormationTemplate(planAroundExisting())
  expect(printed.ok).toBe(false)
  const errors = printed.diagnostics.filter(({ severity }) => severity === 'error')
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['EXPORT_UNSUPPORTED']))
  const messages = errors.map(({ message }) => message).join()
  for (const what of [
    'bucket "acme-d-key-',
    'user "ada"',
    'group "acme-t"',
    'role "acme-p-execution"',
    'key/1234',
  ]) {
    expect(messages).toContain(what)
  }
})

const numbered = (count: number, letter: string) => Array.from({ length: count }, (_, n) => `${letter}${n}`)

/** Datasets with keys, in turn for one of the teams, each of which has as many members. */
function planOfSize(members: number, teams: number, datasets: number): Plan {
  const people = numbered(members, 'm')
  const groups = numbered(teams, 't')
  const stores = numbered(datasets, 'd')
  const size = members / teams
  const crew = (n: number) => people.slice(n * size, (n + 1) * size).join(', ')
  const grants = stores.map((on, n) => `  - {to: t${n % teams}, can: [read, write], on: ${on}, under: raw/}`)
  return load(`organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members: {${people.map((name) => `${name}: {}`).join(', ')}}
teams: {${groups.map((name, n) => `${name}: [${crew(n)}]`).join(', ')}}
datasets: {${stores.map((name) => `${name}: {encryption: kms}`).join(', ')}}
grants:
${grants.join('\n')}
`).plan
}

describe('limits of CloudFormation', () => {
  test('100 members and 50 datasets fit', () => {
    expect(Object.keys(templateOf(planOfSize(100, 10, 50)).Resources).length).toBeGreaterThan(300)
  })

  test('more than 500 resources are refused, with the limit', () => {
    const printed = printCloudFormationTemplate(planOfSize(490, 10, 10))
    const error = printed.diagnostics.find(({ severity }) => severity === 'error')
    expect([printed.ok, error?.code]).toEqual([false, 'EXPORT_TOO_LARGE'])
    expect(error?.message).toMatch(/^the template would have 5\d\d resources; CloudFormation takes 500 /)
  })

  test('more than a megabyte is refused, with the limit', () => {
    const printed = printCloudFormationTemplate(planOfSize(100, 1, 60))
    const error = printed.diagnostics.find(({ severity }) => severity === 'error')
    expect([printed.ok, error?.code]).toEqual([false, 'EXPORT_TOO_LARGE'])
    expect(error?.message).toMatch(/ 1\d{6} bytes; CloudFormation takes 1048576 /)
  })
})
