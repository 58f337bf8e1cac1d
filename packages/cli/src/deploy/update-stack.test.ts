import type { StackState } from '@ringfence/pulumi/deploy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runUp } from '../commands/up.js'
import { memoryIo } from '../memory-io.js'
import { fakeWorld } from './fake-world.fixture.js'
import { keptInRun, leftBy, revocationInstant, revokeLeavers } from './revoke-leavers.js'
import { type Session, withSession } from './session.js'
import { runsOfUpdate } from './update-stack.js'

/** A file with one member, who is in all of the teams. */
const declared = (...teams: readonly string[]) => `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: corp }
members: { gil: { signIn: federation, email: gil@acme.example } }
teams: { ${teams.map((team) => `${team}: [gil]`).join(', ')} }
datasets: { raw: {} }
grants: [${teams.map((team) => `{ to: ${team}, can: read, on: raw }`).join(', ')}]
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-leave-'))
  writeFileSync(join(folder, 'ringfence.yaml'), declared('research'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const options = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false } as const

/** A stack whose team has these members, who signed in by the identity provider. */
const deployed = (...members: readonly string[]): StackState => ({
  version: 3,
  deployment: {
    resources: [
      {
        urn: 'stack',
        type: 'pulumi:pulumi:Stack',
        outputs: {
          access: {
            identityProvider: {
              arn: 'arn:aws:iam::111122223333:saml-provider/corp',
              audience: 'https://signin.aws.amazon.com/saml',
            },
            members: Object.fromEntries(
              members.map((name) => [name, { kind: 'person', email: `${name}@acme.example` }]),
            ),
            teams: { research: members },
            grants: [{ to: 'team/research', can: ['read'], on: 'dataset/raw', under: '' }],
          },
        },
      },
      {
        urn: 'role',
        id: 'acme-research',
        type: 'aws:iam/role:Role',
        inputs: { name: 'acme-research', tags: { 'ringfence:team': 'research' } },
      },
    ],
  },
})

test.each([
  [['gil'], ['preview', 'up']],
  [
    ['fred', 'gil'],
    ['preview', 'up', 'up'],
  ],
])('a stack with %j: %j', async (members, calls) => {
  const world = fakeWorld({ state: deployed(...members) })
  const io = memoryIo({ cwd: folder })
  expect(await runUp({ ...options, yes: true, expectNoChanges: false }, io, world)).toBe(0)
  expect(world.calls.filter((call) => call !== 'close')).toEqual(calls)
})

test('a team that is called as what every object has joins others', async () => {
  const file = 'constructor.yaml'
  writeFileSync(join(folder, file), declared('research', 'constructor'))
  const io = memoryIo({ cwd: folder })
  const world = fakeWorld({ state: deployed('gil', 'fred') })
  expect(await runUp({ ...options, file, yes: true, expectNoChanges: false }, io, world)).toBe(0)
})

async function inSession(state: StackState, work: (session: Session) => void): Promise<void> {
  const io = memoryIo({ cwd: folder })
  await withSession(options, io, fakeWorld({ state }), async (session) => {
    work(session)
    return 0
  })
}

test('the role that somebody leaves refuses what was issued up to the end of the second, by the clock of AWS', async () => {
  const nowMs = Date.parse('2030-01-01T00:00:00.400Z')
  expect(revocationInstant(nowMs)).toBe('2030-01-01T00:00:01Z')
  await inSession(deployed('fred', 'gil'), (session) => {
    expect(leftBy(session)).toEqual([{ role: 'acme-research', team: 'research', members: ['fred'] }])
    const ahead = revokeLeavers({ ...session, awsAheadMs: 90_000 }, nowMs)
    expect(ahead.kept.revocations).toEqual({ 'acme-research': '2030-01-01T00:01:31Z' })
    const policy = ahead.plan.resources.find(({ id }) => id === 'revoked/acme-research')
    expect(policy).toMatchObject({ type: 'iam.Policy', name: 'acme-revoked-acme-research' })
    expect(revokeLeavers(ahead, nowMs - 3_600_000).kept).toEqual(ahead.kept)
    // The next update has to find again who left, as long as their sessions are not revoked for certain.
    const runs = runsOfUpdate(session)
    expect(runs.map((run) => keptInRun(session, run, nowMs).leaving)).toEqual([
      { 'acme-research': { members: ['fred'], subjects: {} } },
      undefined,
    ])
    expect(runs.map(({ revoke }) => revoke.map(({ role }) => role))).toEqual([
      ['acme-research'],
      ['acme-research'],
    ])
  })
})

test('nobody leaves a role that everybody may still take on', async () => {
  await inSession(deployed('gil'), (session) => {
    expect(revokeLeavers(session, 0)).toBe(session)
  })
})
