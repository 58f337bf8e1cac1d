import { IAM } from '@aws-sdk/client-iam'
import { Identitystore } from '@aws-sdk/client-identitystore'
import { S3 } from '@aws-sdk/client-s3'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { withSessionLock } from '@ringfence/lifecycle'
import type { LocalCredentials } from '@ringfence/local'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'

const InstanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const IdentityStoreId = 'd-0123456789'
// Identity Center's home is another region than the account's.
const home = 'eu-central-1'
const by = ['--identity-center-profile', 'people']
const dev = ['ringfence.yaml', '--stack', 'dev', ...by]

const fileOf = (more: string) => `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { identityCenter: { instance: '${InstanceArn}', identityStore: ${IdentityStoreId}, region: ${home}${more} } }
members:
  susan: { signIn: federation, email: susan@acme.example }
  hedy: { signIn: federation, email: hedy@acme.example }
teams:
  product: [susan, hedy]
  research: [hedy]
datasets:
  logs: { destroyWithObjects: true }
  papers: { destroyWithObjects: true }
grants:
  - { to: product, can: [read, write], on: logs }
  - { to: research, can: [read, write], on: papers }
`

let cli: CliRun
let sso: SSOAdmin
let store: Identitystore
let root: IAM

async function start(file: string): Promise<void> {
  cli = await startCliRun(file)
  const credentials = await cli.aws.addManagementAccount()
  await cli.engine.addProfile('people', credentials)
  const { endpoint } = cli.aws
  sso = new SSOAdmin({ endpoint, region: home, credentials })
  store = new Identitystore({ endpoint, region: home, credentials })
  root = new IAM({ endpoint, region: 'us-east-1', credentials: cli.aws.root })
}

async function up(file?: string): Promise<void> {
  if (file !== undefined) await cli.declare(file)
  const { code, stderr, stdout } = await cli.run(['up', ...dev, '--yes'])
  expect([code, code === 0 ? '' : stdout + stderr]).toEqual([0, ''])
}

const signIn = (name: string, team: string): Promise<LocalCredentials> =>
  cli.aws.signInByIdentityCenter({ userName: `${name}@acme.example`, permissionSet: `acme-${team}` })

/** What AWS answers to writing into a dataset. */
async function write(credentials: LocalCredentials, dataset: string): Promise<string> {
  const s3 = new S3({ endpoint: cli.aws.endpoint, region: 'eu-west-1', credentials, forcePathStyle: true })
  return s3.putObject({ Bucket: `acme-${dataset}-111122223333`, Key: 'a', Body: 'x' }).then(
    () => 'done',
    (error: Error) => error.name,
  )
}

const reserved = async () => (await root.listRoles({ PathPrefix: '/aws-reserved/' })).Roles ?? []
const sets = async () => (await sso.listPermissionSets({ InstanceArn })).PermissionSets ?? []
const groups = async () =>
  ((await store.listGroups({ IdentityStoreId })).Groups ?? []).map(({ DisplayName }) => DisplayName)
const users = async () =>
  ((await store.listUsers({ IdentityStoreId })).Users ?? []).map(({ UserName }) => UserName)

async function setCalled(name: string) {
  for (const PermissionSetArn of await sets()) {
    const { PermissionSet } = await sso.describePermissionSet({ InstanceArn, PermissionSetArn })
    if (PermissionSet?.Name === name) return { InstanceArn, PermissionSetArn }
  }
  throw new Error(`there is no permission set ${name}`)
}

/** Writes into a permission set what its role then has. */
async function writeInline(
  set: { readonly InstanceArn: string; readonly PermissionSetArn: string },
  InlinePolicy: string,
): Promise<void> {
  await sso.putInlinePolicyToPermissionSet({ ...set, InlinePolicy })
  await sso.provisionPermissionSet({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: '111122223333' })
}

const aSecond = () => new Promise((resolve) => setTimeout(resolve, 2100))

