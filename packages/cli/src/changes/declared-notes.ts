import { type AccessChangeProved, federatedMembers } from '@ringfence/check'
import { walkAccessChanges } from '@ringfence/plan'
import type { Sides } from './change-lines.js'

const shown = 10

/**
 * Where what the file declares and what holds in effect change differently: a declared change that changes nothing,
 * because something else gives or takes the same.
 */
export function declaredNotes(
  changes: readonly AccessChangeProved[],
  { newer, older }: Sides,
): readonly string[] {
  if (!newer.access || !older.access) return []
  const teams = federatedMembers(newer.account, newer.access)
  const inEffect = new Set<string>()
  for (const { can, change, declared } of changes) {
    const who = declared?.who
    if (who === undefined) continue
    const members = who.startsWith('team/')
      ? (teams.get(who.slice('team/'.length)) ?? []).map((name) => `member/${name}`)
      : [who]
    for (const member of members) inEffect.add(`${member} ${change} ${can} ${declared?.on}`)
  }
  const notes: string[] = []
  let more = 0
  for (const { can, change, on, who } of walkAccessChanges(older.access, newer.access)) {
    if (!['read', 'write', 'delete'].includes(can) || inEffect.has(`${who} ${change} ${can} ${on}`)) continue
    if (notes.length >= shown) more++
    else notes.push(`declared, and without effect: ${who} ${change} ${can} on ${on}`)
  }
  return more === 0 ? notes : [...notes, `and ${more} more declared changes without effect`]
}
