import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  declare,
  loadedState,
  replaceOnce,
  startOrganizationRun,
  type Declared,
  type OrganizationRun,
} from './organization-run.js'

const original = declare('acme-ai')
let deployed: OrganizationRun

beforeAll(async () => {
  deployed = await startOrganizationRun(original.plan)
  await (await deployed.stackOf(original)).up()
})
afterAll(async () => {
  await deployed?.close()
})

/** Deploys a declared file; what it did to which resources of the plan, but for those that stayed the same. */
async function deploy(declared: Declared): Promise<string[]> {
  const { events } = await (await deployed.stackOf(declared)).up()
  return stepsOf(events)
}

function stepsOf(events: readonly EngineEvent[]): string[] {
  return events
    .flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? [])
    .filter(({ op, type }) => op !== 'same' && type !== 'pulumi:pulumi:Stack')
    .map(({ op, urn }) => `${op} ${urn.slice(urn.lastIndexOf('::') + 2)}`)
    .toSorted()
}

test('a narrower prefix updates the policies that hold it, and nothing else', async () => {
  const narrower = declare('acme-ai', (text) =>
    replaceOnce(text, 'on: annotations, under: labels/', 'on: annotations, under: labels/english/'),
  )
  expect(await deploy(narrower)).toEqual([
    'update acme/dataset/annotations/bucket-policy',
    'update acme/member/mary/policy-1',
  ])
  expect(await deployed.state()).toEqual(await loadedState(narrower.plan))
  await deploy(original)
  expect(await deployed.state()).toEqual(await loadedState(original.plan))
})

test('a member who joins: theirs alone is made, what lists people of the team is updated, nothing else is touched', async () => {
  const joined = declare('acme-ai', (text) =>
    replaceOnce(
      replaceOnce(text, '  joy: {', '  chidi: { email: chidi@acme.example }\n  joy: {'),
      '[joy, timnit,',
      '[chidi, joy, timnit,',
    ),
  )
  // The plans differ in what is theirs, and in their name on the lists of others.
  const others = joined.plan.resources.filter(({ id }) => !id.startsWith('member/chidi/'))
  const named = JSON.stringify(others)
  expect(withoutPlaces(named.replaceAll(/"(?:[\w:]+\/ringfence\/acme\/)?chidi",/g, ''))).toEqual(
    withoutPlaces(JSON.stringify(original.plan.resources)),
  )
  const steps = await deploy(joined)
  expect(steps.filter((step) => step.startsWith('create '))).toEqual([
    'create acme/member/chidi/attachments',
    'create acme/member/chidi/attachments/acme-own-sign-in',
    'create acme/member/chidi/user',
    'create acme/member/chidi/user/inline-policies',
  ])
  expect(steps.filter((step) => !step.startsWith('create '))).toEqual([
    'update acme/dataset/annotations/bucket-policy',
    'update acme/dataset/evaluation-sets/bucket-policy',
    'update acme/dataset/evaluation-sets/key',
    'update acme/dataset/feedback/bucket-policy',
    'update acme/dataset/feedback/key',
    'update acme/model/chat-tuned/bucket-policy',
    'update acme/team/safety/group-members',
  ])
  expect(await deployed.state()).toEqual(await loadedState(joined.plan))
})

/** Lines of the file move with each line that comes to it. */
function withoutPlaces(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => (key === 'declaredAt' ? undefined : value))
}

const without = declare('acme-ai', (text) =>
  replaceOnce(
    replaceOnce(text, '  ingest-bot: { kind: service, keys: { until: 2035-06-30 } }\n', ''),
    '[edgar, radia, ingest-bot]',
    '[edgar, radia]',
  ),
)

test('members who leave leave no user, no key and no membership', async () => {
  const steps = await deploy(without)
  expect(steps).toEqual(
    expect.arrayContaining([
      'delete acme/member/chidi/user',
      'delete acme/member/ingest-bot/access-key',
      'delete acme/member/ingest-bot/user',
      'update acme/team/data-engineering/group-members',
    ]),
  )
  const state = await deployed.state()
  expect(Object.keys(state.users)).not.toContain('ingest-bot')
  expect(state).toEqual(await loadedState(without.plan))
})

test('what is changed by hand is seen by refresh, and undone by up', async () => {
  const Bucket = 'acme-web-crawl-111122223333'
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  })
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
  const before = await deployed.state()
  // Administrators alone are let through by the fence and the guardrail.
  const aws = await deployed.asAdministrator()
  const by = { iam: await aws.iam(), s3: await aws.s3() }
  await by.iam.attachUserPolicy({ UserName: 'ada', PolicyArn })
  await by.iam.putUserPolicy({ UserName: 'grace', PolicyName: 'by-hand', PolicyDocument })
  await by.iam.attachGroupPolicy({ GroupName: 'acme-safety', PolicyArn })
  await by.iam.addUserToGroup({ GroupName: 'acme-safety', UserName: 'ada' })
  await by.s3.deleteBucketPolicy({ Bucket })
  await by.s3.putPublicAccessBlock({
    Bucket,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: false,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: true,
    },
  })
  await by.iam.detachUserPolicy({
    UserName: 'mary',
    PolicyArn: 'arn:aws:iam::111122223333:policy/ringfence/acme/acme-own-sign-in',
  })
  expect(await deployed.state()).not.toEqual(before)
  const stack = await deployed.stackOf(without)
  const refreshed = stepsOf((await stack.refresh()).events)
  expect(refreshed).toEqual(
    expect.arrayContaining([
      'update acme/member/ada/attachments',
      'update acme/team/safety/group-attachments',
      'update acme/team/safety/group-members',
      'update acme/member/mary/attachments',
      'update acme/dataset/web-crawl/public-access-block',
    ]),
  )
  await stack.up()
  expect(await deployed.state()).toEqual(before)
  expect(stepsOf((await stack.up()).events)).toEqual([])
})
