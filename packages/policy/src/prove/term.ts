import type { Condition, Policy, Statement } from '../policy.js'

/** One condition on a key, and the statement that it belongs to. */
export interface KeyUse {
  readonly condition: Condition
  /** The statement's bit. */
  readonly statement: bigint
}

/** All that both policies ask of one context key. */
export interface KeyTerm {
  /** As the first use spells it. */
  readonly key: string
  readonly uses: readonly KeyUse[]
}

export interface TermStatement {
  readonly bit: bigint
  readonly statement: Statement
}

/**
 * Two policies as one boolean combination: each statement is a bit that is on where Principal, Action, Resource
 * and every condition take the request, and a policy allows where a bit of its allows is on and none of its
 * denies.
 */
export interface Term {
  readonly policies: readonly [Policy, Policy]
  readonly statements: readonly TermStatement[]
  /** The bits of all statements. */
  readonly all: bigint
  readonly allows: readonly [bigint, bigint]
  readonly denies: readonly [bigint, bigint]
  /** By name in lower case. */
  readonly keys: ReadonlyMap<string, KeyTerm>
}

/** Puts two policies into one term. */
export function makeTerm(first: Policy, second: Policy): Term {
  const policies = [first, second] as const
  const statements: TermStatement[] = []
  const allows: [bigint, bigint] = [0n, 0n]
  const denies: [bigint, bigint] = [0n, 0n]
  const keys = new Map<string, { key: string; uses: KeyUse[] }>()
  let bit = 1n
  for (const side of [0, 1] as const)
    for (const statement of policies[side].statements) {
      statements.push({ bit, statement })
      if (statement.effect === 'Allow') allows[side] |= bit
      else denies[side] |= bit
      for (const condition of statement.conditions) {
        const name = condition.key.toLowerCase()
        let term = keys.get(name)
        if (!term) keys.set(name, (term = { key: condition.key, uses: [] }))
        term.uses.push({ condition, statement: bit })
      }
      bit <<= 1n
    }
  return { policies, statements, all: bit - 1n, allows, denies, keys }
}

/** Whether a policy allows where exactly these statements take the request. */
export function allowsAt(term: Term, side: 0 | 1, mask: bigint): boolean {
  return (mask & term.allows[side]) !== 0n && (mask & term.denies[side]) === 0n
}
