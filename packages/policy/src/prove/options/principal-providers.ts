import type { ConditionOperator } from '../../policy.js'
import type { RequestContext } from '../../request.js'
import { Undecided, type Bounds } from '../bounds.js'
import type { TargetedTie } from './dimension.js'
import { keyOptions } from './key-options.js'
import type { KeyUse, Term } from '../search/term.js'

/** The provider of a session, and what conditions on it ask. */
export interface ProviderOption {
  /** Bits of the statements whose conditions on the provider hold; all others are on. */
  readonly mask: bigint
  readonly name: string | undefined
  readonly context: RequestContext
  readonly ties: readonly TargetedTie[]
}
export const NO_PROVIDER: ProviderOption = { mask: -1n, name: undefined, context: {}, ties: [] }

const FEDERATED_PROVIDER = 'aws:federatedprovider'
const EQUALS: ConditionOperator = {
  source: 'StringEquals',
  family: 'string',
  comparison: 'equal',
  negated: false,
  ifExists: false,
}

/** Whether where a session comes from belongs to who asks, and is no key of its own. */
export function joinsProvider({ statements }: Term, key: string): boolean {
  if (key !== FEDERATED_PROVIDER) return false
  return statements.some(({ statement }) =>
    statement.principal?.entries.some(({ type }) => type === 'federated'),
  )
}

/**
 * Where sessions come from, if some Principal asks: each provider that is `listed`, and others as far as conditions
 * on `aws:FederatedProvider` tell them apart.
 */
export function providerOptions(
  term: Term,
  listed: readonly string[],
  bounds: Bounds,
): readonly ProviderOption[] | Undecided {
  if (listed.length === 0) return [NO_PROVIDER]
  const own = term.keys.get(FEDERATED_PROVIDER)
  const key = own?.key ?? 'aws:FederatedProvider'
  // Each that is listed is told apart by a condition with a bit that no statement has.
  const told = listed.map((source, index): KeyUse => {
    const text = { source, parts: [{ type: 'literal' as const, text: source }] }
    return {
      condition: { operator: EQUALS, key, values: [{ type: 'text', source, text }] },
      statement: (term.all + 1n) << BigInt(index),
    }
  })
  const found = keyOptions({ key, uses: [...(own?.uses ?? []), ...told] }, bounds)
  if (found instanceof Undecided) return found
  return found.map(({ mask, ties = [], value }) => {
    return { mask: mask | ~term.all, name: value[key] as string | undefined, context: value, ties }
  })
}
