import { join } from 'node:path'
import { startLocalAws, type LocalAws } from '@ringfence/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runClient } from './client-run.js'

let aws: LocalAws

beforeAll(async () => {
  aws = await startLocalAws({ account: '111122223333', region: 'eu-west-1' })
})
afterAll(async () => {
  await aws?.close()
})

const script = join(import.meta.dirname, 'boto3_session.py')
const sections = ['objects', 'listing', 'hosts', 'identity', 'training', 'keys'] as const

test.each(sections)('boto3: %s', async (section) => {
  const { status, stdout, stderr } = await runClient('python', [script, section], aws, aws.root)
  expect(status, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toContain(`${section}: ok`)
})
