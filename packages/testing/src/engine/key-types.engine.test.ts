import { Alias } from '@pulumi/aws/kms/alias.js'
import { Key } from '@pulumi/aws/kms/key.js'
import { KeyPolicy } from '@pulumi/aws/kms/keyPolicy.js'
import { Policy } from '@pulumi/aws/organizations/policy.js'
import { PolicyAttachment } from '@pulumi/aws/organizations/policyAttachment.js'
import { Project } from '@pulumi/aws/sagemaker/project.js'
import { Provider } from '@pulumi/aws/provider.js'
import type { LocalCredentials } from '@ringfence/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountState, clientsOf } from './account-state.js'
import { startEngineRun, type EngineRun } from './engine-run.js'

let run: EngineRun
let management: LocalCredentials
let oldKey: string
beforeAll(async () => {
  run = await startEngineRun()
  management = await run.aws.addManagementAccount()
  await run.addProfile('management', management)
  const kms = await clientsOf(run.aws, run.aws.root).kms()
  const { KeyMetadata } = await kms.createKey({
    Description: 'was there before',
    Policy: keyPolicy('Enable IAM User Permissions', 'default'),
  })
  oldKey = KeyMetadata?.KeyId ?? ''
})
afterAll(async () => {
  await run?.close()
})

const keyPolicy = (sid: string, id = 'mine') =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: id,
    Statement: [
      {
        Sid: sid,
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
const guardrail = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'Stay', Effect: 'Deny', Action: action, Resource: '*' }],
  })

/** One resource of each type; in the second edition something about each is another. */
async function program(second: boolean) {
  const options = { provider: new Provider('aws', run.providerArgs) }
  const { allowedAccountIds: _own, ...args } = run.providerArgs
  const ofOrganization = { provider: new Provider('management', { ...args, profile: 'management' }) }
  const team = second ? 'safety' : 'research'
  const key = new Key(
    'key',
    {
      description: second ? 'For data' : 'For the data',
      deletionWindowInDays: 7,
      enableKeyRotation: !second,
      policy: keyPolicy(second ? 'Everything' : 'All'),
      tags: { team },
    },
    options,
  )
  const spare = new Key('spare', { enableKeyRotation: true }, options)
  const alias = new Alias(
    'alias',
    { name: 'alias/data', targetKeyId: second ? spare.keyId : key.keyId },
    options,
  )
  const oldPolicy = new KeyPolicy(
    'old',
    { keyId: oldKey, policy: keyPolicy(second ? 'Everything' : 'All') },
    options,
  )
  const project = new Project(
    'project',
    {
      projectName: 'lab',
      projectDescription: second ? 'Training' : 'Train',
      serviceCatalogProvisioningDetails: { productId: 'prod-abcdefghijkl2' },
      tags: { team },
    },
    options,
  )
  const stay = new Policy(
    'stay',
    {
      name: 'stay',
      content: guardrail(second ? 'organizations:LeaveOrganization' : 'organizations:Leave*'),
      tags: { team },
    },
    ofOrganization,
  )
  const attached = new PolicyAttachment(
    'attached',
    { policyId: stay.id, targetId: run.aws.account },
    ofOrganization,
  )
  return {
    keyArn: key.arn,
    keyId: key.id,
    aliasArn: alias.arn,
    targetArn: alias.targetKeyArn,
    projectArn: project.arn,
    policyId: stay.id,
    ids: [alias.id, oldPolicy.id, project.id, attached.id],
  }
}

const count = 10
const state = () => accountState(run.aws, { management })

test('the types of KMS, SageMaker and Organizations live from creation to destruction', async () => {
  const empty = await state()
  const first = await run.stack(() => program(false))
  const { changes, outputs } = await first.up()
  expect(changes).toEqual({ create: count })
  expect(outputs).toEqual({
    keyArn: `arn:aws:kms:eu-west-1:111122223333:key/${String(outputs['keyId'])}`,
    keyId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    aliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/data',
    targetArn: outputs['keyArn'],
    projectArn: 'arn:aws:sagemaker:eu-west-1:111122223333:project/lab',
    policyId: expect.stringMatching(/^p-[0-9a-z]+$/) as string,
    ids: ['alias/data', oldKey, 'lab', `111122223333:${String(outputs['policyId'])}`],
  })
  const made = await state()
  expect(made.keys['alias/data']).toMatchObject({ rotation: true, tags: { team: 'research' } })
  expect(made.projects['lab']).toMatchObject({ status: 'CreateCompleted', product: 'prod-abcdefghijkl2' })
  expect(made.guardrails['stay']).toMatchObject({ targets: ['111122223333'], tags: { team: 'research' } })
  expect((await first.up()).changes).toEqual({ same: count })

  const second = await run.stack(() => program(true))
  expect((await second.up()).steps).toEqual({
    alias: 'update: targetKeyId',
    key: 'update: description, enableKeyRotation, policy, tags',
    old: 'update: policy',
    project: 'update: projectDescription, tags',
    stay: 'update: content, tags',
  })
  expect((await second.up()).changes).toEqual({ same: count })
  const changed = await state()

  await driftByHand(String(outputs['keyId']), String(outputs['policyId']))
  const drift = {
    alias: 'update: targetKeyId',
    key: 'update: enableKeyRotation, policy',
    old: 'update: policy',
    project: 'update: tags',
    stay: 'update: content',
  }
  expect((await second.refresh()).steps).toEqual({ ...drift, attached: 'delete' })
  expect((await second.up()).steps).toEqual({ ...drift, attached: 'create' })
  expect(await state()).toEqual(changed)

  await second.destroy()
  expect(await state()).toEqual(empty)
  const kms = await clientsOf(run.aws, run.aws.root).kms()
  const { KeyMetadata } = await kms.describeKey({ KeyId: String(outputs['keyId']) })
  expect(KeyMetadata?.KeyState).toBe('PendingDeletion')
  const daysLeft = ((KeyMetadata?.DeletionDate?.getTime() ?? 0) - Date.now()) / 86_400_000
  expect(Math.round(daysLeft)).toBe(7)
})

async function driftByHand(keyId: string, policyId: string): Promise<void> {
  const aws = clientsOf(run.aws, run.aws.root)
  const kms = await aws.kms()
  await kms.enableKeyRotation({ KeyId: keyId })
  await kms.putKeyPolicy({ KeyId: keyId, PolicyName: 'default', Policy: keyPolicy('ByHand') })
  await kms.putKeyPolicy({ KeyId: oldKey, PolicyName: 'default', Policy: keyPolicy('ByHand') })
  await kms.updateAlias({ AliasName: 'alias/data', TargetKeyId: keyId })
  await (
    await aws.sageMaker()
  ).deleteTags({
    ResourceArn: 'arn:aws:sagemaker:eu-west-1:111122223333:project/lab',
    TagKeys: ['team'],
  })
  const organizations = await clientsOf(run.aws, management).organizations()
  await organizations.updatePolicy({ PolicyId: policyId, Content: guardrail('organizations:Describe*') })
  await organizations.detachPolicy({ PolicyId: policyId, TargetId: run.aws.account })
}
