import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

let aws: LocalAws
let now: number
beforeEach(async () => {
  now = Date.now()
  aws = await startLocalAws({ account: '111122223333', region: 'eu-west-1', nowMs: () => now })
})
afterEach(() => aws.close())

const trailOf = (region: string, credentials: LocalCredentials = aws.root) =>
  new CloudTrail({ endpoint: aws.endpoint, region, credentials, maxAttempts: 1 })
const iamOf = (credentials: LocalCredentials = aws.root) =>
  new IAM({ endpoint: aws.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })

test('who changed what is found by the name of the resource, the newest first, in the region of IAM', async () => {
  const iam = iamOf()
  await iam.createUser({ UserName: 'ada' })
  await iam.createUser({ UserName: 'ben' })
  now += 1000
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
  await iam.getUser({ UserName: 'ada' })
  const lookup = { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'ada' }] } as const
  const { Events = [] } = await trailOf('us-east-1').lookupEvents({
    LookupAttributes: [...lookup.LookupAttributes],
  })
  expect(Events.map(({ EventName, Username, ReadOnly }) => [EventName, Username, ReadOnly])).toEqual([
    ['AttachUserPolicy', 'root', 'false'],
    ['CreateUser', 'root', 'false'],
  ])
  expect(Events[0]?.Resources).toEqual([
    { ResourceType: 'AWS::IAM::User', ResourceName: 'ada' },
    { ResourceType: 'AWS::IAM::Policy', ResourceName: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  ])
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({
    eventName: 'AttachUserPolicy',
    requestParameters: { userName: 'ada' },
    userIdentity: { type: 'Root' },
  })
  expect((await trailOf('eu-west-1').lookupEvents({})).Events).toEqual([])
})

test('a bucket logs in its region, objects and secrets do not log at all, and what was refused does', async () => {
  const s3 = new S3({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: aws.root,
    forcePathStyle: true,
  })
  await s3.createBucket({
    Bucket: 'acme-raw',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
  })
  await s3.putObject({ Bucket: 'acme-raw', Key: 'a', Body: 'x' })
  await iamOf().createUser({ UserName: 'ada' })
  const key = await aws.issueUserKey('ada')
  await expect(iamOf(key).createUser({ UserName: 'eve' })).rejects.toThrow(/not authorized/)
  const { AccessKey } = await iamOf().createAccessKey({ UserName: 'ada' })
  const regional = await trailOf('eu-west-1').lookupEvents({})
  expect(regional.Events?.map(({ EventName }) => EventName)).toEqual(['CreateBucket'])
  const { Events } = await trailOf('us-east-1').lookupEvents({})
  expect(Events?.map(({ EventName }) => EventName).toSorted()).toEqual([
    'CreateAccessKey',
    'CreateUser',
    'CreateUser',
  ])
  expect(JSON.stringify(Events)).toContain('"errorCode\\":\\"AccessDenied')
  expect(JSON.stringify(Events)).not.toContain(AccessKey?.SecretAccessKey)
})

test('pages go on where the last one ended, and the history has 90 days', async () => {
  const iam = iamOf()
  const names = Array.from({ length: 7 }, (_, index) => `user-${index}`)
  for (const UserName of names) {
    now += 10
    await iam.createUser({ UserName })
  }
  const trail = trailOf('us-east-1')
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await trail.lookupEvents({
      MaxResults: 3,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    seen.push(...(page.Events ?? []).map(({ Resources }) => Resources?.[0]?.ResourceName ?? ''))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(seen).toEqual(names.toReversed())
  now += 91 * 24 * 60 * 60_000
  const later = new IAM({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: aws.root,
    systemClockOffset: 91 * 24 * 60 * 60_000,
  })
  await later.createUser({ UserName: 'late' })
  const { Events } = await new CloudTrail({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: aws.root,
    systemClockOffset: 91 * 24 * 60 * 60_000,
  }).lookupEvents({})
  expect(Events?.map(({ Resources }) => Resources?.[0]?.ResourceName)).toEqual(['late'])
})

test('looking is a permission of its own, and two attributes are too many', async () => {
  await iamOf().createUser({ UserName: 'ada' })
  const key = await aws.issueUserKey('ada')
  await expect(trailOf('us-east-1', key).lookupEvents({})).rejects.toThrow(
    /not authorized to perform: cloudtrail:LookupEvents/,
  )
  const attribute = { AttributeKey: 'EventName', AttributeValue: 'CreateUser' } as const
  await expect(
    trailOf('us-east-1').lookupEvents({ LookupAttributes: [attribute, attribute] }),
  ).rejects.toMatchObject({ name: 'InvalidLookupAttributesException' })
})
