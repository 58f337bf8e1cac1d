import type { StackState } from '@ringfence/pulumi/deploy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo } from '../memory-io.js'
import { fakeWorld } from './fake-world.fixture.js'
import { repairInterrupted } from './repair-interrupted.js'
import { withSession } from './session.js'

const instanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-repair-'))
  writeFileSync(
    join(folder, 'ringfence.yaml'),
    `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { identityCenter: { instance: '${instanceArn}', identityStore: d-0123456789 } }
members: { susan: { signIn: federation, email: susan@acme.example } }
teams: { product: [susan] }
datasets: { raw: {} }
grants: [{ to: product, can: read, on: raw }]
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

it('brings a permission set that was being changed to its role, before the state says that nothing is open', async () => {
  const resource = {
    urn: 'urn:pulumi:dev::p::aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment::acme/one',
    type: 'aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment',
    id: 'one',
    inputs: { instanceArn, permissionSetArn },
  }
  const state: StackState = {
    version: 3,
    deployment: { resources: [resource], pending_operations: [{ type: 'deleting', resource }] },
  }
  const world = fakeWorld({ state, unprovisioned: ['there is no such policy'] })
  const io = memoryIo({ cwd: folder })
  const options = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false } as const
  const by = { ...options, identityCenterProfile: 'people' }
  const code = await withSession(by, io, world, async (session) => {
    await repairInterrupted(session, io, world)
    return exitCode.ok
  })
  expect([code, world.calls]).toEqual([
    exitCode.ok,
    [
      `check ${instanceArn} by people`,
      `provision ${permissionSetArn} in 111122223333 by people`,
      'writeState',
      'refresh',
      'close',
    ],
  ])
  expect(io.written.stderr).toContain(
    'warning: Identity Center did not bring a permission set to its role: there is no such policy\n',
  )
})
