import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { KilledPositions } from './killed-positions.js'
import { liveThrough, type Lived, sequences, type Sequence } from './random-lives.js'
import { type SeededFault, seededFaults } from './seeded-faults.js'
import type { LifeEvent } from './life-events.js'
import type { Delivery } from './small-organization.js'

/** A service leaves and joins again, and each changing call of its joining is killed once. */
const joinings = Array.from({ length: 12 }, (_, call): Sequence => {
  const leave = { events: [{ kind: 'leave', name: 'bot' } as const], kill: undefined }
  const join = {
    events: [{ kind: 'member', name: 'bot', teams: ['red'] } as const],
    kill: { call, when: 'after' } as const,
  }
  return { edits: [leave, join], again: undefined, order: 7 }
})
/** A dataset loses its key and gets one again, and each changing call of that is killed once. */
const encryptions = Array.from({ length: 12 }, (_, call): Sequence => {
  const change = { kind: 'encryption', on: 'corpus' } as const
  const kill = { call, when: 'after' } as const
  return {
    edits: [
      { events: [change], kill: undefined },
      { events: [change], kill },
    ],
    again: undefined,
    order: 7,
  }
})
const to = (team: string, name = 'fay') => ({ kind: 'member', name, teams: [team] }) as const
const may = (...can: string[]) => ({ kind: 'grant', grant: { to: 'blue', can, on: 'labels' } }) as const
/** Somebody joins a team, whose role there is already, while something is taken from it, in different orders. */
const moves = Array.from({ length: 12 }, (_, order): Sequence => {
  return {
    edits: [
      { events: [to('red'), to('blue', 'gus'), may('read', 'write')], kill: undefined },
      { events: [to('blue'), may('read')], kill: undefined },
    ],
    again: undefined,
    order,
  }
})
/**
 * Somebody comes to sign in in the other way while something is taken from their team, which has a role already, in
 * different orders, and killed at some changing call or at none.
 */
const signingIn = (name: string) =>
  Array.from({ length: 16 }, (_, order): Sequence => {
    const change = { kind: 'signIn', name } as const
    const kill = order < 8 ? undefined : ({ call: order - 8, when: 'after' } as const)
    return {
      edits: [
        { events: [to('blue', name), to('blue', 'gus'), may('read', 'write')], kill: undefined },
        { events: [change, may('read')], kill },
        { events: [change, may('read')], kill: undefined },
      ].slice(0, order % 2 === 0 ? 2 : 3),
      again: undefined,
      order,
    }
  })
