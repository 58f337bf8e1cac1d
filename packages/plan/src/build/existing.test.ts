import { describe, expect, test } from 'vitest'
import type { ExistingResources } from '../existing.js'
import { buildPlan, membersOfGroups, membershipsInExistingGroups, parseDeclaration } from '../index.js'
import type { Question } from './decide.fixture.js'
import { createDecider } from './decide.fixture.js'
import { loadExample } from './examples.fixture.js'
import { existingInAcme } from './existing.fixture.js'
import { expectInvariants } from './invariants.fixture.js'

const account = '111122223333'
const iam = (rest: string): string => `arn:aws:iam::${account}:${rest}`

const pass = (who: string, resource: string): Question => ({
  who,
  action: 'iam:PassRole',
  resource,
  context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
})

describe('acme-ai around what exists', () => {
  const { plan } = loadExample('acme-ai', existingInAcme)
  const whole = loadExample('acme-ai').plan
  const decide = createDecider(plan)
  const existingRole = existingInAcme.roles['training'] ?? ''
  const ada = existingInAcme.users['ada'] ?? ''

  test('has the same resources but those that exist, and holds together', () => {
    expectInvariants(plan)
    const ids = new Set(plan.resources.map((one) => one.id))
    const missing = whole.resources.map((one) => one.id).filter((id) => !ids.has(id))
    expect(missing.toSorted()).toEqual([
      'dataset/user-data-a/bucket',
      'dataset/user-data-a/key',
      'dataset/web-crawl/bucket',
      'member/ada/user',
      'member/alan/user',
      'member/mary/user',
      'member/nightly-eval/user',
      'model/chat-base/bucket',
      'model/chat-base/key',
      'platform/training/execution-role',
      'team/applied-research/group',
      'team/product/group',
    ])
    const before = new Set(whole.resources.map((one) => one.id))
    expect(
      plan.resources
        .map((one) => one.id)
        .filter((id) => !before.has(id))
        .toSorted(),
    ).toEqual(['dataset/user-data-a/key-policy', 'model/chat-base/key-policy'])
    expect(plan.access).toEqual(whole.access)
  })

  test('names what must be there, and what for', () => {
    const listed = plan.external.map(({ purpose, arn }) => `${purpose} ${arn}`)
    expect(listed.toSorted()).toEqual(
      [
        `administrator ${iam('role/platform-admin')}`,
        `signIn ${iam('saml-provider/acme-sso')}`,
        `signIn ${iam('oidc-provider/token.actions.githubusercontent.com')}`,
        ...Object.values(existingInAcme.users).map((arn) => `member ${arn}`),
        ...Object.values(existingInAcme.groups).map((arn) => `team ${arn}`),
        ...Object.values(existingInAcme.roles).map((arn) => `execution ${arn}`),
        ...Object.values(existingInAcme.keys).map((arn) => `store ${arn}`),
        ...['user-data-a', 'web-crawl', 'chat-base'].map((name) => `store arn:aws:s3:::acme-${name}-${account}`),
      ].toSorted(),
    ) // prettier-ignore
  })

  test('takes nothing from existing principals, and owns those that it makes', () => {
    const exclusive = new Map(
      plan.resources.flatMap((one) =>
        one.type === 'iam.PolicyAttachments' ? [[`${one.target} ${one.name}`, one.exclusive] as const] : [],
      ),
    )
    expect(exclusive.get('user ada.lovelace')).toBe(false)
    expect(exclusive.get('group research')).toBe(false)
    expect(exclusive.get('role SageMakerTraining')).toBe(false)
    expect(exclusive.get('user grace')).toBe(true)
    expect(exclusive.get('group acme-safety')).toBe(true)
    expect([...exclusive.values()].filter((one) => !one)).toHaveLength(7)
  })

  test('puts existing users into new groups, and new users into existing groups', () => {
    const safety = membersOfGroups(plan).find((one) => one.group === 'acme-safety')
    expect(safety?.users).toEqual(['eval', 'joy', 'timnit'])
    expect(safety?.dependsOn).toEqual([
      'team/safety/group',
      'member/joy/user',
      'member/timnit/user',
      ...['nightly-eval', 'joy', 'timnit'].map((name) => `member/${name}/attachments`),
    ])
    expect(membersOfGroups(plan).map((one) => one.group)).not.toContain('research')
    expect(
      membershipsInExistingGroups(plan).map(({ user, groups, dependsOn }) => [user, groups, dependsOn]),
    ).toEqual([
      ['ada.lovelace', ['research'], ['member/ada/attachments']],
      ['alan', ['research'], ['member/alan/attachments']],
      ['grace', ['research'], ['member/grace/user', 'member/grace/attachments']],
      ['model-gateway', ['product'], ['member/model-gateway/user', 'member/model-gateway/attachments']],
    ])
    const grace = plan.resources.find((one) => one.id === 'member/grace/groups')
    expect(grace).toMatchObject({ exclusive: true, groups: ['research'] })
  })

  test('gives an existing key the policy and the alias that a new one would have', () => {
    const key = existingInAcme.keys['dataset/user-data-a']
    expect(plan.resources.find((one) => one.id === 'dataset/user-data-a/key-policy')).toMatchObject({ key })
    expect(plan.resources.find((one) => one.id === 'dataset/user-data-a/key-alias')).toMatchObject({
      key,
      dependsOn: ['dataset/user-data-a/key-policy'],
    })
  })

  const job: Question = {
    who: ada,
    action: 'sagemaker:CreateTrainingJob',
    resource: `arn:aws:sagemaker:eu-west-1:${account}:training-job/training--applied-research--run-1`,
    context: { 'aws:RequestTag/ringfence:team': 'applied-research' },
  }
  const grace = iam('user/ringfence/acme/grace')

  test.each<[string, Question, string]>([
    ['an existing user starts a job', job, 'allow'],
    ['… and passes the existing role', pass(ada, existingRole), 'allow'],
    ['… and not the role that there would have been', pass(ada, iam('role/ringfence/acme/acme-training-execution')), 'implicitDeny'],
    ['a new user passes it too, within the boundary', pass(grace, existingRole), 'allow'],
    ['… and to no other service', { ...pass(grace, existingRole), context: { 'iam:PassedToService': 'lambda.amazonaws.com' } }, 'implicitDeny'],
    ['… and no other role', pass(grace, iam('role/service-role/Other')), 'implicitDeny'],
    ['a stranger does not pass the existing role', pass(iam('user/stranger'), existingRole), 'explicitDeny'],
    ['… nor make a key for an existing user', { who: iam('user/stranger'), action: 'iam:CreateAccessKey', resource: ada }, 'explicitDeny'],
    ['… nor put anybody into an existing group', { who: iam('user/stranger'), action: 'iam:AddUserToGroup', resource: iam('group/research') }, 'explicitDeny'],
    ['… nor change who takes the existing role', { who: iam('user/stranger'), action: 'iam:UpdateAssumeRolePolicy', resource: existingRole }, 'explicitDeny'],
    ['an administrator does', { who: iam('role/platform-admin'), action: 'iam:CreateAccessKey', resource: ada }, 'allow'],
  ])('%s', (_, question, expected) => {
    expect(decide(question)).toBe(expected)
  }) // prettier-ignore

  test('warns of everything that is not its own', () => {
    const warned = diagnose(existingInAcme).map((one) => `${one.severity} ${one.code}`)
    expect(warned.toSorted()).toEqual([
      ...Array.from({ length: 2 }, () => 'warning EXISTING_GROUP_MEMBERS'),
      ...Array.from({ length: 2 }, () => 'warning EXISTING_KEY_GRANTS'),
      'warning EXISTING_ROLE_TRUST',
      ...Array.from({ length: 5 }, () => 'warning EXISTING_WITHOUT_BOUNDARY'),
    ])
    const trust = diagnose(existingInAcme).find((one) => one.code === 'EXISTING_ROLE_TRUST')
    expect(trust?.hint).toContain('"Principal":{"Service":"sagemaker.amazonaws.com"}')
    expect(trust?.hint).toContain(`"aws:SourceAccount":"${account}"`)
  })
})

