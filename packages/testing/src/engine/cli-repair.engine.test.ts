import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import type { LocalCredentials } from '@ringfence/local'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountState, accountState } from './account-state.js'
import { type CliRun, startCliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'
import { giveOtherCredentials } from './other-credentials.js'

const file = declareOrganization({
  members: ['ada: {}', 'bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }'],
  team: ['ada', 'bot'],
  datasets: ['raw:'],
})
const dev = ['ringfence.yaml', '--stack', 'dev']
const who = 'arn:aws:sts::111122223333:assumed-role/platform-admin/mallory'

let cli: CliRun
let mallory: LocalCredentials
beforeAll(async () => {
  cli = await startCliRun(file)
  mallory = await cli.aws.issueRoleSession({
    roleArn: 'arn:aws:iam::111122223333:role/platform-admin',
    sessionName: 'mallory',
    principal: 'arn:aws:iam::111122223333:root',
    action: 'sts:AssumeRole',
  })
})
afterAll(async () => {
  await cli?.close()
})

const state = (): Promise<AccountState> => accountState(cli.aws, { as: mallory })

interface Told {
  readonly drift: readonly {
    readonly change: string
    readonly thing: string
    readonly aspect: string
    readonly made?: { readonly by: string; readonly event: string }
  }[]
  readonly left?: readonly unknown[]
}

it('a fresh deployment has no drift; what is done by hand is named with who did it, and gone after a repair', async () => {
  expect((await cli.run(['up', ...dev, '--yes'])).code).toBe(0)
  const fresh = await cli.run(['drift', ...dev])
  expect([fresh.code, fresh.stdout]).toEqual([0, expect.stringMatching(/\nDrift: none\n$/)])
  const before = await state()
  const config = { endpoint: cli.aws.endpoint, credentials: mallory }
  const iam = new IAM({ ...config, region: 'us-east-1' })
  const s3 = new S3({ ...config, region: 'eu-west-1', forcePathStyle: true })
  const secrets = new SecretsManager({ ...config, region: 'eu-west-1' })
  const SecretId = 'ringfence/acme/bot/access-key'
  const value = async () => (await secrets.getSecretValue({ SecretId })).SecretString
  const handedOver = await value()
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  const Bucket = Object.keys(before.buckets)[0]
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn })
  await iam.createAccessKey({ UserName: 'ada' })
  await giveOtherCredentials(iam, 'ada')
  await iam.createLoginProfile({ UserName: 'bot', Password: 'Correct-Horse-1' })
  await iam.removeUserFromGroup({ UserName: 'bot', GroupName: 'acme-research' })
  await iam.createUser({ UserName: 'eve', Path: '/ringfence/acme/' })
  await iam.addUserToGroup({ UserName: 'eve', GroupName: 'acme-research' })
  await iam.attachUserPolicy({ UserName: 'eve', PolicyArn })
  await iam.createAccessKey({ UserName: 'eve' })
  await s3.putBucketWebsite({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } })
  await s3.putBucketReplication({
    Bucket,
    ReplicationConfiguration: {
      Role: 'arn:aws:iam::111122223333:role/carrier',
      Rules: [{ Status: 'Enabled', Prefix: '', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }],
    },
  })
  await s3.deleteBucketPolicy({ Bucket })
  await s3.deletePublicAccessBlock({ Bucket })
  await secrets.putSecretValue({ SecretId, SecretString: 'a key of mallory' })
  await secrets.deleteResourcePolicy({ SecretId })
  await secrets.createSecret({ Name: 'ringfence/acme/eve/access-key', SecretString: 'mine' })

  const seen = await cli.run(['drift', ...dev, '--json'])
  const { drift } = JSON.parse(seen.stdout) as Told
  expect([seen.code, drift.map((one) => [one.change, one.thing, one.aspect, one.made?.event])]).toEqual([
    7,
    [
      ['missing', `bucket/${Bucket}`, 'accessBlock', 'DeleteBucketPublicAccessBlock'],
      ['missing', `bucket/${Bucket}`, 'document', 'DeleteBucketPolicy'],
      ['undeclared', `bucket/${Bucket}`, 'replication', 'PutBucketReplication'],
      ['undeclared', `bucket/${Bucket}`, 'website', 'PutBucketWebsite'],
      ['missing', `secret/${SecretId}`, 'document', 'DeleteResourcePolicy'],
      ['changed', `secret/${SecretId}`, 'version', 'PutSecretValue'],
      ['undeclared', 'secret/ringfence/acme/eve/access-key', 'exists', undefined],
      ['undeclared', 'user/ada', 'accessKey', 'CreateAccessKey'],
      ['undeclared', 'user/ada', 'attachment', 'AttachUserPolicy'],
      ['undeclared', 'user/ada', 'serviceCredential', 'CreateServiceSpecificCredential'],
      ['undeclared', 'user/ada', 'signingCertificate', 'UploadSigningCertificate'],
      ['undeclared', 'user/ada', 'sshKey', 'UploadSSHPublicKey'],
      ['missing', 'user/bot', 'group', 'RemoveUserFromGroup'],
      ['undeclared', 'user/bot', 'password', 'CreateLoginProfile'],
      ['undeclared', 'user/eve', 'exists', 'CreateUser'],
    ],
  ])
  expect(new Set(drift.map((one) => one.made?.by))).toEqual(new Set([who, undefined]))

  const asked = await cli.run(['drift', ...dev, '--repair'])
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('error[CONFIRMATION_MISSING]')])
  const repaired = await cli.run(['drift', ...dev, '--repair', '--yes'])
  expect([repaired.code, repaired.stdout]).toEqual([
    0,
    expect.stringContaining(`\nRepaired: ${drift.length} differences, nothing is left\n`),
  ])
  expect(await state()).toEqual(before)
  expect(await value()).toBe(handedOver)
  const again = await cli.run(['drift', ...dev, '--json'])
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { drift: [] }])
  expect((await cli.run(['up', ...dev, '--yes', '--expect-no-changes'])).code).toBe(0)
})

it('tells a file that has changed since the last update apart from what somebody did', async () => {
  await cli.declare(file.replace('can: [read, write]', 'can: read'))
  const { code, stdout } = await cli.run(['drift', ...dev, '--json'])
  const { drift } = JSON.parse(stdout) as { drift: { change: string; recorded: string }[] }
  expect([code, new Set(drift.map(({ recorded }) => recorded))]).toEqual([7, new Set(['asFound'])])
  expect((await cli.run(['drift', ...dev, '--repair', '--yes'])).code).toBe(0)
  await cli.declare(file)
})
