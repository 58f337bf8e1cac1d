import { Provider } from '@pulumi/aws/provider.js'
import * as pulumi from '@pulumi/pulumi'
import type { OrganizationInput } from '@ringfence/plan'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { deployWithMocks, refusal } from '../mocks/mock-deployment.fixture.js'
import { Organization } from './organization.js'

const acme = fileURLToPath(new URL('../../../../examples/acme-ai/ringfence.yaml', import.meta.url))

const small: OrganizationInput = {
  organization: 'tiny',
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  members: { ada: {}, bot: { kind: 'service', keys: { until: '2035-01-31' } } },
  teams: { research: ['ada', 'bot'] },
  datasets: { corpus: {} },
  models: { corpus: { encryption: 'kms', bucket: 'weights-of-tiny' } },
  grants: [{ to: 'research', can: 'read', on: 'datasets/corpus' }],
}

const deploy = (
  declaration: OrganizationInput,
  name = 'tiny',
  options?: () => pulumi.ComponentResourceOptions,
) => deployWithMocks(() => ({ ...new Organization(name, { declaration }, options?.()) }))

describe('outputs', () => {
  test('are maps by declared name', async () => {
    const { values, secrets } = await deploy(small)
    expect(values).toMatchObject({
      bucketNames: { corpus: 'tiny-corpus-111122223333', 'models/corpus': 'weights-of-tiny' },
      bucketArns: { corpus: 'arn:aws:s3:::tiny-corpus-111122223333' },
      accessBlockIds: { corpus: 'id of tiny/dataset/corpus/public-access-block' },
      userNames: { ada: 'ada', bot: 'bot' },
      groupNames: { research: 'tiny-research' },
      roleArns: {},
      projectArns: {},
      accessKeyIds: { bot: 'id of tiny/member/bot/access-key' },
      secretAccessKeys: { bot: 'secret of tiny/member/bot/access-key' },
      encryptedSecretAccessKeys: {},
      boundaryArn: 'arn:aws:iam::111122223333:policy/ringfence/tiny/tiny-boundary',
      access: { teams: { research: ['ada', 'bot'] } },
    })
    expect(values['bucketUrls']).toMatchObject({
      corpus: 'https://tiny-corpus-111122223333.s3.eu-west-1.amazonaws.com/',
    })
    expect(Object.keys(values['policyArns'] as object)).toContain('team-research-1')
    expect(secrets).toContain('secretAccessKeys')
    expect(secrets).not.toContain('accessKeyIds')
  })

  test('of roles are by team, by service that signs in, and by platform behind "platforms/"', async () => {
    const { values } = await deployWithMocks(() => ({
      ...new Organization('acme', { file: acme, managementProfile: 'management' }),
    }))
    expect(values['roleArns']).toEqual({
      product: 'arn:aws:iam::111122223333:role/ringfence/acme/acme-product',
      'ci-trainer': 'arn:aws:iam::111122223333:role/ringfence/acme/acme-ci-trainer-service',
      'platforms/serving': 'arn:aws:iam::111122223333:role/ringfence/acme/acme-serving-execution',
      'platforms/training': 'arn:aws:iam::111122223333:role/ringfence/acme/acme-training-execution',
    })
  })
})

