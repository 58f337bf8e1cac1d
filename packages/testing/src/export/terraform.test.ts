import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportPlan, type Plan } from '@ringfence/plan'
import { describe, expect, test } from 'vitest'
import { checkTerraform } from './check-terraform.js'
import { exportedPlans } from './exported-plans.js'
import { type BodyFacts, terraformFacts } from './terraform-facts.js'

const facts = terraformFacts()

function configurationOf(plan: Plan): string {
  const exported = exportPlan(plan, 'terraform')
  if (!exported.ok) throw new Error(JSON.stringify(exported.diagnostics))
  return exported.value
}

/** The same plan whose access keys have somebody to whom their secrets are encrypted. */
function encrypted(plan: Plan): Plan {
  const encryptTo = { kind: 'pgp', key: 'mQENBFXbjPUBCADjNjCUQwfxKL' } as const
  const resources = plan.resources.map((one) => (one.type === 'iam.AccessKey' ? { ...one, encryptTo } : one))
  return { ...plan, resources }
}

const plans = exportedPlans()

describe('a Terraform configuration is what the documentation of the provider says', () => {
  test.each(plans)('%s', (_, plan) => {
    expect(checkTerraform(configurationOf(plan), facts)).toEqual([])
    expect(checkTerraform(configurationOf(encrypted(plan)), facts)).toEqual([])
  })
})

const [, everything] = plans.find(([name]) => name === 'a plan of everything') ?? expect.fail('no such plan')

type Body = Record<string, unknown>
interface Configuration {
  readonly resource: Record<string, Record<string, Body>>
  readonly provider: { readonly aws: Body[] }
  [key: string]: unknown
}
const bucket = 'dataset__d__bucket'

