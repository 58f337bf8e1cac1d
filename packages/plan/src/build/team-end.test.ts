import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Declaration, OrganizationInput, Plan } from '../index.js'
import { buildPlan, diffAccess, exportPlan, readDeclaration } from '../index.js'
import { createDecider } from './decide.fixture.js'

const start = Date.UTC(2035, 0, 1)
const hourMs = 3_600_000
/** ISO 8601, so many hours after the start. */
const at = (hours: number): string => new Date(start + hours * hourMs).toISOString().replace('.000Z', 'Z')

interface Ends {
  readonly member?: number | undefined
  readonly teams: readonly [number | undefined, number | undefined]
  readonly grants: readonly [number | undefined, number | undefined]
  readonly own?: number | undefined
}

const until = (hours: number | undefined) => (hours === undefined ? {} : { until: at(hours) })

/** Ada reads two prefixes through two teams, and a third by a grant of her own; so does somebody who signs in by federation. */
function organization({ member, teams, grants, own }: Ends): OrganizationInput {
  return {
    organization: 'acme',
    account: '111122223333',
    region: 'eu-west-1',
    administrators: ['role/platform-admin'],
    identityProvider: { saml: 'sso' },
    members: {
      ada: until(member),
      guest: { email: 'guest@acme.example', signIn: 'federation', ...until(member) },
    },
    teams: {
      'team-0': { members: ['ada', 'guest'], ...until(teams[0]) },
      'team-1': { members: ['ada', 'guest'], ...until(teams[1]) },
    },
    datasets: { corpus: { encryption: 'kms' } },
    grants: [
      { to: 'team-0', can: 'read', on: 'corpus', under: 'p0/', ...until(grants[0]) },
      { to: 'team-1', can: 'read', on: 'corpus', under: 'p1/', ...until(grants[1]) },
      { to: 'ada', can: 'read', on: 'corpus', under: 'own/', ...until(own) },
    ],
  }
}

function planned(value: OrganizationInput): { readonly declaration: Declaration; readonly plan: Plan } {
  const read = readDeclaration({ file: 'ringfence.ts', value, nowMs: start - hourMs })
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
  const built = buildPlan(read.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return { declaration: read.value, plan: built.value }
}

const end = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined })
const ends: fc.Arbitrary<Ends> = fc.record({
  member: end,
  teams: fc.tuple(end, end),
  grants: fc.tuple(end, end),
  own: end,
})

const holds = (hours: number, ...limits: readonly (number | undefined)[]): boolean =>
  limits.every((limit) => limit === undefined || hours < limit)

test('what comes through a team ends with it, what comes another way does not', () => {
  fc.assert(
    fc.property(ends, (given) => {
      const { plan } = planned(organization(given))
      const decide = createDecider(plan)
      const reads = (who: string, prefix: string, hours: number, subject?: string): boolean =>
        decide({
          who,
          action: 's3:GetObject',
          resource: `arn:aws:s3:::acme-corpus-111122223333/${prefix}x`,
          context: {
            'aws:CurrentTime': at(hours),
            ...(subject === undefined ? {} : { 'SAML:sub': subject }),
          },
        }) === 'allow'
      const ada = 'arn:aws:iam::111122223333:user/ringfence/acme/ada'
      for (let hours = 0; hours <= 6; hours += 1) {
        const shown = JSON.stringify({ given, hours })
        for (const team of [0, 1] as const) {
          const { grants, member, teams } = given
          expect(reads(ada, `p${team}/`, hours), shown).toBe(holds(hours, member, teams[team], grants[team]))
          // Sessions that began before the end: the member's own is theirs alone.
          const role = `arn:aws:iam::111122223333:role/ringfence/acme/acme-team-${team}`
          const session = (subject: string) => reads(role, `p${team}/`, hours, subject)
          expect(session('guest@acme.example'), shown).toBe(holds(hours, member, teams[team], grants[team]))
          expect(session('grace@acme.example'), shown).toBe(holds(hours, teams[team], grants[team]))
        }
        expect(reads(ada, 'own/', hours), shown).toBe(holds(hours, given.member, given.own))
      }
    }),
    { numRuns: 40 },
  )
})

