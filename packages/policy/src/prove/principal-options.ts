import type { RequestContext } from '../request.js'
import { Undecided } from './bounds.js'
import type { Option } from './dimension.js'
import { PRINCIPAL_KEYS } from './key-shapes.js'
import type { Term } from './term.js'

/** Who asks, with the context keys that come with that. */
export interface PrincipalValue {
  readonly principal: string
  readonly context: RequestContext
  /** Where the principal has no account: that of the resource. */
  readonly resourceAccount?: string
}

/** The options of who asks; undefined where nothing hangs on it. */
export function principalOptions(term: Term): Option<PrincipalValue>[] | undefined | Undecided {
  for (const { statement } of term.statements)
    if (statement.principal && !isEveryone(statement.principal))
      return new Undecided('notSupported', 'Principal names somebody: only "*" is decided')
  for (const name of term.keys.keys())
    if (PRINCIPAL_KEYS.has(name))
      return new Undecided('notSupported', `conditions on ${name} are not decided`)
  return undefined
}

function isEveryone(element: NonNullable<Term['statements'][number]['statement']['principal']>): boolean {
  return !element.negated && element.entries.some(({ type }) => type === 'everyone')
}
