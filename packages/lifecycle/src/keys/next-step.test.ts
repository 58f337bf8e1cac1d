import { describe, expect, it } from 'vitest'
import { keptAfter, keptAfterRevocation } from './key-step.js'
import type { MemberKey } from './member-keys.js'
import { nextStep, type RotationQuestion } from './next-step.js'

const dayMs = 86_400_000
/** Days since the first key was made. */
const day = (count: number): number => Date.UTC(2030, 0, 1) + count * dayMs

interface Sketch {
  readonly kept?: 'active' | 'inactive'
  readonly aws?: 'active' | 'inactive' | 'gone'
  readonly made?: number
  readonly used?: number
  readonly inactive?: number
  readonly recorded?: boolean
  readonly delivered?: number
}

function key(generation: number, sketch: Sketch = {}): MemberKey {
  const { kept = 'active', aws = kept, made = 0, used, inactive, recorded = true, delivered } = sketch
  return {
    generation,
    status: kept,
    recorded,
    ...(inactive === undefined ? {} : { inactiveSinceMs: day(inactive) }),
    ...(delivered === undefined ? {} : { deliveredMs: day(delivered) }),
    ...(aws === 'gone'
      ? {}
      : {
          onAws: {
            id: `AKIA${generation}`,
            status: aws,
            createdMs: day(made),
            ...(used === undefined ? {} : { lastUse: { atMs: day(used), service: 's3' } }),
          },
        }),
  }
}

const ask = (now: number, keys: readonly MemberKey[], rest: Partial<RotationQuestion> = {}) =>
  nextStep({
    keys,
    leftover: [],
    undeclared: 0,
    rules: { rotateAfterMs: 90 * dayMs, overlapMs: 7 * dayMs },
    nowMs: day(now),
    begin: 'ifDue',
    force: false,
    ...rest,
  })
const step = (change: string, generation: number) => ({ kind: 'step', change, generation })

describe('a rotation', () => {
  it.each([
    ['begins at the limit', 90, [key(1)], {}, step('create', 2)],
    ['does not begin before', 89.99, [key(1)], {}, { kind: 'nothing', isDue: false }],
    ['begins before if it is asked for', 1, [key(1)], { begin: 'always' }, step('create', 2)],
    ['does not begin unasked', 400, [key(1)], { begin: 'never' }, { kind: 'nothing', isDue: true }],
    [
      'has no limit without one',
      400,
      [key(1)],
      { rules: { overlapMs: dayMs } },
      { kind: 'nothing', isDue: false },
    ],
    [
      'has no room beside a key of others',
      90,
      [key(1)],
      { undeclared: 1 },
      { kind: 'noRoom', undeclared: 1 },
    ],
  ] as const)('%s', (_, now, keys, rest, answer) => {
    expect(ask(now, keys, rest)).toEqual(answer)
  })

  it.each([
    [
      'waits for the overlap',
      96,
      [key(1), key(2, { made: 90 })],
      { kind: 'wait', generation: 1, next: 'deactivate', untilMs: day(97) },
    ],
    ['deactivates an old key that was never used', 97, [key(1), key(2, { made: 90 })], step('deactivate', 1)],
    [
      'and one that was used before its successor came',
      97,
      [key(1, { used: 89 }), key(2, { made: 90 })],
      step('deactivate', 1),
    ],
    [
      'and one that was used in the grace of a day',
      97,
      [key(1, { used: 91 }), key(2, { made: 90 })],
      step('deactivate', 1),
    ],
    [
      'not one that is in use',
      97,
      [key(1, { used: 91.5 }), key(2, { made: 90 })],
      { kind: 'inUse', generation: 1, use: { atMs: day(91.5), service: 's3' } },
    ],
    [
      'but then once it was left alone for an overlap',
      98.5,
      [key(1, { used: 91.5 }), key(2, { made: 90 })],
      step('deactivate', 1),
    ],
    [
      'waits with the deletion',
      103,
      [key(1, { kept: 'inactive', inactive: 97 }), key(2, { made: 90 })],
      { kind: 'wait', generation: 1, next: 'delete', untilMs: day(104) },
    ],
    ['deletes', 104, [key(1, { kept: 'inactive', inactive: 97 }), key(2, { made: 90 })], step('delete', 1)],
    ['and is over', 105, [key(2, { made: 90 })], { kind: 'nothing', isDue: false }],
  ] as const)('%s', (_, now, keys, answer) => {
    expect(ask(now, keys, { begin: 'never' })).toEqual(answer)
  })

  const rules = { overlapMs: 7 * dayMs, deliver: 'secretsManager' } as const
  it.each([
    [
      'not before the new one is delivered, by which the old one fetches it',
      [key(1), key(2)],
      step('settle', 2),
    ],
    [
      'an overlap after that',
      [key(1), key(2, { delivered: 94 })],
      { kind: 'wait', generation: 1, next: 'deactivate', untilMs: day(101) },
    ],
    ['and then it does', [key(1), key(2, { delivered: 90 })], step('deactivate', 1)],
  ] as const)('deactivates a key that is kept in Secrets Manager %s', (_, keys, answer) => {
    expect(ask(97, keys, { begin: 'never', rules })).toEqual(answer)
  })

  it('deactivates a key in use if it is forced to, and not before the overlap is over', () => {
    const keys = [key(1, { used: 96.9 }), key(2, { made: 90 })]
    expect(ask(97, keys, { force: true })).toEqual(step('deactivate', 1))
    expect(ask(96, keys, { force: true })).toMatchObject({ kind: 'wait' })
  })
})

