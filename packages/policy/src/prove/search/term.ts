import type { Condition, Policy, Statement } from '../../policy.js'
import { impliedPresence } from '../variables/implied-presence.js'

/** One condition on a key, and the statement that it belongs to. */
export interface KeyUse {
  readonly condition: Condition
  /** The statement's bit. */
  readonly statement: bigint
}

/** All that the statements ask of one context key. */
export interface KeyTerm {
  /** As the first use spells it. */
  readonly key: string
  readonly uses: readonly KeyUse[]
}

export interface TermStatement {
  readonly bit: bigint
  readonly statement: Statement
  /** On only where Principal names the requester by one of these bits of `GRANT`; absent: however it does. */
  readonly strength?: Strength
}

/** How strongly a Principal has to name the requester. */
export interface Strength {
  /** Bits of `GRANT`. */
  readonly bits: number
  /** What `*` gives in this statement, bits of `GRANT`. */
  readonly everyone: number
}

/**
 * Statements as boolean variables: each is a bit that is on where Principal, Action, Resource and every condition
 * take the request. What policies allow is a combination of these bits.
 */
export interface Term {
  readonly statements: readonly TermStatement[]
  /** The bits of all statements. */
  readonly all: bigint
  /** By name in lower case. */
  readonly keys: ReadonlyMap<string, KeyTerm>
}

/** Two policies as one term: a policy allows where a bit of its allows is on and none of its denies. */
export interface PairTerm extends Term {
  readonly policies: readonly [Policy, Policy]
  readonly allows: readonly [bigint, bigint]
  readonly denies: readonly [bigint, bigint]
}

/** Gives statements their bits; the same statement has one, however often it is added. */
export class TermBuilder implements Term {
  readonly statements: TermStatement[] = []
  readonly keys = new Map<string, { key: string; uses: KeyUse[] }>()
  private readonly bits = new Map<Statement, bigint>()
  /** Of statements with a strength, by its bits. */
  private strong: Map<number, Map<Statement, bigint>> | undefined

  get all(): bigint {
    return (1n << BigInt(this.statements.length)) - 1n
  }

  add(statement: Statement, strength?: Strength): bigint {
    const known = strength ? this.ofStrength(strength.bits) : this.bits
    const existing = known.get(statement)
    if (existing !== undefined) return existing
    const bit = 1n << BigInt(this.statements.length)
    known.set(statement, bit)
    this.statements.push(strength ? { bit, statement, strength } : { bit, statement })
    for (const condition of statement.conditions) this.use(condition, bit)
    for (const condition of impliedPresence(statement)) this.use(condition, bit)
    return bit
  }

  private use(condition: Condition, statement: bigint): void {
    const name = condition.key.toLowerCase()
    let term = this.keys.get(name)
    if (!term) this.keys.set(name, (term = { key: condition.key, uses: [] }))
    term.uses.push({ condition, statement })
  }

  private ofStrength(bits: number): Map<Statement, bigint> {
    this.strong ??= new Map()
    let known = this.strong.get(bits)
    if (!known) this.strong.set(bits, (known = new Map()))
    return known
  }
}

/** Puts two policies into one term. */
export function makeTerm(first: Policy, second: Policy): PairTerm {
  const builder = new TermBuilder()
  const sides = [first, second].map((policy) => {
    let allows = 0n
    let denies = 0n
    for (const statement of policy.statements) {
      // Both policies may be one object; each side has bits of its own.
      const bit = builder.add({ ...statement })
      if (statement.effect === 'Allow') allows |= bit
      else denies |= bit
    }
    return { allows, denies }
  })
  const [one, two] = [sides[0]!, sides[1]!]
  const { all, keys, statements } = builder
  const pair = { allows: [one.allows, two.allows], denies: [one.denies, two.denies] } as const
  return { policies: [first, second], statements, all, keys, ...pair }
}
