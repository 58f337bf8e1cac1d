import type { PrincipalKind } from './principal-kinds.js'
import { ANY, literalTokens, ONE, type Token } from './pattern.js'
import type { Who } from './question.js'
import type { PatternSet } from './text-patterns.js'

/** What `only`, `except`, `account` and `outside` leave of the classes of one kind. */
export interface PrincipalLimits {
  readonly required: bigint
  readonly takes: (atoms: bigint) => boolean
}

/** Who a search is about: some kinds, and of a single one perhaps not all. */
export class PrincipalScope {
  readonly kinds: ReadonlySet<string>

  constructor(
    kinds: Iterable<Who['kind']>,
    /** `also`: further patterns, of which one has to match as well. */
    private readonly limits: Omit<Who, 'kind'> & { readonly also?: readonly string[] | undefined } = {},
    /** NotPrincipal never spares who has a permissions boundary. */
    readonly hasBoundary = false,
  ) {
    this.kinds = new Set(kinds)
  }

  /** Users and role sessions: whom identity policies are attached to. */
  static readonly identities = new PrincipalScope(['user', 'session'])
  /** Whom resource policies can name. */
  static readonly everyone = new PrincipalScope([
    'user',
    'session',
    'root',
    'federatedUser',
    'service',
    'provider',
    'canonicalUser',
    'anonymous',
  ])

  get isLimited(): boolean {
    return this.kinds.size === 1
  }

  /** Adds the limits as patterns, with atoms from `first` on. */
  addTo(set: PatternSet, kind: PrincipalKind, first: bigint): PrincipalLimits {
    const { account, also, except, only, outside } = this.limits
    let atom = first
    let required = 0n
    let excluded = 0n
    const add = (key: string, texts: readonly string[], isWanted: boolean): void => {
      const view = kind.keys[key]
      if (view?.type !== 'part') throw new Error(`${kind.name} has no ${key} to be limited by`)
      for (const text of texts) for (const tokens of view.within(wildcardTokens(text))) set.add(tokens, atom)
      if (isWanted) required |= atom
      else excluded |= atom
      atom <<= 1n
    }
    const named = kind.name === 'service' ? 'aws:principalservicename' : 'aws:principalarn'
    if (only) add(named, only, true)
    if (also) add(named, also, true)
    if (except && except.length > 0) add(named, except, false)
    if (kind.name !== 'service') {
      if (account !== undefined) add('aws:principalaccount', [account], true)
      if (outside !== undefined) add('aws:principalaccount', [outside], false)
    }
    return { required, takes: (atoms) => (atoms & required) === required && (atoms & excluded) === 0n }
  }

  /** The names that it is about, of those that have nothing but a name. */
  get names(): readonly string[] {
    return this.limits.only ?? []
  }

  /** Of those that have nothing but a name. */
  takesName(name: string): boolean {
    const { except, only } = this.limits
    return (only?.includes(name) ?? true) && !(except?.includes(name) ?? false)
  }
}

/** `*` and `?` are wildcards. */
function wildcardTokens(text: string): Token[] {
  return text
    .split(/([*?])/)
    .flatMap((piece) => (piece === '*' ? [ANY] : piece === '?' ? [ONE] : literalTokens(piece)))
}