/** An IAM user, and two people who sign in by federation; the fences know a service by another ARN in its other way. */
const switchers = ['ada', 'fay', 'hal']
/** Somebody is let in by an update that is killed, and taken out by one that is killed as well, at some calls of both. */
const inAndOut = Array.from({ length: 64 }, (_, order): Sequence => {
  const [first, second] = [order % 4, 1 + (Math.floor(order / 4) % 4)]
  return {
    edits: [
      { events: [to('red', 'gus')], kill: { call: first, when: 'after' } },
      { events: [{ kind: 'leave', name: 'gus' }], kill: { call: second, when: 'after' } },
    ],
    again: undefined,
    order,
  }
})
const use = (...can: string[]) => ({ kind: 'use', team: 'red', can }) as const
/** A service takes other tokens as its team gets more, in different orders. */
const outAsMoreIsGiven = Array.from({ length: 24 }, (_, order): Sequence => {
  const platform = { kind: 'platform', platform: { reads: [], writes: [] } } as const
  return {
    edits: [
      { events: [platform, use(), to('red', 'nightly')], kill: undefined },
      { events: [{ kind: 'pipeline' }, use('train', 'deploy')], kill: undefined },
    ],
    again: undefined,
    order,
  }
})
/** The service takes other tokens, and its sessions from before could go on. */
const pipelines = Array.from({ length: 4 }, (_, order): Sequence => {
  return {
    edits: [
      { events: [to('red', 'nightly')], kill: undefined },
      { events: [{ kind: 'pipeline' }], kill: undefined },
    ],
    again: undefined,
    order,
  }
})
/** Somebody signs in while their joining is deployed, ends, and is taken out while the session could go on. */
const endings = Array.from({ length: 4 }, (_, order): Sequence => {
  const minute = 1 / (24 * 60)
  const join = { kind: 'member', name: 'fay', teams: ['red'], days: 10 * minute } as const
  return {
    edits: [
      { events: [join], kill: undefined },
      { events: [{ kind: 'wait', days: 20 * minute }], kill: undefined },
    ],
    again: undefined,
    order,
  }
})
/** Somebody whose access ends soon is called otherwise from then on, and the update that says so is killed. */
const renamings = Array.from({ length: 8 }, (_, order): Sequence => {
  const minute = 1 / (24 * 60)
  const kill = { call: order % 4, when: 'after' } as const
  return {
    edits: [
      { events: [to('blue'), { ...to('blue', 'gus'), days: 10 * minute }], kill: undefined },
      { events: [{ kind: 'rename' }], kill },
      { events: [{ kind: 'wait', days: 20 * minute }, { kind: 'pipeline' }], kill: undefined },
    ],
    again: undefined,
    order,
  }
})
/** The first one with an end joins a team whose role there is already, and the update is killed; then the end has come. */
const firstEnds = Array.from({ length: 24 }, (_, order): Sequence => {
  const minute = 1 / (24 * 60)
  return {
    edits: [
      {
        events: [{ ...to('red', 'gus'), days: 10 * minute }],
        kill: { call: order % 6, when: 'after' },
      },
      { events: [{ kind: 'wait', days: 20 * minute }, { kind: 'pipeline' }], kill: undefined },
    ],
    again: undefined,
    order,
  }
})
const only = (order: number, ...events: LifeEvent[]): Sequence => ({
  edits: [{ events, kill: undefined }],
  again: undefined,
  order,
})
const byCenter = (...events: LifeEvent[]) => only(7, { kind: 'provider', by: 'center' }, ...events)
/** A permission set loses its one policy and gets one again, and each changing call of that is killed once. */
const attachings = [
  byCenter({ kind: 'revoke', index: 0 }),
  ...Array.from({ length: 12 }, (_, call): readonly Sequence[] => {
    const grant = { kind: 'grant', grant: { to: 'red', can: ['read'], on: 'labels' } } as const
    const kill = { call, when: 'after' } as const
    return [
      { edits: [{ events: [grant], kill }], again: undefined, order: 7 },
      only(7, { kind: 'revoke', index: 1 }),
    ]
  }).flat(),
]
/** People come to sign in by Identity Center, killed at each changing call, and then in the other way again. */
const inAndOutOfCenter = Array.from({ length: 24 }, (_, call): Sequence => {
  const change = { kind: 'provider', by: 'center' } as const
  return {
    edits: [
      { events: [change], kill: { call, when: 'after' } },
      { events: [change], kill: undefined },
    ],
    again: undefined,
    order: 7,
  }
})
/** Somebody leaves a group of Identity Center while another one stays, and comes again, in different orders. */
const leavingsByCenter = [
  byCenter(to('red', 'gus')),
  ...Array.from({ length: 8 }, (_, order) => [
    only(order, { kind: 'leave', name: 'fay' }),
    only(order, to('red')),
  ]).flat(),
]
/** A guardrail is set, and each changing call of that is killed once; it stays while somebody leaves. */
const guardrails = [
  only(7, { kind: 'leave', name: 'bot' }),
  ...Array.from({ length: 4 }, (_, call): readonly Sequence[] => {
    const kill = { call, when: 'after' } as const
    return [
      { edits: [{ events: [{ kind: 'guardrail' }], kill }], again: undefined, order: call },
      only(call, { kind: 'leave', name: 'fay' }),
      only(call, { kind: 'guardrail' }, to('red')),
    ]
  }).flat(),
]
/** All that a file can have, at once. */
const everything = [
  only(1, { kind: 'guardrail' }, { kind: 'delivery', by: 'secretsManager' }),
  byCenter({ kind: 'platform', platform: { reads: ['labels'], writes: ['corpus'] } }),
  only(1, { kind: 'use', team: 'blue', can: ['deploy'] }, { kind: 'encryption', on: 'labels' }),
  only(1, { kind: 'rotate' }),
]
/** Killed where the sequences say, and nowhere else. */
const asTold = (): Lived => ({ positions: new KilledPositions(), isKilledAt: () => false })
/**
 * A key that is kept in Secrets Manager is rotated, killed before or after its value is another, and the rotation is gone
 * on with after the overlap, in different orders.
 */
const deliveries = Array.from({ length: 12 }, (_, order): readonly Sequence[] => {
  const kill = { call: 1, when: order < 6 ? 'before' : 'after' } as const
  const rotate = { kind: 'rotate' } as const
  return [
    only(order, { kind: 'leave', name: 'bot' }),
    only(order, { kind: 'member', name: 'bot', teams: ['blue'] }),
    {
      edits: [
        { events: [rotate], kill },
        { events: [{ kind: 'wait', days: 2 }, rotate], kill: undefined },
      ],
      again: undefined,
      order,
    },
  ]
})
const delivered = [only(1, { kind: 'delivery', by: 'secretsManager' }), ...deliveries.flat()]
const deliver = (by: Delivery) => ({ kind: 'delivery', by }) as const
const ways = ['age', 'nextAge', 'pgp', 'nextPgp', 'secretsManager'] as const
const wayOf = (number: number): Delivery => ways[number % ways.length]!
/**
 * A key is handed over in one way and then in another, killed at some of its calls, while it is rotated or not; and then
 * in a third way.
 */
