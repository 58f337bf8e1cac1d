import { keptWith, type RecordedResource, runsOf, type UpdateRun } from '@ringfence/lifecycle'
import { nothingKept, type Declaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { askedBy, keyOf, type Registration } from './registrations.js'
import { urnOf } from './small-engine.js'
import { declare, planOf, type SmallOrganization } from './small-organization.js'

function declared(organization: SmallOrganization): Declaration {
  return declare(organization, Date.UTC(2030, 0, 1))
}

/** What a stack's state has once a file was deployed. */
async function recordedOf(organization: SmallOrganization): Promise<readonly RecordedResource[]> {
  const { registrations } = await askedBy(planOf(declared(organization)))
  return registrations.filter(({ custom }) => custom).map(recorded)
}

function recorded({ inputs, name, type }: Registration): RecordedResource {
  return { urn: urnOf(keyOf(type, name)), id: name, type, inputs }
}

const old: SmallOrganization = {
  members: { ada: { teams: ['red'] }, fay: { teams: ['red'] } },
  grants: [
    { to: 'red', can: ['read', 'write'], on: 'corpus' },
    { to: 'blue', can: ['read'], on: 'labels' },
  ],
}
const { ada, fay } = old.members
const withBot: SmallOrganization = { ...old, members: { ...old.members, bot: { teams: ['blue'] } } }
const mover: SmallOrganization = { ...old, members: { ...old.members, ada: { teams: ['blue'] } } }

/** Of each run: who is in which team, and from which roles sessions are revoked. */
async function runs(next: SmallOrganization, resources?: readonly RecordedResource[]) {
  const noted = {
    access: planOf(declared(old)).access,
    kept: nothingKept,
    resources: resources ?? (await recordedOf(old)),
  }
  return runsOf(declared(next), noted, planOf).map(({ declaration, revoke, isRevokedAgain }) => ({
    teams: Object.fromEntries(declaration.teams.map((team) => [team.name, team.members])),
    can: declaration.grants.map((grant) => grant.can.join('+')),
    revoke: revoke.map(({ role, members }) => `${role} from ${members.join(', ')}`),
    isRevokedAgain,
  }))
}

const one = { revoke: [], isRevokedAgain: false }
const can = ['read+write', 'read']

test.each([
  ['who joins', withBot, [{ ...one, can, teams: { red: ['ada', 'fay'], blue: ['eve', 'bot'] } }]],
  [
    'who leaves',
    { ...old, members: { fay: fay! } },
    [{ ...one, can, teams: { red: ['fay'], blue: ['eve'] } }],
  ],
  [
    'who moves: first out of the old team, then into the new one',
    mover,
    [
      { ...one, can, teams: { red: ['fay'], blue: ['eve'] } },
      { ...one, can, teams: { red: ['fay'], blue: ['eve', 'ada'] } },
    ],
  ],
  [
    'a grant that is another: first what both have',
    { ...old, grants: [{ to: 'red', can: ['read', 'delete'], on: 'corpus' }] },
    [
      { ...one, can: ['read'], teams: { red: ['ada', 'fay'], blue: ['eve'] } },
      { ...one, can: ['read+delete'], teams: { red: ['ada', 'fay'], blue: ['eve'] } },
    ],
  ],
  [
    'who leaves a role: revoked twice, and noted until then',
    { ...old, members: { ada: ada! } },
    [
      { teams: { red: ['ada'], blue: ['eve'] }, can, revoke: ['lab-red from fay'], isRevokedAgain: true },
      { teams: { red: ['ada'], blue: ['eve'] }, can, revoke: ['lab-red from fay'], isRevokedAgain: false },
    ],
  ],
] satisfies [string, SmallOrganization, unknown][])('%s', async (_who, next, expected) => {
  expect(await runs(next)).toEqual(expected)
})

test('what an update that was stopped has given is taken away before something else is given', async () => {
  const [there, begun] = [await recordedOf(old), await recordedOf(mover)]
  const stopped = there.map((resource) =>
    resource.type === 'aws:iam/policy:Policy'
      ? resource
      : (begun.find(({ urn }) => urn === resource.urn) ?? resource),
  )
  expect(await runs(withBot, stopped)).toHaveLength(2)
})

test('a first deployment that was stopped is carried on with in one run', async () => {
  const half = (await recordedOf(old)).filter((_, index) => index % 3 > 0)
  expect(
    runsOf(declared(old), { access: undefined, kept: nothingKept, resources: half }, planOf),
  ).toHaveLength(1)
  expect(
    runsOf(declared(mover), { access: undefined, kept: nothingKept, resources: half }, planOf),
  ).toHaveLength(2)
})

test('whom a stopped update let into a role has to leave it as well', async () => {
  const joined: SmallOrganization = { ...old, members: { ...old.members, gus: { teams: ['red'] } } }
  const [first] = await runs(old, await recordedOf(joined))
  expect(first).toMatchObject({ revoke: ['lab-red from gus@lab.example'], isRevokedAgain: true })
})

test('a service that takes the tokens of another pipeline lets in neither until the first is refused', async () => {
  const before: SmallOrganization = {
    ...old,
    members: { ...old.members, nightly: { teams: ['red'] } },
  }
  const noted = {
    access: planOf(declared(before)).access,
    kept: nothingKept,
    resources: await recordedOf(before),
  }
  const after = declared({ ...before, hasMoved: true })
  const told = runsOf(after, noted, planOf).map(({ declaration, isRevokedAgain, revoke }) => ({
    subjects: declaration.members.find(({ name }) => name === 'nightly')?.oidc?.subjects,
    revoke: revoke.map(({ role }) => role),
    isRevokedAgain,
  }))
  expect(told).toEqual([
    { subjects: [], revoke: ['lab-nightly-service'], isRevokedAgain: true },
    { subjects: [], revoke: ['lab-nightly-service'], isRevokedAgain: false },
    { subjects: ['repo:lab/app-next:ref:refs/heads/main'], revoke: [], isRevokedAgain: false },
  ])
})

/** Of each run: who is in the team whose role somebody leaves, and from whom its sessions are revoked. */
function tellRed(all: readonly UpdateRun[]) {
  return all.map(({ declaration, isRevokedAgain, revoke }) => ({
    red: declaration.teams.find(({ name }) => name === 'red')?.members,
    revoke: revoke.map(({ role, members }) => `${role} from ${members.join(', ')}`),
    isRevokedAgain,
  }))
}

test('who signs in by another e-mail leaves, and joins once the first one is refused', async () => {
  const before: SmallOrganization = { ...old, members: { ...old.members, gus: { teams: ['red'] } } }
  const noted = {
    access: planOf(declared(before)).access,
    kept: nothingKept,
    resources: await recordedOf(before),
  }
  const after = declared({ ...before, isRenamed: true })
  const revoke = ['lab-red from gus@lab.example']
  const all = runsOf(after, noted, planOf)
  const [first] = all
  const joins = { red: ['ada', 'fay', 'gus'], revoke: [], isRevokedAgain: false }
  expect(tellRed(all)).toEqual([
    { red: ['ada', 'fay'], revoke, isRevokedAgain: true },
    { red: ['ada', 'fay'], revoke, isRevokedAgain: false },
    joins,
  ])
  // Stopped in the first run or after it: the trust does not name them any more, and sessions from before may go on.
  const kept = keptWith(nothingKept, first!, '2030-01-01T00:00:00Z')
  for (const access of [noted.access, planOf(first!.declaration).access]) {
    const stopped = { access, kept, resources: await recordedOf(old) }
    const next = tellRed(runsOf(after, stopped, planOf))
    expect(next.map((told) => told.revoke)).toEqual([revoke, revoke, []])
    expect(next.at(-1)).toEqual(joins)
  }
})

test('whom a stopped update let in, and the next one, stopped as well, out again, is refused for certain', async () => {
  const joined: SmallOrganization = { ...old, members: { ...old.members, gus: { teams: ['red'] } } }
  const { access } = planOf(declared(old))
  const noted = { access, kept: nothingKept, resources: await recordedOf(joined) }
  const [first, second] = runsOf(declared(old), noted, planOf)
  const kept = keptWith(nothingKept, first!, '2030-01-01T00:00:00Z')
  expect(kept.leaving).toEqual({
    'lab-red': { members: ['gus@lab.example'], subjects: { 'SAML:sub': ['gus@lab.example'] } },
  })
  const stopped = { access, kept, resources: await recordedOf(old) }
  expect(tellRed(runsOf(declared(old), stopped, planOf))).toEqual(tellRed([first!, second!]))
  expect(keptWith(kept, second!, '2030-01-01T00:00:09Z')).toEqual({
    ...nothingKept,
    revocations: { 'lab-red': '2030-01-01T00:00:09Z' },
  })
})

const signInOf = (name: string) => (declaration: Declaration) => ({
  red: declaration.teams.find((team) => team.name === 'red')?.members,
  signIn: declaration.members.find((member) => member.name === name)?.signIn,
})

test.each([
  ['gets an IAM user', 'fay', 'user', ['lab-red from fay']],
  ['had an IAM user, and signs in by federation from now on', 'ada', 'federation', []],
] as const)('who %s leaves, and joins in a run after that', async (_who, name, signIn, revoked) => {
  const tell = signInOf(name)
  const noted = { access: planOf(declared(old)).access, kept: nothingKept, resources: await recordedOf(old) }
  const next = { ...old, otherWay: [name] }
  const others = ['ada', 'fay'].filter((other) => other !== name)
  const told = (all: readonly UpdateRun[]) =>
    all.map(({ declaration, isRevokedAgain, revoke }) => ({
      ...tell(declaration),
      revoke: revoke.map(({ role, members }) => `${role} from ${members.join(', ')}`),
      isRevokedAgain,
    }))
  const first = runsOf(declared(next), noted, planOf)
  const isRevokedAgain = revoked.length > 0
  expect(told(first)).toEqual([
    { red: others, signIn, revoke: revoked, isRevokedAgain },
    ...(isRevokedAgain ? [{ red: others, signIn, revoke: revoked, isRevokedAgain: false }] : []),
    { red: ['ada', 'fay'], signIn, revoke: [], isRevokedAgain: false },
  ])
  // Killed when what they sign in by now was there already: nothing of that is noted, and the first one is left all the same.
  const known = new Set(noted.resources.map(({ urn }) => urn))
  const made = (await recordedOf(next)).filter(({ urn }) => !known.has(urn))
  const killed = runsOf(declared(next), { ...noted, resources: [...noted.resources, ...made] }, planOf)
  expect(told(killed).at(-1)).toEqual(told(first).at(-1))
  // Once it is done, nobody leaves any more, and nothing waits.
  const done = { access: planOf(declared(next)).access, kept: nothingKept, resources: await recordedOf(next) }
  expect(told(runsOf(declared(next), done, planOf))).toEqual([
    { red: ['ada', 'fay'], signIn, revoke: [], isRevokedAgain: false },
  ])
})

test('whom another identity provider vouches for leaves, and joins in a run after that', async () => {
  const noted = { access: planOf(declared(old)).access, kept: nothingKept, resources: await recordedOf(old) }
  const runsOfNext = runsOf(declared({ ...old, vouchedBy: 'next' }), noted, planOf)
  const members = ['fay@lab.example']
  const left = { role: 'lab-red', team: 'red', members, subjects: { 'SAML:sub': members } }
  expect(runsOfNext.map(({ declaration, revoke }) => [signInOf('fay')(declaration).red, revoke])).toEqual([
    [['ada'], [left]],
    [['ada'], [left]],
    [['ada', 'fay'], []],
  ])
})

test('before the first one with an end joins a role that is there, what will end their sessions is attached', async () => {
  const joined = { ...old, members: { ...old.members, gus: { teams: ['red'], until: '2031-01-01' } } }
  const noted = { access: planOf(declared(old)).access, kept: nothingKept, resources: await recordedOf(old) }
  const [first, second, ...more] = runsOf(declared(joined), noted, planOf)
  expect(more).toEqual([])
  expect([first, second].map((run) => [signInOf('gus')(run!.declaration).red, run?.prepare])).toEqual([
    [['ada', 'fay'], ['lab-red']],
    [['ada', 'fay', 'gus'], []],
  ])
  const kept = keptWith(nothingKept, first!, '2030-01-01T00:00:00Z')
  expect(kept).toEqual({ ...nothingKept, revocations: { 'lab-red': '1970-01-01T00:00:00Z' } })
  const { registrations } = await askedBy(planOf(first!.declaration, kept))
  const attached = registrations.find(({ name }) => name.endsWith('lab-revoked-lab-red'))
  expect(attached?.type).toBe('aws:iam/rolePolicyAttachment:RolePolicyAttachment')
  // Once it is attached, and where the role itself is new, there is nothing to prepare.
  const again = { ...noted, kept, resources: [...noted.resources, recorded(attached!)] }
  const withoutRole = noted.resources.filter(({ inputs }) => !JSON.stringify(inputs).includes('lab-red'))
  for (const next of [again, { ...noted, resources: withoutRole }]) {
    expect(runsOf(declared(joined), next, planOf).flatMap(({ prepare }) => prepare)).toEqual([])
  }
})