describe('what is not as it should be', () => {
  it.each([
    [
      'a key that was noted and never made is made',
      [key(1), key(2, { aws: 'gone', recorded: false })],
      step('settle', 2),
    ],
    [
      'and is not while there is no room',
      [key(1), key(2, { aws: 'gone', recorded: false })],
      { kind: 'noRoom', undeclared: 1 },
      1,
    ],
    [
      'a key whose deactivation was noted is deactivated',
      [key(1, { kept: 'inactive', aws: 'active', inactive: 5 }), key(2)],
      step('settle', 1),
    ],
    ['a key that others deleted is forgotten', [key(1, { aws: 'gone' }), key(2)], step('delete', 1)],
    [
      'a key that others deactivated counts as such from now on',
      [key(1, { aws: 'inactive' }), key(2)],
      step('deactivate', 1),
    ],
    [
      'a revoked key is not replaced by itself',
      [key(1, { kept: 'inactive', inactive: 1 })],
      { kind: 'noWorkingKey' },
    ],
  ] as const)('%s', (_, keys, answer, undeclared: number = 0) => {
    expect(ask(400, keys, { undeclared })).toEqual(answer)
  })

  it('a key whose deletion was noted goes before anything else', () => {
    expect(ask(400, [key(2)], { leftover: [1], begin: 'always' })).toEqual(step('settle', 1))
  })

  it('a revoked key is replaced when it is asked for, the older of two making room', () => {
    const revoked = { kept: 'inactive', inactive: 1 } as const
    const asked = { begin: 'always' } as const
    expect(ask(2, [key(1, revoked)], asked)).toEqual(step('create', 2))
    expect(ask(2, [key(1, revoked), key(2, revoked)], asked)).toEqual(step('delete', 1))
    expect(ask(2, [key(1, { aws: 'gone' })], asked)).toEqual(step('create', 2))
    expect(ask(2, [key(1, revoked)], { ...asked, undeclared: 1 })).toEqual({ kind: 'noRoom', undeclared: 1 })
  })
})

describe('what is kept', () => {
  const at = '2030-04-01T00:00:00Z'
  const kept = { generation: 1, status: 'active', createdAt: '2030-01-01T00:00:00Z' }

  it.each([
    ['create', 2, [key(1)], [kept, { generation: 2, status: 'active', createdAt: at }]],
    ['create', 2, [key(1, { aws: 'gone' })], [{ generation: 2, status: 'active', createdAt: at }]],
    [
      'deactivate',
      1,
      [key(1), key(2)],
      [
        { ...kept, status: 'inactive', inactiveSince: at },
        { ...kept, generation: 2 },
      ],
    ],
    ['delete', 1, [key(1), key(2)], [{ ...kept, generation: 2 }]],
    ['settle', 2, [key(1), key(2, { aws: 'gone' })], [kept, { generation: 2, status: 'active' }]],
  ] as const)('after %s of %d', (change, generation, keys, after) => {
    expect(keptAfter(keys, { kind: 'step', change, generation }, at)).toEqual(after)
  })

  it('after a revocation, which does not move the instant of an earlier one', () => {
    const keys = [key(1, { kept: 'inactive', inactive: 5 }), key(2)]
    expect(keptAfterRevocation(keys, [1, 2], at)).toEqual([
      { ...kept, status: 'inactive', inactiveSince: '2030-01-06T00:00:00Z' },
      { ...kept, generation: 2, status: 'inactive', inactiveSince: at },
    ])
    expect(keptAfterRevocation([key(1), key(2)], [2], at)[0]).toEqual(kept)
  })
})
