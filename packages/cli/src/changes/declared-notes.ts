import { type AccessChangeProved, federatedMembers, SIGN_IN } from '@ringfence/check'
import { walkAccessChanges } from '@ringfence/plan'
import type { Sides } from './change-lines.js'

const shown = 10

/**
 * Where what the file declares and what holds in effect change differently: a declared change that changes nothing,
 * because something else gives or takes the same, or one that somebody gets by signing in as a role from now on.
 */
export function declaredNotes(
  changes: readonly AccessChangeProved[],
  { newer, older }: Sides,
): readonly string[] {
  if (!newer.access || !older.access) return []
  const federated = {
    gains: federatedMembers(newer.account, newer.access),
    loses: federatedMembers(older.account, older.access),
  }
  const inEffect = new Set<string>()
  const signIns = new Set<string>()
  for (const { can, change, declared } of changes) {
    const signedIn = can === SIGN_IN.can ? teamOf(declared?.on) : undefined
    for (const name of federated[change].get(signedIn ?? '') ?? []) signIns.add(`member/${name} ${change}`)
    const who = declared?.who
    if (who === undefined) continue
    const members = (federated.gains.get(teamOf(who) ?? '') ?? []).map((name) => `member/${name}`)
    for (const member of [who, ...members]) inEffect.add(`${member} ${change} ${can} ${declared?.on}`)
  }
  const notes: string[] = []
  let more = 0
  for (const { can, change, on, who } of walkAccessChanges(older.access, newer.access)) {
    if (!['read', 'write', 'delete'].includes(can) || inEffect.has(`${who} ${change} ${can} ${on}`)) continue
    const how = signIns.has(`${who} ${change}`)
      ? 'declared, by signing in as a role'
      : 'declared, and without effect'
    if (notes.length >= shown) more++
    else notes.push(`${how}: ${who} ${change} ${can} on ${on}`)
  }
  return more === 0 ? notes : [...notes, `and ${more} more of what is declared`]
}

function teamOf(declared: string | undefined): string | undefined {
  return declared?.startsWith('team/') === true ? declared.slice('team/'.length) : undefined
}
