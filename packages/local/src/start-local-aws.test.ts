import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import { STS } from '@aws-sdk/client-sts'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import type { CloudTrailEvent, LocalAws, LocalCredentials } from './index.js'
import { startLocalAws } from './index.js'

const account = '111122223333'
const region = 'eu-west-1'
const events: CloudTrailEvent[] = []
let aws: LocalAws

beforeAll(async () => {
  aws = await startLocalAws({ account, region, onEvent: (event) => events.push(event) })
})
afterAll(() => aws.close())

function clients(credentials: LocalCredentials, endpoint = aws.endpoint) {
  const config = { endpoint, region, credentials, maxAttempts: 1 }
  return { iam: new IAM(config), sts: new STS(config), s3: new S3({ ...config, forcePathStyle: true }) }
}

describe('over the wire', () => {
  test('root is who it is', async () => {
    const { sts } = clients(aws.root)
    expect(await sts.getCallerIdentity({})).toMatchObject({
      Account: account,
      Arn: `arn:aws:iam::${account}:root`,
    })
  })

  test('a user makes a bucket once it may', async () => {
    const { iam } = clients(aws.root)
    await iam.createUser({ UserName: 'ada' })
    const ada = clients(await aws.issueUserKey('ada'))
    await expect(ada.s3.createBucket({ Bucket: 'acme-data' })).rejects.toMatchObject({ name: 'AccessDenied' })
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'] },
      ],
    })
    await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'own', PolicyDocument })
    await ada.s3.createBucket({
      Bucket: 'acme-data',
      CreateBucketConfiguration: { LocationConstraint: region },
    })
    expect((await ada.s3.listObjectsV2({ Bucket: 'acme-data' })).KeyCount).toBe(0)
    expect(
      (await ada.s3.getPublicAccessBlock({ Bucket: 'acme-data' })).PublicAccessBlockConfiguration,
    ).toMatchObject({ BlockPublicPolicy: true })
  })
})

describe('plans', () => {
  const seeds = [
    'seed-1-user-data-segregation',
    'seed-2-automated-user-provisioning',
    'seed-3-training-platform-access',
    'seed-4-data-leakage-prevention',
    'seed-5-centralized-policies',
    'acme-ai',
  ]
  test.each(seeds)('%s loads, and a second time changes nothing', async (seed) => {
    const file = fileURLToPath(new URL(`../../../examples/${seed}/ringfence.yaml`, import.meta.url))
    const nowMs = Date.UTC(2026, 10, 22)
    const read = parseDeclaration({ file, text: readFileSync(file, 'utf8'), nowMs })
    if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
    const built = buildPlan(read.value)
    if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
    const plan = built.value
    const local = await startLocalAws({ account: plan.account, region: plan.region, nowMs: () => nowMs })
    try {
      await local.load(plan)
      await local.load(plan)
    } finally {
      await local.close()
    }
  })
})