describe('a file that provisions Identity Center', () => {
  const file = fileOf(', provision: true')
  let susan: LocalCredentials
  let hedy: LocalCredentials
  beforeAll(async () => {
    await start(file)
    await up()
  })
  afterAll(() => cli?.close())

  it('lets people in as declared', async () => {
    expect((await reserved()).map(({ Arn }) => Arn?.replace(/[0-9a-f]{16}$/, '…')).toSorted()).toEqual(
      ['product', 'research'].map(
        (team) =>
          `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${home}/AWSReservedSSO_acme-${team}_…`,
      ),
    )
    susan = await signIn('susan', 'product')
    hedy = await signIn('hedy', 'research')
    expect([await write(susan, 'logs'), await write(susan, 'papers')]).toEqual(['done', 'AccessDenied'])
    expect([await write(hedy, 'logs'), await write(hedy, 'papers')]).toEqual(['AccessDenied', 'done'])
    await expect(signIn('susan', 'research')).rejects.toMatchObject({ code: 'ForbiddenException' })
    expect((await cli.run(['up', ...dev, '--yes', '--expect-no-changes'])).code).toBe(0)
    expect((await cli.run(['drift', ...dev])).code).toBe(0)
  })

  it('refuses the session of somebody who moves at once, and gives them the other team', async () => {
    await up(
      file
        .replace('product: [susan, hedy]', 'product: [hedy]')
        .replace('research: [hedy]', 'research: [susan, hedy]'),
    )
    expect(await write(susan, 'logs')).toBe('AccessDenied')
    await expect(signIn('susan', 'product')).rejects.toMatchObject({ code: 'ForbiddenException' })
    susan = await signIn('susan', 'research')
    expect(await write(susan, 'papers')).toBe('done')
    await aSecond()
    expect(await write(await signIn('hedy', 'product'), 'logs')).toBe('done')
  })

  it('takes a leaver out, and the team that nobody else is in', async () => {
    await up(
      file
        .replace(/^ {2}hedy.*\n/m, '')
        .replace('  product: [susan, hedy]\n  research: [hedy]', '  research: [susan]')
        .replace(/^ {2}- \{ to: product.*\n/m, ''),
    )
    expect(await write(hedy, 'papers')).toBe('AccessDenied')
    await expect(signIn('hedy', 'research')).rejects.toMatchObject({ code: 'ForbiddenException' })
    expect([await users(), await groups(), (await reserved()).length]).toEqual([
      ['susan@acme.example'],
      ['research'],
      1,
    ])
    await aSecond()
    expect(await write(await signIn('susan', 'research'), 'papers')).toBe('done')
  })

  it('leaves nothing behind', async () => {
    const { code, stderr } = await cli.run(['destroy', ...dev, '--yes'])
    expect([code, stderr]).toEqual([0, expect.any(String)])
    expect([await sets(), await users(), await groups(), await reserved()]).toEqual([[], [], [], []])
    expect((await root.listPolicies({ Scope: 'Local' })).Policies).toEqual([])
  })
})

describe('a file whose groups the identity provider provisions', () => {
  afterEach(() => cli?.close())

  it('is refused without them, locks out who is offboarded, and takes off what somebody attaches by hand', async () => {
    const file = fileOf('')
    await start(file)
    const AlternateIdentifier = {
      UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'research' },
    }
    const { GroupId } = await store.getGroupId({ IdentityStoreId, AlternateIdentifier })
    await store.deleteGroup({ IdentityStoreId, GroupId })
    const unnamed = await cli.run(['up', 'ringfence.yaml', '--stack', 'dev', '--yes'])
    expect([unnamed.code, unnamed.stderr]).toEqual([
      2,
      expect.stringContaining('error[IDENTITY_CENTER_NO_PROFILE]'),
    ])
    const refused = await cli.run(['up', ...dev, '--yes'])
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/error\[GROUP_NOT_PROVISIONED\].*called research$/m),
    ])
    expect(await sets()).toEqual([])
    await store.createGroup({ IdentityStoreId, DisplayName: 'research' })
    await up()
    const susan = await signIn('susan', 'product')
    expect(await write(susan, 'logs')).toBe('done')
    await expect(signIn('hedy', 'research')).rejects.toMatchObject({ code: 'ForbiddenException' })

    const left = await cli.run(['offboard', 'susan', ...dev, '--yes', '--json'])
    const lock = 'deny by the inline policy of permission set acme-product'
    expect([left.code, left.stderr]).toEqual([0, expect.stringContaining(`\ndone: ${lock}\ncreated `)])
    expect(JSON.parse(left.stdout)).toMatchObject({
      steps: [{ operation: 'PutInlinePolicyToPermissionSet', does: lock }],
      revoked: ['acme-product'],
      residual: expect.arrayContaining([
        { what: expect.stringMatching(/in its group product: take them out there$/) },
        { what: expect.stringContaining('sessions of acme-product'), until: expect.any(String) },
      ]),
    })
    expect(await write(susan, 'logs')).toBe('AccessDenied')
    const one = await setCalled('acme-product')
    expect((await sso.getInlinePolicyForPermissionSet(one)).InlinePolicy).toBe('')

    // As an offboard leaves it that is killed between its update and its last call.
    await writeInline(one, withSessionLock('', '2026-01-01T00:00:00Z'))
    const seen = await cli.run(['drift', ...dev, '--json'])
    expect([seen.code, (JSON.parse(seen.stdout) as { drift: unknown }).drift]).toMatchObject([
      7,
      [
        {
          change: 'undeclared',
          thing: expect.stringMatching(/^role\/AWSReservedSSO_acme-product_/),
          aspect: 'inlinePolicy',
        },
      ],
    ])
    await up()
    expect((await sso.getInlinePolicyForPermissionSet(one)).InlinePolicy).toBe('')
    await writeInline(
      one,
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sns:*","Resource":"*"}}',
    )
    const repaired = await cli.run(['drift', ...dev, '--repair', '--yes'])
    expect([repaired.code, repaired.stdout]).toEqual([
      0,
      expect.stringMatching(/\nRepaired: 1 difference, nothing is left\n$/),
    ])
    expect((await sso.getInlinePolicyForPermissionSet(one)).InlinePolicy).toBe('')

    await sso.attachManagedPolicyToPermissionSet({
      ...one,
      ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    })
    const { stdout } = await cli.run(['refresh', ...dev])
    expect(stdout).toContain('managed-policies')
    await up()
    expect((await sso.listManagedPoliciesInPermissionSet(one)).AttachedManagedPolicies).toEqual([])
    const { code } = await cli.run(['destroy', ...dev, '--yes'])
    expect([code, await sets(), await reserved()]).toEqual([0, [], []])
    expect(await groups()).toEqual(expect.arrayContaining(['product', 'research']))
  })

  it('is deployed to the embedded AWS, whose identity provider has them, and taken down there', async () => {
    const guarded = `${fileOf('')}guardrail: serviceControlPolicy\n`
    await start(guarded)
    const local = ['ringfence.yaml', '--stack', 'local', '--target', 'local']
    const { code, stderr } = await cli.run(['up', ...local, '--yes'])
    expect([code, stderr]).toEqual([0, expect.any(String)])
    const bySaml = guarded
      .replace(/^identityProvider.*$/m, 'identityProvider: { saml: corp }')
      .replace(/^guardrail.*\n/m, '')
    await cli.declare(bySaml)
    const back = await cli.run(['up', ...local, '--yes'])
    expect([back.code, back.code === 0 ? '' : back.stderr]).toEqual([0, ''])
    expect(back.stderr).toContain('deleted guardrail/attachment')
    const gone = await cli.run(['destroy', ...local, '--yes'])
    expect([gone.code, gone.stderr]).toEqual([0, expect.any(String)])
  })
})
