import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import { expect, test } from 'vitest'
import { accountState, clientsOf } from './account-state.js'
import { startEngineRun, type EngineRun } from './engine-run.js'
import { findSecrets } from './find-secrets.js'
import { pointProvidersAt } from './organization-run.js'

const examples = join(import.meta.dirname, '..', '..', '..', '..', 'examples')
const folders = readdirSync(examples).filter((name) => name.startsWith('seed-'))
const arn = (rest: string) => `arn:aws:iam::111122223333:${rest}`

/** What each program exports, as its seed does; secrets and what AWS makes up by their form. */
const exported: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'seed-1-user-data-segregation': {
    userGroupABucketName: 'segregation-user-group-a-data-111122223333',
    userGroupBBucketName: 'segregation-user-group-b-data-111122223333',
    userGroupABucketUrl: 'https://segregation-user-group-a-data-111122223333.s3.eu-west-1.amazonaws.com/',
    userGroupBBucketUrl: 'https://segregation-user-group-b-data-111122223333.s3.eu-west-1.amazonaws.com/',
  },
  'seed-2-automated-user-provisioning': {
    aiModelDataBucketName: 'provisioning-ai-model-data-111122223333',
    aiUserName: 'ai-user',
    aiAccessKeyId: expect.stringMatching(/^AKIA/),
    aiSecretAccessKey: expect.stringMatching(/^.{40}$/),
  },
  'seed-3-training-platform-access': {
    trainingDataBucketName: 'training-training-data-111122223333',
    sagemakerRoleArn: arn('role/ringfence/training/training-sagemaker-execution'),
    sagemakerProjectArn: 'arn:aws:sagemaker:eu-west-1:111122223333:project/training-sagemaker',
    dataScientistsGroupName: 'scientists-data-scientists',
  },
  'seed-4-data-leakage-prevention': {
    bucketName: 'leakage-ai-data-111122223333',
    bucketArn: 'arn:aws:s3:::leakage-ai-data-111122223333',
    accessBlockId: 'leakage-ai-data-111122223333',
  },
  'seed-5-centralized-policies': {
    aiTeamDataBucketName: 'central-ai-team-data-111122223333',
    aiUserName: 'wei',
    aiPolicyArn: arn('policy/ringfence/central/central-team-ai-team-1'),
  },
}

test('every seed has a program, and what it exports is known', () => {
  expect(folders).toEqual(Object.keys(exported))
})

test.each(folders)(
  'the program of %s: deployed at the first try, unchanged by a second up, destroyed',
  async (folder) => {
    const aws = await startLocalAws({ account: '111122223333', region: 'eu-west-1' })
    const run = await startEngineRun({ aws, deployAs: makeAdministrator })
    try {
      const before = await accountState(aws)
      const stack = await run.stack(programOf(folder, run))
      await stack.stack.setConfig('product', { value: 'prod-abcdefghijklm' })
      const first = await stack.up()
      expect(first.outputs).toEqual(exported[folder])
      expect(Object.keys(first.changes)).toEqual(['create'])
      const second = await stack.up()
      expect(second.changes).toEqual({ same: first.changes.create })
      expect(second.outputs).toEqual(first.outputs)
      const secret = first.outputs['aiSecretAccessKey']
      if (typeof secret === 'string') expect((await findSecrets(run.folder, [secret])).found).toEqual([])
      await stack.destroy()
      expect(await accountState(aws)).toEqual(before)
    } finally {
      await run.close()
      await aws.close()
    }
  },
)

let loads = 0

/** A program is a module that is loaded anew for every update, and exports the stack's outputs. */
function programOf(folder: string, run: EngineRun): () => Promise<Record<string, unknown>> {
  const path = pathToFileURL(join(examples, folder, 'index.ts'))
  return async () => {
    pointProvidersAt(run)
    loads += 1
    const module = (await import(`${path.href}?load=${loads}`)) as Record<string, unknown>
    return { ...module }
  }
}

/** The role that the programs name as administrator, and a session of it. */
async function makeAdministrator(aws: LocalAws): Promise<LocalCredentials> {
  const iam = await clientsOf(aws, aws.root).iam()
  const principal = `arn:aws:iam::${aws.account}:root`
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
  })
  const RoleName = 'platform-admin'
  await iam.createRole({ RoleName, AssumeRolePolicyDocument })
  await iam.attachRolePolicy({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
  const roleArn = arn(`role/${RoleName}`)
  return aws.issueRoleSession({ roleArn, sessionName: 'program', principal, action: 'sts:AssumeRole' })
}
