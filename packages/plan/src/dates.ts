const dayMs = 86_400_000

/**
 * The instant at which access ends: the end of a day (its last moment counts, so the next midnight UTC), or
 * the instant itself. Undefined for days and times that do not exist. Milliseconds since the epoch.
 */
export function endOfAccessMs(written: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(T.*)?$/.exec(written)
  if (match === null) return undefined
  const [, year, month, day, time] = match
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const date = new Date(midnight)
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  if (time === undefined) return midnight + dayMs
  const instant = Date.parse(written)
  return Number.isNaN(instant) ? undefined : instant
}

/** `2035-04-01T00:00:00Z`: ISO 8601 in UTC to the second, as IAM's date operators take it. */
export function printInstant(timeMs: number): string {
  return new Date(Math.floor(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}
