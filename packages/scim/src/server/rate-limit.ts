/** How many requests are taken at once, and how many a second in the long run. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimit {
  /** Takes one request: undefined if it may go on, else after how many whole seconds one may. */
  take(who: string, nowMs: number): number | undefined
}

/** More than this many are not kept apart; the oldest are forgotten. */
const maxKept = 10_000

/** A bucket of tokens for each of those who ask. */
export function createRateLimit({ burst, perSecond }: Rate): RateLimit {
  const buckets = new Map<string, { level: number; atMs: number }>()
  return {
    take: (who, nowMs) => {
      const before = buckets.get(who) ?? { level: burst, atMs: nowMs }
      const gained = (Math.max(0, nowMs - before.atMs) / 1000) * perSecond
      const level = Math.min(burst, before.level + gained)
      buckets.delete(who)
      buckets.set(who, { level: level >= 1 ? level - 1 : level, atMs: nowMs })
      const [oldest] = buckets.keys()
      if (buckets.size > maxKept && oldest !== undefined) buckets.delete(oldest)
      return level >= 1 ? undefined : Math.max(1, Math.ceil((1 - level) / perSecond))
    },
  }
}
