import { buildPlan, parseDeclaration, parseRoster } from '@ringfence/plan'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeWorld } from '../deploy/fake-world.fixture.js'
import type { DeployWorld } from '../deploy/world.js'
import type { Io } from '../io.js'
import { runKeysRevoke } from '../keys/revoke.js'
import { runKeysRotate } from '../keys/rotate.js'
import { memoryIo } from '../memory-io.js'
import { runUp } from './up.js'

const text = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: corp }
members: { from: roster.csv, bot: { kind: service, keys: { until: 2035-01-31 } } }
teams: { research: [bot] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }]
`
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-up-roster-'))
  writeFileSync(join(folder, 'ringfence.yaml'), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

const rosterOf = (people: readonly string[]): string =>
  ['name,id,email,signIn,teams', ...people.map((person) => `${person},research`), ''].join('\n')

/** Who may do what by a roster, as a stack of it has noted. */
function accessBy(people: readonly string[]) {
  const roster = parseRoster({ file: 'roster.csv', text: rosterOf(people) }).value
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0, roster })
  const built = parsed.ok ? buildPlan(parsed.value) : parsed
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value.access
}

const options = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false, yes: true } as const
const commands = {
  up: (io: Io, world: DeployWorld) => runUp({ ...options, expectNoChanges: false }, io, world),
  'keys rotate': (io: Io, world: DeployWorld) =>
    runKeysRotate({ ...options, members: ['bot'], due: false, force: false }, io, world),
  'keys revoke': (io: Io, world: DeployWorld) => runKeysRevoke({ ...options, member: 'bot' }, io, world),
}

/** What a command ends with that brings a stack from one roster to another. */
async function ended(
  before: readonly string[],
  after: readonly string[],
  command: keyof typeof commands = 'up',
): Promise<unknown> {
  writeFileSync(join(folder, 'roster.csv'), rosterOf(after))
  const stack = { urn: 'stack', type: 'pulumi:pulumi:Stack', outputs: { access: accessBy(before) } }
  const key = { urn: 'urn::acme/member/bot/access-key', type: 'aws:iam/accessKey:AccessKey', id: 'AKIA1' }
  const onAws = { user: 'bot', id: 'AKIA1', status: 'active', createdMs: 0 } as const
  const state = { version: 3, deployment: { resources: [stack, key] } }
  const world = fakeWorld({ state, accountKeys: [onAws] })
  const code = await commands[command](memoryIo({ cwd: folder }), world).catch(
    (error: { readonly code: string }) => error.code,
  )
  expect(world.calls.includes('up')).toBe(code === 0)
  return code
}

const ada = 'ada,1,ada@acme.example,user'
const people = (count: number) => Array.from({ length: count }, (_, index) => `m${index},${index},,`)

test.each([
  ['somebody else under the name of an IAM user', ['ada,2,eve@acme.example,user'], 'NAME_TAKEN_OVER'],
  ['the same person with another e-mail', ['ada,1,eve@acme.example,user'], 0],
  ['a roster without ids', ['ada,,ada@acme.example,user'], 0],
  ['somebody else who signs in by federation', ['ada,2,eve@acme.example,federation'], 0],
  ['somebody else under a name that nobody had', [ada, 'eve,2,eve@acme.example,user'], 0],
])('%s: %j', async (_, after, code) => {
  expect(await ended([ada], after)).toBe(code)
})

test('a roster that removes too many is refused against what is deployed', async () => {
  expect(await ended(people(40), people(36))).toBe(0)
  expect(await ended(people(40), people(35))).toBe('REMOVALS_REFUSED')
})

test.each(['keys rotate', 'keys revoke'] as const)('%s brings no such roster either', async (command) => {
  expect(await ended(people(40), people(36), command)).toBe(0)
  expect(await ended(people(40), people(35), command)).toBe('REMOVALS_REFUSED')
})
