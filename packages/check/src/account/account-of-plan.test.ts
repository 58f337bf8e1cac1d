import { describe, expect, it } from 'vitest'
import { accountOfPlan } from './account-of-plan.js'
import type { Account, NamedPolicy } from './account.js'
import { exampleNames, exampleText, planOf } from './plan.fixture.js'

const acme = planOf(exampleText('acme-ai')).plan
const account = accountOfPlan(acme)

function allPolicies({
  managedPolicies,
  resources,
  roles,
  serviceControlPolicies,
}: Account): readonly NamedPolicy[] {
  return [
    ...managedPolicies.flatMap(({ versions }) => versions),
    ...resources.flatMap(({ policy }) => policy ?? []),
    ...roles.map(({ trust }) => trust),
    ...(serviceControlPolicies ?? []).flat(),
  ]
}

describe('accountOfPlan', () => {
  it.each(exampleNames)('knows the line of every statement of %s', (name) => {
    const { plan } = planOf(exampleText(name))
    const made = accountOfPlan(plan)
    const names = new Set(allPolicies(made).map((policy) => policy.name))
    expect(plan.statements.length).toBeGreaterThan(10)
    for (const { policy, sid } of plan.statements) {
      expect(names).toContain(policy)
      expect(made.lines?.().get(policy)?.[sid], `${policy} ${sid}`).toBeDefined()
    }
  })

  it.each(exampleNames)('has every document of %s once', (name) => {
    const { plan } = planOf(exampleText(name))
    const expected = plan.resources.flatMap((resource) =>
      'policy' in resource
        ? [resource.policy]
        : resource.type === 'iam.Role'
          ? [resource.assumeRolePolicy]
          : [],
    )
    const found = allPolicies(accountOfPlan(plan)).flatMap(({ document }) => document ?? [])
    for (const document of expected) expect(found.filter((one) => one === document)).toHaveLength(1)
  })

  it('gives users their groups, policies, boundary, tags and keys', () => {
    expect(account.users.find(({ name }) => name === 'nightly-eval')).toMatchObject({
      arn: 'arn:aws:iam::111122223333:user/ringfence/acme/nightly-eval',
      groups: ['acme-safety'],
      attached: [
        'arn:aws:iam::111122223333:policy/ringfence/acme/acme-end-20350201T000000Z',
        'arn:aws:iam::111122223333:policy/ringfence/acme/acme-member-nightly-eval-1',
      ],
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/ringfence/acme/acme-boundary',
      accessKeys: 1,
      declared: 'member/nightly-eval',
    })
  })

  it('names roles by what the file calls them', () => {
    expect(account.roles.map(({ declared, name }) => [declared, name])).toEqual([
      ['platform/serving', 'acme-serving-execution'],
      ['platform/training', 'acme-training-execution'],
      ['team/product', 'acme-product'],
      ['member/ci-trainer', 'acme-ci-trainer-service'],
      ['administrator', 'platform-admin'],
    ])
  })

  it('tells keys whose ids are not known by their aliases', () => {
    const keys = account.resources.filter(({ kind }) => kind === 'key')
    expect(keys.map(({ arn }) => arn)).toEqual(
      Array.from({ length: 5 }, () => 'arn:aws:kms:eu-west-1:111122223333:key/*'),
    )
    expect(keys[0]).toMatchObject({
      declared: 'dataset/evaluation-sets',
      keys: { 'kms:ResourceAliases': ['alias/ringfence/acme/evaluation-sets'] },
    })
  })

  it('has the access blocks of buckets and of the account, and the guardrail beside FullAWSAccess', () => {
    expect(account.publicAccessBlock?.restrictPublicBuckets).toBe(true)
    const buckets = account.resources.filter(({ kind }) => kind === 'bucket')
    expect(buckets.map(({ publicAccessBlock }) => publicAccessBlock?.blockPublicPolicy)).toEqual(
      Array.from({ length: 9 }, () => true),
    )
    expect(account.serviceControlPolicies?.map((level) => level.map(({ name }) => name))).toEqual([
      [expect.stringContaining('FullAWSAccess')],
      [expect.stringContaining('FullAWSAccess'), 'guardrail'],
    ])
    expect(account.unknowns).toEqual([])
  })

  it('names what is not known of what existed before', () => {
    const iam = 'arn:aws:iam::111122223333:'
    const key = `arn:aws:kms:eu-west-1:111122223333:key/${'a'.repeat(8)}-0000-4000-8000-000000000000`
    const found = accountOfPlan(
      planOf(exampleText('acme-ai'), {
        buckets: ['dataset/user-data-a'],
        keys: { 'dataset/user-data-a': key },
        users: { ada: `${iam}user/ada.lovelace` },
        groups: { 'applied-research': `${iam}group/research` },
        roles: { training: `${iam}role/service-role/SageMakerTraining` },
      }).plan,
    )
    expect(found.users.find(({ declared }) => declared === 'member/ada')).toMatchObject({
      name: 'ada.lovelace',
      groups: ['research'],
      inline: [{ name: 'other policies of user/ada.lovelace' }],
    })
    expect(found.roles.find(({ declared }) => declared === 'platform/training')).toMatchObject({
      name: 'SageMakerTraining',
      trust: { name: `${iam}role/service-role/SageMakerTraining` },
    })
    expect(found.resources.find(({ declared, kind }) => declared === 'dataset/user-data-a' && kind === 'key')).toMatchObject({ arn: key, policy: { name: expect.stringContaining('alias/ringfence/acme/user-data-a') } }) // prettier-ignore
    expect(found.resources.find(({ declared, kind }) => declared === 'dataset/user-data-a' && kind === 'bucket')?.policy?.document).toBeDefined() // prettier-ignore
    expect(found.unknowns.map(({ about }) => about).toSorted()).toEqual(
      [
        `${iam}group/research`,
        `${iam}role/service-role/SageMakerTraining`,
        `${iam}role/service-role/SageMakerTraining`,
        `${iam}user/ada.lovelace`,
        key,
      ].toSorted(),
    )
  })
})