/** A way to spoil a configuration, and what is then said. */
const mistakes: readonly (readonly [string, string, (configuration: Configuration) => void])[] = [
  ['a block that Terraform has not', 'locales: no such block', (all) => (all['locales'] = {})],
  [
    'an unknown type',
    'aws_s3_buckets: no such resource type',
    ({ resource }) => (resource['aws_s3_buckets'] = {}),
  ],
  [
    'an unknown argument',
    `aws_s3_bucket.${bucket}.encrypted: no such argument`,
    ({ resource }) => (resource['aws_s3_bucket']![bucket]!['encrypted'] = true),
  ],
  [
    'a deprecated argument',
    `aws_s3_bucket.${bucket}.acl: no such argument`,
    ({ resource }) => (resource['aws_s3_bucket']![bucket]!['acl'] = 'private'),
  ],
  [
    'a missing argument',
    'aws_kms_alias.dataset__d__key-alias: target_key_id is missing',
    ({ resource }) => delete resource['aws_kms_alias']!['dataset__d__key-alias']!['target_key_id'],
  ],
  [
    'a text for a boolean',
    `aws_s3_bucket.${bucket}.force_destroy: not a boolean`,
    ({ resource }) => (resource['aws_s3_bucket']![bucket]!['force_destroy'] = 'true'),
  ],
  [
    'a text for a number',
    'aws_kms_key.dataset__d__key.deletion_window_in_days: not a number',
    ({ resource }) => (resource['aws_kms_key']!['dataset__d__key']!['deletion_window_in_days'] = '30'),
  ],
  [
    'a text for a list',
    'aws_iam_group_membership.team__t__group-members.users: not a list of string',
    ({ resource }) => (resource['aws_iam_group_membership']!['team__t__group-members']!['users'] = 'ada'),
  ],
  [
    'a list for a map',
    `aws_s3_bucket.${bucket}.tags: not a map of string`,
    ({ resource }) => (resource['aws_s3_bucket']![bucket]!['tags'] = ['a']),
  ],
  [
    'a policy that is no text',
    'aws_s3_bucket_policy.dataset__d__bucket-policy.policy: not a string',
    ({ resource }) => (resource['aws_s3_bucket_policy']!['dataset__d__bucket-policy']!['policy'] = {}),
  ],
  [
    'a missing block',
    'aws_s3_bucket_versioning.dataset__d__versioning.versioning_configuration: 0 blocks',
    ({ resource }) =>
      delete resource['aws_s3_bucket_versioning']!['dataset__d__versioning']!['versioning_configuration'],
  ],
  [
    'a block too many',
    'aws_s3_bucket_ownership_controls.dataset__d__ownership.rule: 2 blocks',
    ({ resource }) =>
      (resource['aws_s3_bucket_ownership_controls']!['dataset__d__ownership']!['rule'] = [
        { object_ownership: 'a' },
        { object_ownership: 'b' },
      ]),
  ],
  [
    'an unknown argument of a block',
    'aws_s3_bucket_versioning.dataset__d__versioning.versioning_configuration.state: no such argument',
    ({ resource }) =>
      (resource['aws_s3_bucket_versioning']!['dataset__d__versioning']!['versioning_configuration'] = {
        status: 'Enabled',
        state: 'On',
      }),
  ],
  [
    'a text for a block',
    'aws_s3_bucket_lifecycle_configuration.dataset__d__lifecycle.rule: not a block',
    ({ resource }) =>
      (resource['aws_s3_bucket_lifecycle_configuration']!['dataset__d__lifecycle']!['rule'] = 'all'),
  ],
  [
    'a name that Terraform does not take',
    'aws_s3_bucket.a/b: not a name',
    ({ resource }) => (resource['aws_s3_bucket']!['a/b'] = {}),
  ],
  [
    'a dependency on nothing',
    `aws_s3_bucket.${bucket}.depends_on: aws_kms_key.no is not another resource`,
    ({ resource }) => (resource['aws_s3_bucket']![bucket]!['depends_on'] = ['aws_kms_key.no']),
  ],
  [
    'a reference to nothing',
    'aws_kms_alias.dataset__d__key-alias.target_key_id: refers to aws_kms_key.no.key_id, which is not there',
    ({ resource }) =>
      (resource['aws_kms_alias']!['dataset__d__key-alias']!['target_key_id'] = '${aws_kms_key.no.key_id}'),
  ],
  [
    'a reference to an unknown attribute',
    'aws_kms_alias.dataset__d__key-alias.target_key_id: refers to aws_kms_key.dataset__d__key.key, which is not there',
    ({ resource }) =>
      (resource['aws_kms_alias']!['dataset__d__key-alias']!['target_key_id'] =
        '${aws_kms_key.dataset__d__key.key}'),
  ],
  [
    'a policy variable that is not escaped',
    'aws_iam_policy.own-sign-in.policy: would be evaluated',
    ({ resource }) => (resource['aws_iam_policy']!['own-sign-in']!['policy'] = 'user/${aws:username}'),
  ],
  [
    'a directive that is not escaped',
    'aws_iam_policy.own-sign-in.policy: would be evaluated',
    ({ resource }) => (resource['aws_iam_policy']!['own-sign-in']!['policy'] = '100%{if}'),
  ],
  [
    'a provider that is not configured',
    'aws_organizations_policy.guardrail.provider: aws.other is not configured',
    ({ resource }) => (resource['aws_organizations_policy']!['guardrail']!['provider'] = 'aws.other'),
  ],
  [
    'an unknown argument of the provider',
    'provider 0.account: no such argument',
    ({ provider }) => (provider.aws[0]!['account'] = '1'),
  ],
  [
    'a variable that is not declared',
    'provider 1.profile: refers to var.other, which is not there',
    ({ provider }) => (provider.aws[1]!['profile'] = '${var.other}'),
  ],
  [
    'a lifecycle that is not understood',
    `aws_s3_bucket.${bucket}.lifecycle: not understood`,
    ({ resource }) => (resource['aws_s3_bucket']![bucket]!['lifecycle'] = { prevent_destroy: false }),
  ],
  [
    'another provider',
    'terraform: not the provider that the table is about',
    (all) => (all['terraform'] = {}),
  ],
]

describe('the check finds', () => {
  test.each(mistakes)('%s', (_, problem, spoil) => {
    const configuration = JSON.parse(configurationOf(everything)) as Configuration
    spoil(configuration)
    expect(checkTerraform(JSON.stringify(configuration), facts)).toContain(problem)
  })
})

describe('the table says what Pulumi’s types of the same provider say', () => {
  test.each(Object.entries(facts.resources))('%s', (type, body) => {
    const typed = propertiesOf(type)
    expect(typed.length).toBeGreaterThan(1)
    const names = [...Object.keys(argumentsOf(body)), ...Object.keys(body.blocks ?? {})].map(camel)
    // Pulumi calls what may stand more than once by its plural.
    const missing = names.filter((name) => !typed.includes(name) && !typed.includes(`${name}s`))
    expect(missing).toEqual([])
  })
})

/** The names of the properties of the interface with a resource's arguments, from the text of its declaration. */
function propertiesOf(type: string): readonly string[] {
  const [, service = '', rest = ''] = /^aws_([a-z0-9]+)_(.+)$/.exec(type) ?? []
  const types = join(import.meta.dirname, '../../../../node_modules/@pulumi/aws')
  const text = readFileSync(join(types, service, `${camel(rest)}.d.ts`), 'utf8')
  const body = /^export interface \w+Args \{\n([\s\S]*?)^\}/m.exec(text)?.[1] ?? ''
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name = '']) => name)
}

const argumentsOf = ({ required = {}, optional = {} }: BodyFacts) => ({ ...required, ...optional })

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
