import type { LifeEvent } from './life-events.js'

/** What an update changes; `carriedOn`: what a killed one left open. */
export type UpdateKind = LifeEvent['kind'] | 'several' | 'first' | 'carriedOn'

interface Positions {
  /** Changing calls of the longest update. */
  longest: number
  /** How many were killed at which of them, from 0. */
  readonly killedAt: number[]
}

/** At which of their changing calls updates were killed, by what they change. */
export class KilledPositions {
  updates = 0
  calls = 0
  readonly #byKind = new Map<UpdateKind, Positions>()

  /** An update has ended after so many changing calls: killed at the last of them, or done. */
  note(kind: UpdateKind, calls: number, isDone: boolean): void {
    const positions = this.#byKind.get(kind) ?? { longest: 0, killedAt: [] }
    this.#byKind.set(kind, positions)
    this.updates += 1
    this.calls += calls
    positions.longest = Math.max(positions.longest, calls)
    if (!isDone) positions.killedAt[calls - 1] = (positions.killedAt[calls - 1] ?? 0) + 1
  }

  /** Whether no update of that kind was killed at that call yet. */
  isNew(kind: UpdateKind, call: number): boolean {
    return this.#byKind.get(kind)?.killedAt[call] === undefined
  }

  /** Calls that updates of a kind came to, and at which none of that kind was killed. */
  get missed(): readonly { readonly kind: UpdateKind; readonly call: number }[] {
    return [...this.#byKind].flatMap(([kind, { longest }]) =>
      Array.from({ length: longest }, (_, call) => ({ kind, call })).filter(({ call }) =>
        this.isNew(kind, call),
      ),
    )
  }

  /** A line for each kind. */
  print(): string {
    const lines = [...this.#byKind].map(
      ([kind, { killedAt }]) => `${kind}: ${Array.from(killedAt, (count) => count ?? 0).join(' ')}`,
    )
    return `${this.updates} updates, ${this.calls} changing calls, killed at\n${lines.join('\n')}`
  }
}
