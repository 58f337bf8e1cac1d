import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startLocalAws, type LocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration, type Plan } from '@ringfence/plan'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountState, clientsOf } from './account-state.js'

const file = join(import.meta.dirname, '..', '..', '..', '..', 'examples', 'acme-ai', 'ringfence.yaml')
const plan = planOf(readFileSync(file, 'utf8'))

function planOf(text: string): Plan {
  const declared = parseDeclaration({ file, text, nowMs: Date.parse('2026-06-01T00:00:00Z') })
  const built = declared.ok ? buildPlan(declared.value) : declared
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

let one: LocalAws
let other: LocalAws
beforeEach(async () => {
  one = await startLocalAws(plan)
  other = await startLocalAws(plan)
})
afterEach(async () => {
  await one?.close()
  await other?.close()
})

test('accounts that were set up alike have equal states, and everything planned is in them', async () => {
  await one.load(plan)
  await other.load(plan)
  const state = await accountState(one)
  expect(await accountState(other)).toEqual(state)
  const counted = (type: string) => plan.resources.filter((resource) => resource.type === type).length
  expect({
    buckets: Object.keys(state.buckets).length,
    keys: Object.keys(state.keys).length,
    groups: Object.keys(state.groups).length,
    policies: Object.keys(state.policies).length,
    projects: Object.keys(state.projects).length,
  }).toEqual({
    buckets: counted('s3.Bucket'),
    keys: counted('kms.Key'),
    groups: counted('iam.Group'),
    policies: counted('iam.Policy'),
    projects: counted('sagemaker.Project'),
  })
})

test('each change by hand is another state', async () => {
  // The guardrail would bind root, too.
  const resources = plan.resources.filter(({ type }) => type !== 'organizations.Policy')
  await one.load({ ...plan, resources })
  const aws = clientsOf(one, one.root)
  const [iam, s3, kms] = [await aws.iam(), await aws.s3(), await aws.kms()]
  const before = await accountState(one)
  const Bucket = Object.keys(before.buckets)[0]
  const UserName = Object.keys(before.users)[0]
  const GroupName = Object.keys(before.groups)[0]
  const AliasName = Object.keys(before.keys)[0]
  const { KeyMetadata } = await kms.describeKey({ KeyId: AliasName })
  const states = [JSON.stringify(before)]
  for (const change of [
    // The fence admits nobody but administrators to the rest of the bucket.
    () => s3.deleteBucketPolicy({ Bucket }),
    () => iam.createAccessKey({ UserName }),
    () => iam.createLoginProfile({ UserName, Password: 'Correct-Horse-1' }),
    () => iam.untagUser({ UserName, TagKeys: Object.keys(before.users[UserName ?? '']?.tags ?? {}) }),
    () => iam.attachGroupPolicy({ GroupName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    () => s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    () => s3.deletePublicAccessBlock({ Bucket }),
    () => kms.disableKeyRotation({ KeyId: KeyMetadata?.KeyId }),
    async () => (await aws.s3Control()).deletePublicAccessBlock({ AccountId: one.account }),
  ]) {
    await change()
    states.push(JSON.stringify(await accountState(one)))
  }
  expect(new Set(states).size).toBe(states.length)
})
