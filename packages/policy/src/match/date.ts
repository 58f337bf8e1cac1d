const ISO_8601 =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?)?$/
const EPOCH_SECONDS = /^-?\d{1,13}(?:\.\d{1,9})?$/

/**
 * The instant in epoch milliseconds: epoch seconds, or the W3C's profile of ISO 8601 (a time has a zone).
 * Undefined when it is neither, or no date of the calendar. [elements_condition_operators, Date]
 */
export function parseInstant(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000
  const match = ISO_8601.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((index) =>
    match[index] === undefined ? undefined : Number(match[index]),
  ) as [number, number, number?, number?, number?, number?]
  if (month < 1 || month > 12) return undefined
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if ((day ?? 1) < 1 || (day ?? 1) > days) return undefined
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined
  const zone = zoneOffsetMs(match[8])
  if (zone === undefined) return undefined
  const fraction = match[7] === undefined ? 0 : Math.floor(Number(`0.${match[7]}`) * 1000)
  const utc = new Date(Date.UTC(2000, month - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0, fraction))
  utc.setUTCFullYear(year, month - 1, day ?? 1)
  return utc.getTime() - zone
}

function zoneOffsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
