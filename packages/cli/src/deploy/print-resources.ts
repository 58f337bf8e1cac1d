import type { ChangeKind, ResourceChange } from '@ringfence/pulumi/deploy'
import type { Colors } from '../output/color.js'
import { printable } from '../output/printable.js'

/** How many resources are printed of each kind of change; `--json` has all of them. */
const mostOfAKind = 40

const kinds: readonly ChangeKind[] = ['create', 'update', 'replace', 'delete']
const signs: Readonly<Record<ChangeKind, string>> = { create: '+', update: '~', replace: '±', delete: '-' }

/** How many resources of each kind of change there are. */
export type ChangeCounts = Readonly<Record<ChangeKind, number>>

export function countChanges(changes: readonly ResourceChange[]): ChangeCounts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0 }
  for (const { change } of changes) counts[change] += 1
  return counts
}

/** `3 to create, 1 to delete`; `words` are put before each kind. */
export function printCounts(counts: ChangeCounts, word: (kind: ChangeKind) => string): string {
  const parts = kinds.filter((kind) => counts[kind] > 0).map((kind) => `${counts[kind]} ${word(kind)}`)
  return parts.length === 0 ? 'no change' : parts.join(', ')
}

/** A line for each resource: sign, id of the plan, type, name on AWS, and the arguments that differ. */
export function printResources(changes: readonly ResourceChange[], colors: Colors): string {
  const paint: Readonly<Record<ChangeKind, (text: string) => string>> = {
    create: colors.green,
    update: colors.yellow,
    replace: colors.magenta,
    delete: colors.red,
  }
  const lines = kinds.flatMap((kind) => {
    const own = changes.filter(({ change }) => change === kind)
    const shown = own.slice(0, mostOfAKind).map((change) => {
      const properties = change.properties.length > 0 ? `: ${change.properties.join(', ')}` : ''
      return `  ${paint[kind](signs[kind])} ${printResource(change)}${properties}`
    })
    const cut = own.length - mostOfAKind
    if (cut > 0) shown.push(`  ${paint[kind](signs[kind])} and ${cut} more; --json shows all`)
    return shown
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** `dataset/raw/bucket  s3.Bucket acme-raw` */
export function printResource({ id, type, name }: ResourceChange): string {
  return `${printable(id)}  ${printType(type)}${name === undefined ? '' : ` ${printable(name)}`}`
}

/** `aws:iam/user:User` is `iam.User`. */
function printType(type: string): string {
  const match = /^aws:(\w+)\/\w+:(\w+)$/.exec(type)
  return match === null ? type : `${match[1]}.${match[2]}`
}
