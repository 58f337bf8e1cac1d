import { describe, expect, test } from 'vitest'
import type { AccessChange, AccessGrant, AccessSummary } from './access.js'
import { exampleNames, load, loadExample } from './build/examples.fixture.js'
import { diffAccess } from './diff-access.js'

const grant = (to: string, under = '', until?: string): AccessGrant => ({
  to: to as AccessGrant['to'],
  can: ['read'],
  on: 'dataset/d',
  under,
  ...(until === undefined ? {} : { until }),
})
const state = (
  teams: Record<string, string[]>,
  grants: AccessGrant[],
  members: AccessSummary['members'] = { ada: { kind: 'person' }, bob: { kind: 'person' } },
): AccessSummary => ({ members, teams, grants })

function print({ who, change, can, on, under, until, except }: AccessChange): string {
  const parts = except?.map(
    (part) => `${part.under}*${part.until === undefined ? '' : ` until ${part.until}`}`,
  )
  return [
    `${who} ${change} ${can} on ${on} ${under}*`,
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(parts === undefined ? [] : [`except ${parts.join(', ')}`]),
  ].join(' ')
}

describe('a change of access', () => {
  const both = state({ t: ['ada', 'bob'] }, [grant('team/t')])
  test.each<[string, AccessSummary | undefined, AccessSummary, string[]]>([
    ['nothing was there', undefined, both, ['ada gains', 'bob gains'].map((text) => `member/${text} read on dataset/d *`)],
    ['nothing changes', both, both, []],
    ['a member leaves a team', both, state({ t: ['bob'] }, [grant('team/t')]), ['member/ada loses read on dataset/d *']],
    ['a member leaves', both, { ...both, members: { bob: { kind: 'person' } } }, ['member/ada loses read on dataset/d *']],
    ['the same through another team', both, state({ t: ['bob'], u: ['ada'] }, [grant('team/t'), grant('team/u')]), []],
    ['the same through a grant of their own', both, state({ t: ['bob'] }, [grant('team/t'), grant('member/ada')]), []],
    ['a grant inside a wider one', both, state({ t: ['ada', 'bob'] }, [grant('team/t'), grant('member/ada', 'raw/')]), []],
    [
      'a wider grant',
      state({ t: ['ada'] }, [grant('team/t', 'raw/')]),
      state({ t: ['ada'] }, [grant('team/t')]),
      ['member/ada gains read on dataset/d * except raw/*'],
    ],
    [
      'a narrower grant',
      state({ t: ['ada'] }, [grant('team/t')]),
      state({ t: ['ada'] }, [grant('team/t', 'raw/')]),
      ['member/ada loses read on dataset/d * except raw/*'],
    ],
    [
      'a later end',
      state({ t: ['ada'] }, [grant('team/t', '', '2035-01-01T00:00:00Z')]),
      state({ t: ['ada'] }, [grant('team/t', '', '2036-01-01T00:00:00Z')]),
      ['member/ada gains read on dataset/d * until 2036-01-01T00:00:00Z except * until 2035-01-01T00:00:00Z'],
    ],
    [
      'an end of all access of a member',
      both,
      { ...both, members: { ...both.members, ada: { kind: 'person', until: '2035-01-01T00:00:00Z' } } },
      ['member/ada loses read on dataset/d * except * until 2035-01-01T00:00:00Z'],
    ],
    ['a grant to a platform', both, { ...both, grants: [...both.grants, grant('platform/p')] }, ['platform/p gains read on dataset/d *']],
  ])('%s', (_, before, after, expected) => {
    expect(diffAccess(before, after).map(print)).toEqual(expected)
  }) // prettier-ignore
})

test.each(exampleNames)('%s: the same file is no change, and all of it is gained at first', (name) => {
  const { plan, declaration } = loadExample(name)
  expect(diffAccess(plan.access, JSON.parse(JSON.stringify(plan.access)) as AccessSummary)).toEqual([])
  const gained = diffAccess(undefined, plan.access)
  expect(new Set(gained.map((one) => one.change))).toEqual(new Set(['gains']))
  const reached = new Set(gained.map((one) => one.on))
  for (const { on } of declaration.grants.filter((one) => one.to.kind === 'member'))
    expect(reached).toContain(`${on.kind}/${on.name}`)
  const lost = diffAccess(plan.access, { members: {}, teams: {}, grants: [] })
  expect(lost.map(print)).toEqual(gained.map((one) => print(one).replace(' gains ', ' loses ')))
})

test('access is summed up alike however the file splits it', () => {
  const head = `organization: acme\naccount: '111122223333'\nregion: eu-west-1\nadministrators: [role/platform-admin]\n`
  const body = `members: { bot: { kind: service, keys: { until: 2035-01-01 } }, ada: {} }\nteams: { t: [bot, ada] }\ndatasets: { d: {} }\n`
  const platform = `platforms: { p: { kind: sagemaker, reads: [d], writes: [d] } }\n`
  const one = load(`${head}${body}${platform}grants: [{ to: t, can: [write, read], on: d }]\n`)
  const two = load(
    `${head}${body}${platform}grants: [{ to: t, can: read, on: d }, { to: t, can: write, on: d }]\n`,
  )
  expect(one.plan.access).toEqual(two.plan.access)
  expect(one.plan.access).toEqual({
    members: { ada: { kind: 'person' }, bot: { kind: 'service', until: '2035-01-02T00:00:00Z' } },
    teams: { t: ['ada', 'bot'] },
    grants: [
      { to: 'platform/p', can: ['read', 'write'], on: 'dataset/d', under: '' },
      { to: 'team/t', can: ['read', 'write'], on: 'dataset/d', under: '' },
    ],
  })
})
