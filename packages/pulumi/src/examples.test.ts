import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { deployWithMocks } from './mocks/mock-deployment.fixture.js'

const examples = fileURLToPath(new URL('../../../examples', import.meta.url))
const programs = readdirSync(examples).filter((name) => name.startsWith('seed-'))

/** What each program must give out; a secret is given out as one. */
const expected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'seed-1-user-data-segregation': {
    userGroupABucketName: 'segregation-user-group-a-data-111122223333',
    userGroupBBucketName: 'segregation-user-group-b-data-111122223333',
    userGroupABucketUrl: 'https://segregation-user-group-a-data-111122223333.s3.eu-west-1.amazonaws.com/',
    userGroupBBucketUrl: 'https://segregation-user-group-b-data-111122223333.s3.eu-west-1.amazonaws.com/',
  },
  'seed-2-automated-user-provisioning': {
    aiModelDataBucketName: 'provisioning-ai-model-data-111122223333',
    aiUserName: 'ai-user',
    aiAccessKeyId: 'id of ai-user/member/ai-user/access-key',
    aiSecretAccessKey: 'secret of ai-user/member/ai-user/access-key',
  },
  'seed-3-training-platform-access': {
    trainingDataBucketName: 'training-training-data-111122223333',
    sagemakerRoleArn: 'arn:aws:iam::111122223333:role/ringfence/training/training-sagemaker-execution',
    sagemakerProjectArn: 'arn:aws:sagemaker:eu-west-1:111122223333:project/training-sagemaker',
    dataScientistsGroupName: 'scientists-data-scientists',
  },
  'seed-4-data-leakage-prevention': {
    bucketName: 'leakage-ai-data-111122223333',
    bucketArn: 'arn:aws:s3:::leakage-ai-data-111122223333',
    accessBlockId: 'id of ai-data/dataset/ai-data/public-access-block',
  },
  'seed-5-centralized-policies': {
    aiTeamDataBucketName: 'central-ai-team-data-111122223333',
    aiUserName: 'wei',
    aiPolicyArn: 'arn:aws:iam::111122223333:policy/ringfence/central/central-team-ai-team-1',
  },
}

async function run(name: string, config: Record<string, string>) {
  vi.resetModules()
  return deployWithMocks(async () => {
    const exported = (await import(`${examples}/${name}/index.ts`)) as Record<string, unknown>
    return { ...exported }
  }, config)
}

test('there is a program for every seed', () => {
  expect(programs).toEqual(Object.keys(expected))
})

test.each(programs)('%s runs, and gives out what the seed did', async (name) => {
  const { values, secrets, registered } = await run(name, { 'project:product': 'prod-abcdefghijklm' })
  expect(values).toEqual(expected[name])
  expect(secrets).toEqual(Object.keys(values).filter((key) => key === 'aiSecretAccessKey'))
  // Two things of one name on AWS would end the deployment in its middle.
  const physical = registered.flatMap(({ type, inputs }) =>
    /:(Bucket|User|Group|Role|Policy|Alias)$/.test(type)
      ? [`${type} ${String(inputs['bucket'] ?? inputs['name'])}`]
      : [],
  )
  expect(new Set(physical).size).toBe(physical.length)
})

test('without a product of Service Catalog there is no project', async () => {
  const { values, registered } = await run('seed-3-training-platform-access', {})
  expect(values['sagemakerProjectArn']).toBeUndefined()
  expect(registered.map(({ type }) => type)).not.toContain('aws:sagemaker/project:Project')
})

test.each(programs)('%s has at most 40 lines', (name) => {
  expect(
    readFileSync(`${examples}/${name}/index.ts`, 'utf8').trimEnd().split('\n').length,
  ).toBeLessThanOrEqual(40)
})