const handovers = Array.from({ length: 24 }, (_, order): readonly Sequence[] => {
  const next = 1 + Math.floor(order / ways.length)
  const kill = { call: order % 4, when: order % 8 < 4 ? 'before' : 'after' } as const
  const rotate = { kind: 'rotate' } as const
  return [
    only(order, order % 3 === 0 ? { kind: 'leave', name: 'bot' } : rotate),
    only(order, { kind: 'member', name: 'bot', teams: ['blue'] }, deliver(wayOf(order))),
    {
      edits: [
        {
          events: order % 2 === 0 ? [deliver(wayOf(order + next))] : [deliver(wayOf(order + next)), rotate],
          kill,
        },
        { events: [deliver(wayOf(order + 2 * next)), { kind: 'wait', days: 2 }], kill: undefined },
      ],
      again: undefined,
      order,
    },
  ]
}).flat()
const some = fc.sample(sequences, { seed: 1, numRuns: 40 })
/** What is found best by lives of its own. */
const told: Readonly<Record<string, readonly Sequence[]>> = {
  'who leaves a team stays in its group': [only(1, to('blue', 'ada')), only(1, to('red', 'ada'))],
  'sessions of who has ended live on': endings,
  'a rotation deactivates the only key that works': [only(1, { kind: 'rotate' })],
  'a rotation deactivates a key by which the new one is still to be fetched': delivered,
  'an interrupted delivery pushes the old key out of the secret': delivered,
  'a key that is encrypted to somebody else is made before the one in its place is deleted': handovers,
  'a secret stays encrypted to whom the file named before': [
    only(1, deliver('age')),
    only(1, deliver('nextAge')),
  ],
  'a secret that is to be encrypted is kept as it is': [only(1, deliver('age'))],
  'the guardrail is off while somebody leaves': guardrails,
  'jobs go on with what their platform no longer reads': [
    only(1, { kind: 'platform', platform: { reads: ['corpus'], writes: [] } }),
    only(1, { kind: 'platform', platform: { reads: [], writes: ['labels'] } }),
  ],
  'sessions of who left a permission set are not refused': leavingsByCenter,
  'what an interrupted update changed of a permission set never reaches its role': attachings,
  'an interrupted creation leaves an access key behind': joinings,
  'an interrupted creation leaves something behind in Identity Center': inAndOutOfCenter,
  'an interrupted creation leaves a KMS key behind': encryptions,
  'whom a killed update has taken out of a trust is forgotten': inAndOut,
  'a team gets more while sessions of who left it may go on': outAsMoreIsGiven,
  'sessions of a pipeline that has gone are not revoked': pipelines,
  'what is given does not wait for what is taken away': moves,
  'whoever is called as somebody was is taken for them, however they sign in': switchers.flatMap(signingIn),
}
/** What is found only in accounts that nothing happened in before. */
const toldApart: Readonly<Record<string, readonly Sequence[]>> = {
  'whoever has an end is let in before that end is told': firstEnds,
}

async function liveApart(lives: readonly Sequence[], fault?: SeededFault): Promise<void> {
  for (const one of lives) await liveThrough([one], asTold(), fault)
}

test.each(Object.entries(seededFaults))('it is found that %s', { timeout: 120_000 }, async (name, fault) => {
  const apart = toldApart[name]
  const found = apart ? liveApart(apart, fault) : liveThrough(told[name] ?? some, asTold(), fault)
  await expect(found).rejects.toThrow('in sequence')
})

test('without a fault nobody lives on after the first end that a role has', { timeout: 120_000 }, () =>
  liveApart(firstEnds),
)

test('it is seen that a session lives on after its member has ended', { timeout: 120_000 }, async () => {
  await liveThrough(endings, asTold())
  const fault = seededFaults['sessions of who has ended live on']
  for (const one of endings)
    await expect(liveThrough([one], asTold(), fault)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/"name":"fay".*which no file gives/) },
    })
})

test.each(switchers)(
  'it is found that %s gets another way of signing in before what the old one had is gone',
  { timeout: 120_000 },
  async (name) => {
    const fault = seededFaults['whoever is called as somebody was is taken for them, however they sign in']
    await expect(liveThrough(signingIn(name), asTold(), fault)).rejects.toThrow('in sequence')
  },
)

test.each([
  ['a joining', 'member', joinings],
  ['an encryption', 'encryption', encryptions],
] as const)(
  'without a fault nothing is found, wherever %s is killed',
  { timeout: 120_000 },
  async (...its) => {
    const [, kind, lives] = its
    const lived = asTold()
    await liveThrough(lives, lived)
    const missed = lived.positions.missed.filter((one) => one.kind === kind).map(({ call }) => call)
    expect(missed.filter((call) => call < lives.length)).toEqual([])
  },
)

test.each([
  ['moves', moves],
  ['who is let in and out again', inAndOut],
  ['other tokens for a service whose team gets more', outAsMoreIsGiven],
  ['another name for who ends soon', renamings],
  ['deliveries of keys', delivered],
  ['handovers of keys to one after the other', handovers],
  ['leaving of groups of Identity Center', leavingsByCenter],
  ['attachments to permission sets', attachings],
  ['who comes by Identity Center and goes back', inAndOutOfCenter],
  ['setting and taking off a guardrail', guardrails],
  ['a file with all of it at once', everything],
  ['changes of the way to sign in', [...switchers, 'bot'].flatMap(signingIn)],
] as const)('without a fault nothing is found in %s', { timeout: 120_000 }, (_what, lives) =>
  liveThrough(lives, asTold()),
)
