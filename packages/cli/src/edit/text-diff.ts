/** Lines before and after a change that are shown with it. */
const context = 2

/** At most so many lines are printed. */
const maxLines = 400

interface Hunk {
  /** Lines of the old text, from 0, the end not included. */
  readonly from: number
  readonly to: number
  readonly now: readonly string[]
  /** How many lines the new text is ahead of the old one before this. */
  readonly shift: number
}

export interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A change of a text as a unified diff: `changes` are what made `after` of `before`, in offsets of `before`. */
export function printTextDiff(name: string, before: string, changes: readonly Change[]): string {
  const lines = before.split('\n')
  const hunks = hunksOf(before, lines, changes)
  if (hunks.length === 0) return ''
  const out = [`--- ${name}`, `+++ ${name}`]
  for (const { from, to, now, shift } of hunks) {
    const first = Math.max(0, from - context)
    const last = Math.min(lines.at(-1) === '' ? lines.length - 1 : lines.length, to + context)
    const length = last - first
    const added = now.length - (to - from)
    out.push(`@@ -${first + 1},${length} +${first + 1 + shift},${length + added} @@`)
    out.push(...lines.slice(first, from).map((line) => ` ${line}`))
    out.push(...lines.slice(from, to).map((line) => `-${line}`))
    out.push(...now.map((line) => `+${line}`))
    out.push(...lines.slice(to, last).map((line) => ` ${line}`))
  }
  const shown = out.slice(0, maxLines)
  if (out.length > maxLines) shown.push(`… ${out.length - maxLines} more lines`)
  return `${shown.map((line) => line.replace(/\r$/, '')).join('\n')}\n`
}

function hunksOf(before: string, lines: readonly string[], changes: readonly Change[]): readonly Hunk[] {
  const starts = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1)
  const lineAt = (offset: number): number => {
    let low = 0
    let high = lines.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
  const groups: { from: number; to: number; changes: Change[] }[] = []
  for (const change of changes.toSorted((one, other) => one.start - other.start)) {
    const from = lineAt(change.start)
    const to = lineAt(change.end) + 1
    const last = groups.at(-1)
    if (last !== undefined && from <= last.to + 2 * context) {
      last.to = Math.max(last.to, to)
      last.changes.push(change)
    } else groups.push({ from, to, changes: [change] })
  }
  const hunks: Hunk[] = []
  let shift = 0
  for (const group of groups) {
    const hunk = hunkOf(before, lines, starts, group, shift)
    if (hunk === undefined) continue
    hunks.push(hunk)
    shift += hunk.now.length - (hunk.to - hunk.from)
  }
  return hunks
}

/** Without the lines at both ends that stay as they are. */
function hunkOf(
  before: string,
  lines: readonly string[],
  starts: readonly number[],
  group: { readonly from: number; readonly to: number; readonly changes: readonly Change[] },
  shift: number,
): Hunk | undefined {
  let text = ''
  let at = starts[group.from] ?? 0
  const end = Math.min(before.length, (starts[group.to] ?? before.length + 1) - 1)
  for (const change of group.changes) {
    text += before.slice(at, change.start) + change.text
    at = change.end
  }
  const now = (text + before.slice(at, end)).split('\n')
  const old = lines.slice(group.from, group.to)
  let same = 0
  while (same < Math.min(now.length, old.length) && now[same] === old[same]) same += 1
  let tail = 0
  while (tail < Math.min(now.length, old.length) - same && now.at(-1 - tail) === old.at(-1 - tail)) tail += 1
  const left = now.slice(same, now.length - tail)
  const from = group.from + same
  const to = group.to - tail
  if (from === to && left.length === 0) return undefined
  // The newline at the end of a text is no line of its own.
  const isLast = to === lines.length && lines.at(-1) === '' && left.at(-1) === ''
  return isLast ? { from, to: to - 1, now: left.slice(0, -1), shift } : { from, to, now: left, shift }
}
