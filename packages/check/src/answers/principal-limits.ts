import type { PrincipalElement, Who } from '@ringfence/policy'
import { listWords, quoted } from '../words/value-words.js'
import type { Placed } from './layer-statements.js'

type Entry = PrincipalElement['entries'][number]

/** The entries of a `Principal` that let in principals of a kind. */
const ENTRIES: Readonly<Record<Who['kind'], readonly Entry['type'][]>> = {
  user: ['account', 'user'],
  session: ['account', 'role', 'session'],
  root: ['account'],
  federatedUser: ['account', 'federatedUser'],
  service: ['service'],
  provider: ['federated'],
  canonicalUser: ['canonicalUser'],
  anonymous: [],
}

const SHOWN = 4

/** Which of all principals of a kind a statement lets in, in words; nothing where that is everybody who is asked about. */
export function principalLimits({ layer, statement }: Placed, who: Who): readonly string[] {
  const { principal } = statement
  if (layer !== 'resource' || principal === undefined || who.only !== undefined) return []
  const isWhole = ({ type, ...entry }: Entry): boolean =>
    type === 'everyone' || ('account' in entry && type === 'account' && entry.account === who.account)
  if (principal.entries.some(isWhole) && !principal.negated) return []
  const fitting = principal.entries.filter(({ type }) => ENTRIES[who.kind].includes(type))
  if (fitting.length === 0) return []
  const all = fitting.map((entry) =>
    entry.type === 'account' ? `account ${entry.account}` : quoted(entry.source),
  )
  const rest = all.length - SHOWN
  const shown = listWords(rest > 1 ? [...all.slice(0, SHOWN), `${rest} more`] : all, 'or')
  return [principal.negated ? `except by ${shown}` : `by ${shown}`]
}