const file = `organization: acme
account: '${account}'
region: eu-west-1
identityProvider: { saml: sso }
administrators: [role/platform-admin, user/ops/root-ish]
members: { ada: {}, bob: {}, susan: { signIn: federation, email: susan@acme.example } }
teams: { t: [ada, bob], u: [susan] }
datasets: { d: {}, k: { encryption: kms }, l: { encryption: kms } }
platforms: { p: { kind: sagemaker }, q: { kind: sagemaker } }
grants:
  - { to: t, can: [read, write], on: d }
  - { to: u, can: read, on: k }
`

function diagnose(existing: ExistingResources, text?: string) {
  const declaration =
    text === undefined
      ? { ok: true as const, value: loadExample('acme-ai').declaration }
      : parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  return buildPlan(declaration.value, existing).diagnostics
}

describe('what cannot be used is refused', () => {
  const key = (region: string, id: string): string => `arn:aws:kms:${region}:${account}:key/${id}`
  const uuid = '12345678-90ab-4cde-8f01-234567890abc'
  test.each<[unknown, string, string]>([
    [{ bucket: ['dataset/d'] }, 'EXISTING_UNKNOWN', '"bucket" is no kind of thing'],
    [{ buckets: ['d'] }, 'EXISTING_UNKNOWN', '"d" is not a dataset/NAME'],
    [{ buckets: ['model/d'] }, 'EXISTING_UNKNOWN', '"model/d" is not a dataset/NAME'],
    [{ keys: { 'dataset/d': key('eu-west-1', uuid) } }, 'EXISTING_UNKNOWN', 'with "encryption: kms"'],
    [{ users: { eve: iam('user/eve') } }, 'EXISTING_UNKNOWN', '"eve" is not a member'],
    [{ users: { susan: iam('user/susan') } }, 'EXISTING_UNKNOWN', '"susan" is not a member with an IAM user'],
    [{ groups: { u: iam('group/u') } }, 'EXISTING_UNKNOWN', '"u" is not a team with an IAM group'],
    [{ roles: { d: iam('role/d') } }, 'EXISTING_UNKNOWN', '"d" is not a platform'],
    [{ users: { ada: 'ada' } }, 'EXISTING_INVALID', '"ada" is not the ARN of a user'],
    [{ users: { ada: iam('user/a*') } }, 'EXISTING_INVALID', 'is not the ARN of a user'],
    [{ users: { ada: iam('user/${aws:username}') } }, 'EXISTING_INVALID', 'is not the ARN of a user'],
    [{ users: { ada: iam('user/a*/b') } }, 'EXISTING_INVALID', 'is not the ARN of a user'],
    [{ users: { ada: iam('role/ada') } }, 'EXISTING_INVALID', 'is not the ARN of a user'],
    [{ users: { ada: 12 } }, 'EXISTING_INVALID', 'the value is not a text'],
    [{ users: { ada: 'arn:aws:iam::999999999999:user/ada' } }, 'EXISTING_INVALID', 'is of another account'],
    [{ users: { ada: iam('user/ops/root-ish') } }, 'EXISTING_INVALID', 'is an administrator'],
    [{ roles: { p: iam('role/platform-admin') } }, 'EXISTING_INVALID', 'is an administrator'],
    [{ users: { ada: iam('user/ringfence/acme/ada') } }, 'EXISTING_INVALID', 'under the path'],
    [{ users: { ada: iam(`user/${'x'.repeat(65)}`) } }, 'EXISTING_INVALID', 'more than 64'],
    [{ keys: { 'dataset/k': key('us-east-1', uuid) } }, 'EXISTING_INVALID', 'is in another region'],
    [{ keys: { 'dataset/k': key('eu-west-1', 'x') } }, 'EXISTING_INVALID', 'is not the ARN of a key'],
    [{ keys: { 'dataset/k': `arn:aws:kms:eu-west-1:${account}:alias/x` } }, 'EXISTING_INVALID', 'is not the ARN of a key'],
    [{ keys: { 'dataset/k': `arn:aws:kms:eu-west-1:999999999999:key/${uuid}` } }, 'EXISTING_INVALID', 'of another account'],
    [{ keys: { 'dataset/k': key('eu-west-1', `mrk-${'a'.repeat(32)}`) } }, 'EXISTING_INVALID', 'multi-Region'],
    [{ keys: { 'dataset/k': key('eu-west-1', uuid), 'dataset/l': key('eu-west-1', uuid) } }, 'EXISTING_DUPLICATE', 'the same key'],
    [{ users: { ada: iam('user/x'), bob: iam('user/y/X') } }, 'EXISTING_DUPLICATE', 'the same user'],
    [{ users: { ada: iam('user/Bob') } }, 'EXISTING_DUPLICATE', 'member "ada" and member "bob"'],
    [{ roles: { p: iam('role/r'), q: iam('role/r') } }, 'EXISTING_DUPLICATE', 'the same role'],
    [{ roles: { p: iam('role/acme-u') } }, 'EXISTING_DUPLICATE', 'team "u" and platform "p"'],
    [{ roles: { p: iam('role/acme-q-execution') } }, 'EXISTING_DUPLICATE', 'platform "p" and platform "q"'],
  ])('%j', (existing, code, message) => {
    const errors = diagnose(existing as ExistingResources, file).filter((one) => one.severity === 'error')
    expect(errors.map((one) => one.code)).toEqual([code])
    expect(errors[0]?.message).toContain(message)
    expect(errors[0]?.hint).toBeDefined()
  }) // prettier-ignore

  test('a user of its own name elsewhere is no duplicate of itself', () => {
    const diagnostics = diagnose({ users: { ada: iam('user/people/ada') } }, file)
    expect(diagnostics.map((one) => one.code)).toEqual(['EXISTING_WITHOUT_BOUNDARY'])
  })

  test('too many roles for the boundary are an error', () => {
    const names = Array.from({ length: 60 }, (_, index) => `p${index}`)
    const platforms = `platforms: { ${names.map((name) => `${name}: { kind: sagemaker }`).join(', ')} }`
    const text = file.replace(/^platforms: .*$/m, platforms)
    const roles = Object.fromEntries(
      names.map((name) => [name, iam(`role/${'a-long-path/'.repeat(6)}existing-${name}`)]),
    )
    const errors = diagnose({ roles }, text).filter((one) => one.severity === 'error')
    expect(errors.map((one) => one.code)).toEqual(['POLICY_TOO_LONG'])
  })
})
