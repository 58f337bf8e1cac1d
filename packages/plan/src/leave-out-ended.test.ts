import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OrganizationInput, Plan, Result } from './index.js'
import { buildPlan, diffAccess, printPlan, readDeclaration } from './index.js'
import type { MembersWritten } from './schema.js'

const nowMs = Date.UTC(2035, 0, 1)
const hour = 3_600_000
const at = (hours: number): string => new Date(nowMs + hours * hour).toISOString()

type Input = Omit<OrganizationInput, 'members'> &
  Required<Pick<OrganizationInput, 'teams' | 'grants'>> & {
    readonly members: MembersWritten
  }

const head = {
  organization: 'acme',
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  datasets: { corpus: { owner: 'research' }, logs: {} },
}
const read = (value: OrganizationInput, ms = nowMs) => readDeclaration({ file: 'f.ts', value, nowMs: ms })

function planOf(value: OrganizationInput, ms?: number): Plan {
  const plan = built(value, ms)
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics))
  return plan.value
}

function built(value: OrganizationInput, ms?: number): Result<Plan> {
  const declared = read(value, ms)
  return declared.ok ? buildPlan(declared.value) : declared
}

const codes = (value: OrganizationInput): readonly string[] =>
  read(value).diagnostics.map(({ code, severity }) => `${severity} ${code}`)

const isOver = (instant: string | undefined): boolean => instant !== undefined && Date.parse(instant) <= nowMs

/** The file as somebody would have cleaned it up by hand. */
function cleaned({ members, teams, grants, ...rest }: Input): OrganizationInput {
  const keptMembers = Object.entries(members).filter(([, member]) => !isOver(member?.until))
  const names = new Set(keptMembers.map(([name]) => name))
  const keptTeams = Object.entries(teams).flatMap(([name, team]) => {
    const { members: list, until } = 'members' in team ? team : { members: team, until: undefined }
    return isOver(until)
      ? []
      : [[name, { members: list.filter((one) => names.has(one)), ...(until && { until }) }] as const]
  })
  const kept = new Set([...names, ...keptTeams.map(([name]) => name)])
  return {
    ...rest,
    datasets: { corpus: kept.has('research') ? { owner: 'research' } : {}, logs: {} },
    members: Object.fromEntries(keptMembers),
    teams: Object.fromEntries(keptTeams),
    grants: grants.filter((grant) => kept.has(grant.to) && !isOver(grant.until)),
  }
}

const until = fc.option(
  fc.integer({ min: -2, max: 2 }).map((hours) => ({ until: at(hours) })),
  { nil: {} },
)
const people = ['ada', 'bob', 'cy'] as const
const file: fc.Arbitrary<Input> = fc
  .record({
    ends: fc.array(until, { minLength: 9, maxLength: 9 }),
    lists: fc.tuple(fc.subarray([...people, 'dora']), fc.subarray([...people, 'dora'])),
  })
  .map(({ ends, lists }) => fileOf(ends, lists))

function fileOf(
  ends: readonly { readonly until?: string }[],
  [research, interns]: readonly [string[], string[]],
): Input {
  return {
    ...head,
    // Somebody is always left, and everybody has a grant of their own.
    members: { ada: { ...ends[0] }, bob: { ...ends[1] }, cy: { ...ends[2] }, dora: {} },
    teams: {
      research: { members: research, ...ends[3] },
      interns: { members: interns, ...ends[4] },
    },
    grants: [
      ...[...people, 'dora'].map((to) => ({ to, can: 'read' as const, on: 'logs', under: `${to}/` })),
      { to: 'research', can: ['read', 'write'], on: 'corpus', ...ends[5] },
      { to: 'interns', can: 'read', on: 'corpus', under: 'raw/', ...ends[6] },
      { to: 'ada', can: 'write', on: 'corpus', under: 'own/', ...ends[7] },
      { to: 'bob', can: 'delete', on: 'corpus', under: 'own/', ...ends[8] },
    ],
  }
}

