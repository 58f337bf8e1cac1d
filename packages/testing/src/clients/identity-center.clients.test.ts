import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runClient } from './client-run.js'

const account = '111122223333'
const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const store = 'd-0123456789'
const home = 'us-east-1'

let aws: LocalAws
let manager: LocalCredentials
beforeAll(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  await aws.addIdentityCenter({ instance, identityStore: store, region: home })
  manager = await aws.addManagementAccount()
})
afterAll(() => aws?.close())

/** What the AWS CLI prints, as JSON. */
async function cli(args: readonly string[], as = manager, region = home): Promise<unknown> {
  const { status, stdout, stderr } = await runClient('aws', [...args, '--region', region], aws, as)
  expect(status, `aws ${args.join(' ')}\n${stderr}`).toBe(0)
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

const centerOptions = ['--instance-arn', instance]
const storeOptions = ['--identity-store-id', store]

test(
  'the AWS CLI sets up a permission set, assigns it to a group, and takes it down',
  { timeout: 400_000 },
  async () => {
    expect(await cli(['sso-admin', 'list-instances'])).toMatchObject({
      Instances: [{ InstanceArn: instance, IdentityStoreId: store, OwnerAccountId: '999999999999' }],
    })
    const { PermissionSet } = (await cli([
      'sso-admin',
      'create-permission-set',
      ...centerOptions,
      '--name',
      'readers',
      '--session-duration',
      'PT2H',
      '--tags',
      'Key=team,Value=research',
    ])) as { PermissionSet: { PermissionSetArn: string } }
    const set = [...centerOptions, '--permission-set-arn', PermissionSet.PermissionSetArn]
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
    })
    await cli(['sso-admin', 'put-inline-policy-to-permission-set', ...set, '--inline-policy', document])
    const { GroupId } = (await cli([
      'identitystore',
      'create-group',
      ...storeOptions,
      '--display-name',
      'research',
    ])) as { GroupId: string }
    const { UserId } = (await cli([
      'identitystore',
      'create-user',
      ...storeOptions,
      '--user-name',
      'ada',
      '--display-name',
      'Ada',
      '--name',
      'GivenName=Ada,FamilyName=L',
      '--emails',
      'Value=ada@acme.example,Primary=true',
    ])) as { UserId: string }
    await cli([
      'identitystore',
      'create-group-membership',
      ...storeOptions,
      '--group-id',
      GroupId,
      '--member-id',
      `UserId=${UserId}`,
    ])
    const assignment = [
      ...set,
      '--principal-type',
      'GROUP',
      '--principal-id',
      GroupId,
      '--target-type',
      'AWS_ACCOUNT',
      '--target-id',
      account,
    ]
    const { AccountAssignmentCreationStatus: begun } = (await cli([
      'sso-admin',
      'create-account-assignment',
      ...assignment,
    ])) as { AccountAssignmentCreationStatus: { RequestId: string } }
    const status = ['--account-assignment-creation-request-id', begun.RequestId]
    expect(
      await cli(['sso-admin', 'describe-account-assignment-creation-status', ...centerOptions, ...status]),
    ).toMatchObject({ AccountAssignmentCreationStatus: { Status: 'SUCCEEDED' } })

    const session = await aws.signInByIdentityCenter({ userName: 'ada', permissionSet: 'readers' })
    expect(await cli(['s3api', 'list-buckets'], session, 'eu-west-1')).toMatchObject({ Buckets: [] })
    const refused = await runClient('aws', ['iam', 'list-users'], aws, session)
    expect(refused.stderr).toContain('AccessDenied')
    const member = await runClient(
      'aws',
      ['sso-admin', 'list-permission-sets', ...centerOptions, '--region', home],
      aws,
      aws.root,
    )
    expect(member.stderr).toContain('AccessDeniedException')

    await cli(['sso-admin', 'delete-account-assignment', ...assignment])
    await cli(['sso-admin', 'delete-permission-set', ...set])
    expect(await cli(['sso-admin', 'list-permission-sets', ...centerOptions])).toMatchObject({
      PermissionSets: [],
    })
    const roles = await cli(['iam', 'list-roles', '--path-prefix', '/aws-reserved/'], aws.root)
    expect(roles).toMatchObject({ Roles: [] })
  },
)