describe('the provider', () => {
  test('is made for the declared account and region alone', async () => {
    const { registered, byName } = await deploy(small)
    expect(byName('tiny/aws').inputs).toMatchObject({
      region: 'eu-west-1',
      allowedAccountIds: '["111122223333"]',
    })
    const aws = registered.filter(({ type }) => type.startsWith('aws:'))
    expect(aws.length).toBeGreaterThan(20)
    expect(new Set(aws.map(({ provider }) => provider))).toEqual(new Set([byName('tiny/aws').urn]))
  })

  test.each([
    ['provider', (aws: Provider) => ({ provider: aws })],
    ['providers', (aws: Provider) => ({ providers: { aws } })],
  ])('is the given one: %s', async (_, options) => {
    const { registered, byName } = await deploy(small, 'tiny', () =>
      options(new Provider('mine', { region: 'eu-west-1' })),
    )
    const aws = registered.filter(({ type }) => type.startsWith('aws:'))
    expect(new Set(aws.map(({ provider }) => provider))).toEqual(new Set([byName('mine').urn]))
    expect(registered.map(({ name }) => name)).not.toContain('tiny/aws')
  })

  test('of the management account signs in by its profile', async () => {
    const { byName } = await deployWithMocks(() => ({
      ...new Organization('acme', { file: acme, managementProfile: 'root-of-all' }),
    }))
    expect(byName('acme/management').inputs).toMatchObject({ profile: 'root-of-all', region: 'eu-west-1' })
    expect(byName('acme/guardrail').provider).toBe(byName('acme/management').urn)
  })
})

describe('refused without a stack, and before anything is registered', () => {
  const cases: readonly (readonly [string, () => Organization, RegExp])[] = [
    [
      'a guardrail without a management account',
      () => new Organization('acme', { file: acme }),
      /"acme" declares "guardrail: serviceControlPolicy"[^]*Try: give "managementProfile"/,
    ],
    [
      'neither file nor declaration',
      () => new Organization('x', {}),
      /"x" needs either "file" or "declaration"/,
    ],
    [
      'both file and declaration',
      () => new Organization('x', { file: acme, declaration: small }),
      /"x" needs either "file" or "declaration", not both/,
    ],
    [
      'a file that is not there',
      () => new Organization('x', { file: 'no.yaml' }),
      /no\.yaml cannot be read \(ENOENT\)/,
    ],
    ['a program', () => new Organization('x', { file: 'ringfence.ts' }), /import its default export/],
    [
      'a declaration with mistakes, all of them',
      () =>
        new Organization('x', {
          declaration: {
            ...small,
            grants: [
              { to: 'reserch', can: 'read', on: 'datasets/corpus' },
              { to: 'research', can: 'train', on: 'datasets/corpus' },
            ],
          },
        }),
      /"x" cannot be deployed[^]*error\[\w+\]: .*reserch.*grants\[0\][^]*Try: [^]*research[^]*error\[CAPABILITY_MISPLACED\]/,
    ],
    [
      'an output, whose value is not known yet',
      () =>
        new Organization('x', {
          // As a program without types, or one in another language, can do.
          declaration: { ...small, region: pulumi.output('eu-west-1') as unknown as string },
        }),
      /"x": the argument "declaration\.region" is an output[^]*Try: give a plain text/,
    ],
  ]
  test.each(cases)('%s', async (_, program, message) => {
    const error = await refusal(program)
    expect(error.message).toMatch(message)
    expect(pulumi.RunError.isInstance(error)).toBe(true)
  })
})

describe('Identity Center', () => {
  const center: OrganizationInput = {
    ...small,
    identityProvider: {
      identityCenter: {
        instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
        identityStore: 'd-0123456789',
        region: 'us-east-1',
      },
    },
    members: { ada: { email: 'ada@acme.example', signIn: 'federation' } },
    teams: { research: ['ada'] },
  }

  test.each([{ identityCenterProfile: 'people' }, { managementProfile: 'people' }])(
    'is deployed by a profile of its own account, in its region: %o',
    async (profile) => {
      const { byName } = await deployWithMocks(() => ({
        ...new Organization('tiny', { declaration: center, ...profile }),
      }))
      expect(byName('tiny/identity-center').inputs).toMatchObject({ region: 'us-east-1', profile: 'people' })
      expect(byName('tiny/team/research/assignment').provider).toBe(byName('tiny/identity-center').urn)
    },
  )

  test('needs one', async () => {
    const error = await refusal(() => new Organization('tiny', { declaration: center }))
    expect(error.message).toContain('Try: give "identityCenterProfile"')
  })
})