const ending: Ends = { member: 4, teams: [2, undefined], grants: [undefined, undefined] }

test('the role of a team lets nobody in after its end', () => {
  const { plan } = planned(organization(ending))
  const found = plan.resources.flatMap((one) =>
    one.type === 'iam.Role' && one.id.startsWith('team/')
      ? one.assumeRolePolicy.Statement.map(({ Condition }) => [
          one.id,
          Condition?.['DateLessThan']?.['aws:CurrentTime'],
        ])
      : [],
  )
  expect(found).toEqual([
    ['team/team-0/role', at(2)],
    ['team/team-1/role', at(4)],
  ])
})

/** The policies that refuse sessions: names, and conditions of the denials. */
function refusals(input: OrganizationInput, revocations: Readonly<Record<string, string>>) {
  const built = buildPlan(planned(input).declaration, {}, { accessKeys: {}, revocations })
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value.resources.flatMap((one) =>
    one.type === 'iam.Policy' && one.id.startsWith('revoked/')
      ? [[one.name, ...one.policy.Statement.map(({ Condition }) => Condition)]]
      : [],
  )
}

const guestHasEnded = (subject: string) => ({
  StringEquals: { [subject]: 'guest@acme.example' },
  DateGreaterThanEquals: { 'aws:CurrentTime': at(4) },
})
const issuedBefore = (instant: string) => ({ DateLessThan: { 'aws:TokenIssueTime': instant } })

test('sessions of members end with them by the policy that refuses revoked ones, in one document', () => {
  const value = organization(ending)
  // Of the first team all is over by then.
  expect(refusals(value, {})).toEqual([['acme-revoked-acme-team-1', guestHasEnded('SAML:sub')]])
  const revoked = { 'acme-team-0': at(0), 'acme-team-1': at(1) }
  const identityProvider = { oidc: 'login.acme.example/realm', audience: 'aws' }
  expect(refusals({ ...value, identityProvider }, revoked)).toEqual([
    ['acme-revoked-acme-team-0', issuedBefore(at(0))],
    ['acme-revoked-acme-team-1', issuedBefore(at(1)), guestHasEnded('login.acme.example/realm:sub')],
  ])
})

test('the end of a team is a change of access for those who hold something through it', () => {
  const without = planned(organization({ ...ending, teams: [undefined, undefined] })).plan.access
  const changes = diffAccess(without, planned(organization(ending)).plan.access)
  expect(changes).toEqual(
    (['ada', 'guest'] as const).map((name) => ({
      who: `member/${name}`,
      change: 'loses',
      can: 'read',
      on: 'dataset/corpus',
      under: 'p0/',
      until: at(4),
      except: [{ under: 'p0/', until: at(2) }],
    })),
  )
})

test('the other tools get the same conditions', () => {
  const { plan } = planned(organization(ending))
  for (const target of ['cloudformation', 'terraform'] as const) {
    const exported = exportPlan(plan, target)
    if (!exported.ok) throw new Error(JSON.stringify(exported.diagnostics))
    // Object, listing and key of the team's grant, and the trust of its role.
    expect(exported.value.split(at(2)).length - 1, target).toBeGreaterThanOrEqual(4)
  }
})

test('a team ends when the file says, in the short form never', () => {
  const value = organization(ending)
  const short = planned({ ...value, teams: { ...value.teams, 'team-1': ['ada', 'guest'] } }).declaration
  expect(short.teams.map(({ name, members, until: last }) => [name, members, last])).toEqual([
    ['team-0', ['ada', 'guest'], at(2)],
    ['team-1', ['ada', 'guest'], undefined],
  ])
})
