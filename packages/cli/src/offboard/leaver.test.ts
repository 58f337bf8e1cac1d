import { IAM } from '@aws-sdk/client-iam'
import type { AccessSummary } from '@ringfence/plan'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeWorld } from '../deploy/fake-world.fixture.js'
import { withSession } from '../deploy/session.js'
import { memoryIo } from '../memory-io.js'
import { findLeaver } from './leaver.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-leaver-'))
  writeFileSync(
    join(folder, 'ringfence.yaml'),
    `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { ada: {} }
teams: { research: [ada] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }]
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['ADA', 'ada'],
  ['Grace', 'grace'],
])('%s is not taken for %s, whose user IAM would give', async (name, meant) => {
  const access: AccessSummary = { members: { grace: { kind: 'person' } }, teams: {}, grants: [] }
  const stack = { urn: 'stack', type: 'pulumi:pulumi:Stack', outputs: { access } }
  const world = fakeWorld({ state: { version: 3, deployment: { resources: [stack] } } })
  const options = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false } as const
  const io = memoryIo({ cwd: folder })
  // Nothing listens there: nobody is asked.
  const iam = new IAM({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:9', maxAttempts: 1 })
  const finding = withSession(options, io, world, async (opened) => {
    await findLeaver(name, opened, iam, io.nowMs())
    return 0
  })
  await expect(finding).rejects.toMatchObject({
    code: 'MEMBER_UNKNOWN',
    options: { hint: `did you mean ${meant}?` },
  })
})
