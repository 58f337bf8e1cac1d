import * as fc from 'fast-check'
import type { KeptKey } from '@ringfence/plan'
import { expect, it } from 'vitest'
import { keptAfter } from './key-step.js'
import type { KeyOnAws, MemberKey } from './member-keys.js'
import { nextStep } from './next-step.js'

const dayMs = 86_400_000
const rules = { rotateAfterMs: 90 * dayMs, overlapMs: 7 * dayMs }

/** A stack and AWS as far as the keys of one member go; an update may be killed at any of its steps. */
class Deployed {
  nowMs = Date.UTC(2030, 0, 1)
  kept: readonly KeptKey[] = [{ generation: 1, status: 'active' }]
  /** Ids by generation, as the state has them. */
  readonly recorded = new Map<number, string>()
  readonly aws = new Map<string, KeyOnAws>()
  made = 0

  constructor() {
    this.update('whole')
  }

  /** What an update does, in its order: note, delete what nobody got the secret of, make, change, delete. */
  update(killed: KillPoint): void {
    if (killed === 'noted') return
    for (const id of this.aws.keys()) if (![...this.recorded.values()].includes(id)) this.aws.delete(id)
    for (const { generation, status } of this.kept) {
      const id = this.recorded.get(generation) ?? this.#make()
      if (killed === 'made' && !this.recorded.has(generation)) return
      this.recorded.set(generation, id)
      const present = this.aws.get(id)
      if (present !== undefined) this.aws.set(id, { ...present, status })
      if (killed === 'changed') return
    }
    for (const [generation, id] of this.recorded) {
      if (this.kept.some((key) => key.generation === generation)) continue
      this.aws.delete(id)
      this.recorded.delete(generation)
    }
  }

  #make(): string {
    if (this.aws.size >= 2) throw new Error('LimitExceeded')
    const id = `AKIA${(this.made += 1)}`
    this.aws.set(id, { id, status: 'active', createdMs: this.nowMs })
    return id
  }

  keys(): MemberKey[] {
    return this.kept.map(({ generation, status, inactiveSince }) => {
      const id = this.recorded.get(generation)
      const onAws = id === undefined ? undefined : this.aws.get(id)
      return {
        generation,
        status,
        recorded: id !== undefined,
        ...(inactiveSince === undefined ? {} : { inactiveSinceMs: Date.parse(inactiveSince) }),
        ...(onAws === undefined ? {} : { onAws }),
      }
    })
  }

  rotate(begin: 'always' | 'ifDue' | 'never', killed: KillPoint): void {
    // Before anything else an interrupted update is repaired: unrecorded keys are deleted.
    for (const id of this.aws.keys()) if (![...this.recorded.values()].includes(id)) this.aws.delete(id)
    const keys = this.keys()
    const leftover = [...this.recorded.keys()].filter(
      (one) => !this.kept.some((key) => key.generation === one),
    )
    const answer = nextStep({ keys, leftover, undeclared: 0, rules, nowMs: this.nowMs, begin, force: false })
    if (answer.kind !== 'step') return
    if (killed === 'before') return
    this.kept = keptAfter(keys, answer, new Date(this.nowMs).toISOString().replace(/\.\d+Z/, 'Z'))
    this.update(killed)
  }

  /** A program of the member uses a key that it was given. */
  use(which: 'oldest' | 'newest'): void {
    const alive = [...this.aws.values()].filter(({ status }) => status === 'active')
    const used = which === 'oldest' ? alive[0] : alive.at(-1)
    if (used !== undefined) this.aws.set(used.id, { ...used, lastUse: { atMs: this.nowMs } })
  }
}

type KillPoint = 'before' | 'noted' | 'made' | 'changed' | 'whole'
const killPoint = fc.constantFrom<KillPoint>('before', 'noted', 'made', 'changed', 'whole', 'whole', 'whole')
const event = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ rotate: fc.constantFrom('always', 'ifDue', 'never'), killed: killPoint }),
  },
  { weight: 1, arbitrary: fc.record({ up: killPoint }) },
  { weight: 2, arbitrary: fc.record({ days: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ use: fc.constantFrom('oldest', 'newest') }) },
)

it('never leaves a member without a working key or with three, wherever it is killed, and ends with one', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const deployed = new Deployed()
      const recorded = () => [...deployed.recorded.values()].map((id) => deployed.aws.get(id))
      for (const one of events) {
        if ('rotate' in one) deployed.rotate(one.rotate as 'always', one.killed)
        else if ('up' in one) deployed.update(one.up)
        else if ('days' in one) deployed.nowMs += one.days * dayMs
        else deployed.use(one.use as 'oldest')
        expect(deployed.aws.size).toBeLessThanOrEqual(2)
        // Of the keys whose secret somebody got.
        expect(recorded().filter((key) => key?.status === 'active').length).toBeGreaterThanOrEqual(1)
      }
      // What had begun ends within two overlaps more, if whoever used the old key has stopped.
      for (let calls = 0; calls < 6; calls += 1) {
        deployed.rotate('never', 'whole')
        deployed.nowMs += rules.overlapMs
      }
      expect([...deployed.aws.values()].map(({ status }) => status)).toEqual(['active'])
      expect(deployed.kept).toHaveLength(1)
      expect(recorded()).toEqual([...deployed.aws.values()])
    }),
    { numRuns: 2_000 },
  )
})
