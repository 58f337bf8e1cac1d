const unitMs = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** `12h`, `30d` or `4w` in milliseconds; undefined for anything else. */
export function durationMs(written: string): number | undefined {
  const match = /^([1-9]\d{0,3})([hdw])$/.exec(written)
  return match === null ? undefined : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
}
