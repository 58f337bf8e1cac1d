/**
 * The rehearsal's clock: the local AWS and the clients' signatures both follow it, so that it can be moved
 * past an `until`.
 */
export interface Clock {
  /** Epoch milliseconds. */
  readonly nowMs: () => number
  /** Makes it this instant now; from there it goes on at the usual pace. */
  set(atMs: number): void
}

/** A clock that starts with `baseMs` and moves with it. */
export function createClock(baseMs: () => number): Clock {
  let offsetMs = 0
  return {
    nowMs: () => baseMs() + offsetMs,
    set: (atMs) => {
      offsetMs = atMs - baseMs()
    },
  }
}
