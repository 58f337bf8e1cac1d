import {
  AttachUserPolicyCommand,
  DeleteGroupPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'

const dev = ['ringfence.yaml', '--stack', 'dev']

let cli: CliRun
let iam: IAMClient
beforeAll(async () => {
  cli = await startCliRun(declareOrganization({ members: ['ada: {}', 'ben: {}'], team: ['ada', 'ben'] }))
  iam = new IAMClient({ endpoint: cli.aws.endpoint, region: 'us-east-1', credentials: cli.aws.root })
})
afterAll(async () => {
  iam?.destroy()
  await cli?.close()
})

it('drift made by hand is seen by refresh, shown by preview and repaired by up', async () => {
  expect((await cli.run(['up', ...dev, '--yes'])).code).toBe(0)
  const attached = async () =>
    (await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'ada' }))).AttachedPolicies
  const before = await attached()
  const none = await cli.run(['refresh', ...dev, '--json'])
  expect([none.code, JSON.parse(none.stdout)]).toMatchObject([0, { stack: 'dev', drift: [] }])

  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ada', PolicyArn }))
  await iam.send(new RemoveUserFromGroupCommand({ UserName: 'ben', GroupName: 'acme-research' }))
  const seen = await cli.run(['refresh', ...dev])
  expect(seen.code).toBe(0)
  expect(seen.stdout).toContain('\nDrift: 2 resources, changed (~) or gone (-)\n')
  expect(seen.stdout).toMatch(
    / ~ member\/ada\/attachments {2}iam\.UserPolicyAttachmentsExclusive ada: policyArns\n/,
  )
  expect(seen.stdout).toMatch(
    / ~ team\/research\/group-members {2}iam\.GroupMembership acme-research: users\n/,
  )

  const preview = await cli.run(['preview', ...dev, '--expect-no-changes'])
  expect([preview.code, preview.stdout]).toEqual([
    7,
    expect.stringMatching(/\nResources: 2 to update, \d+ unchanged\n/),
  ])
  const repaired = await cli.run(['up', ...dev, '--yes'])
  expect([repaired.code, repaired.stdout]).toEqual([0, expect.stringMatching(/\nDone: 2 updated\n$/)])
  expect(await attached()).toEqual(before)
  expect(JSON.parse((await cli.run(['refresh', ...dev, '--json'])).stdout)).toMatchObject({ drift: [] })
})

it('an inline policy that somebody adds is drift as well', async () => {
  const policy = { GroupName: 'acme-research', PolicyName: 'by-hand' }
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
  })
  await iam.send(new PutGroupPolicyCommand({ ...policy, PolicyDocument }))
  const { stdout } = await cli.run(['refresh', ...dev])
  expect(stdout).toMatch(
    / ~ team\/research\/group\/inline-policies {2}iam\.GroupPoliciesExclusive acme-research: policyNames\n/,
  )
  expect((await cli.run(['up', ...dev, '--yes'])).stdout).toMatch(/\nDone: 1 updated\n$/)
  await expect(iam.send(new DeleteGroupPolicyCommand(policy))).rejects.toThrow(/by-hand/)
})