describe('what has ended', () => {
  test('is as if somebody had removed it from the file', () => {
    fc.assert(
      fc.property(file, (value) => {
        expect(printPlan(planOf(value))).toBe(printPlan(planOf(cleaned(value))))
      }),
      { numRuns: 50 },
    )
  })

  test('never is an error, whenever the file is read', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: -3, max: 3 }), (value, hours) => {
        expect(read(value, nowMs + hours * hour).ok).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('gives nobody anything when it is left out', () => {
    fc.assert(
      fc.property(file, (value) => {
        const before = planOf(value, nowMs - 3 * hour).access
        const gains = diffAccess(before, planOf(value).access).filter(({ change }) => change === 'gains')
        expect(gains).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  test('is named, with what to remove', () => {
    const value: Input = {
      ...head,
      members: { ada: { until: at(-1) }, bob: {}, cy: {} },
      teams: { research: ['ada', 'bob'], interns: { members: ['cy'], until: at(-1) } },
      grants: [
        { to: 'research', can: 'read', on: 'corpus', until: at(-1) },
        { to: 'research', can: 'read', on: 'corpus' },
        { to: 'interns', can: 'read', on: 'logs' },
      ],
    }
    const told = read(value)
    expect(told.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning MEMBER_EXPIRED',
      'warning TEAM_EXPIRED',
      'warning GRANT_EXPIRED',
      'warning MEMBER_WITHOUT_ACCESS',
    ])
    const words = told.diagnostics.map(({ message, hint }) => `${message} ${hint}`).join('\n')
    expect(words).toContain('the member "ada" ended at 2034-12-31T23:00:00Z and is left out')
    expect(words).toContain('Remove the team, and what names it')
    expect(words).toContain('"cy" has no access any more')
    expect(told.ok && told.value.ended).toMatchObject({
      members: [{ name: 'ada' }],
      teams: [{ name: 'interns' }],
      grants: [{ to: { name: 'research' } }],
    })
    expect(told.ok && told.value.stores.map(({ owner }) => owner)).toEqual(['research', undefined])
  })

  test('takes guarantees about it along', () => {
    const value: Input = {
      ...head,
      members: { ada: {}, bob: { until: at(-1) } },
      teams: { research: ['ada', 'bob'] },
      grants: [{ to: 'research', can: 'read', on: 'corpus' }],
      guarantees: [
        { never: { who: 'bob', can: 'write', on: 'corpus' } },
        { never: { who: 'ada', can: 'write', on: 'corpus' } },
      ],
    }
    const told = read(value)
    expect(told.ok && told.value.guarantees).toMatchObject([{ kind: 'never', who: { name: 'ada' } }])
  })

  test('is an error where nobody would be left', () => {
    const value: Input = {
      ...head,
      members: { ada: { until: at(-1) } },
      teams: { research: ['ada'] },
      grants: [{ to: 'research', can: 'read', on: 'corpus' }],
    }
    expect(codes(value)).toEqual(['warning MEMBER_EXPIRED', 'error MEMBER_EXPIRED'])
  })
})

const keyed = (hours: number): Input => ({
  ...head,
  members: {
    ada: { keys: { until: at(hours) } },
    bot: { kind: 'service', keys: { until: at(hours) } },
  },
  teams: { research: ['ada', 'bot'] },
  grants: [{ to: 'research', can: 'read', on: 'corpus' }],
})

const ids = (plan: Plan, type: string) =>
  plan.resources.filter((one) => one.type === type).map(({ id }) => id)

describe('a key that has ended', () => {
  test('goes, and what refuses it stays', () => {
    const there = planOf(keyed(1), nowMs)
    const gone = planOf(keyed(-1), nowMs)
    expect(ids(there, 'iam.AccessKey')).toEqual(['member/ada/access-key', 'member/bot/access-key'])
    expect(ids(gone, 'iam.AccessKey')).toEqual([])
    expect(ids(gone, 'iam.User')).toEqual(['member/ada/user', 'member/bot/user'])
    const policies = gone.resources.flatMap((one) =>
      one.type === 'iam.PolicyAttachments' && one.target === 'user'
        ? [one.policyArns.filter((arn) => arn.includes('-end-')).length]
        : [],
    )
    expect(policies).toEqual([1, 1])
    expect(codes(keyed(-1))).toEqual(['warning KEY_EXPIRED', 'warning KEY_EXPIRED'])
  })

  test('gives nobody anything by going', () => {
    expect(diffAccess(planOf(keyed(-1), nowMs - 2 * hour).access, planOf(keyed(-1)).access)).toEqual([])
  })
})
