import { isArnOfKind, SEPARATOR, type PrincipalKind } from './principal-kinds.js'
import { ANY, literalTokens, ONE, type Token } from '../texts/pattern.js'
import type { Who } from '../question.js'
import { Remembered } from '../../remembered.js'
import type { PatternSet } from '../texts/text-patterns.js'

const remembered = new Remembered<PrincipalScope>(64)

/** Of those of a kind, whom it is about. */
export interface Limits extends Omit<Who, 'kind'> {
  /** Further patterns, of which one has to match as well. */
  readonly also?: readonly string[] | undefined
  /** Requests name the unique ID of who asks, whatever the statements say that are left. */
  readonly withIds?: boolean
}

/** The scope of a question about principals of one kind; the same for the same question, if that is short. */
export function scopeOf(kind: Who['kind'], limits: Limits, hasBoundary: boolean): PrincipalScope {
  const { account, also, except, exceptIds, only, outside, withIds } = limits
  if (also ?? except ?? only ?? exceptIds) return new PrincipalScope([kind], limits, hasBoundary)
  const key = `${kind} ${account} ${outside} ${hasBoundary} ${withIds}`
  return remembered.get(key) ?? remembered.set(key, new PrincipalScope([kind], limits, hasBoundary))
}

/** What `only`, `except`, `account` and `outside` leave of the classes of one kind. */
export interface PrincipalLimits {
  readonly required: bigint
  readonly takes: (atoms: bigint) => boolean
  /**
   * Adds patterns for those of `except` whom one of these texts describes; false when there are none. Only they are
   * told apart whom policies name or a class happens to have: of any other class somebody is left.
   */
  readonly leaveOut: (texts: readonly string[]) => boolean
}

/** Who a search is about: some kinds, and of a single one perhaps not all. */
export class PrincipalScope {
  readonly kinds: ReadonlySet<string>

  constructor(
    kinds: Iterable<Who['kind']>,
    private readonly limits: Limits = {},
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

  get withIds(): boolean {
    return this.limits.withIds ?? false
  }

  /** Somebody whom it is about, where a look at the limits tells. */
  get somebody(): string | undefined {
    const { account, also, except, only, outside } = this.limits
    const [first] = only ?? []
    const [kind] = this.kinds
    if (first === undefined || also || except || outside !== undefined || !isArnOfKind(first, kind!))
      return undefined
    return account === undefined || first.includes(`::${account}:`) ? first : undefined
  }

  /** The unique ID of who asks, where it is told; what is no ID of the kind tells nothing. */
  get uniqueId(): string | undefined {
    const { only, uniqueId } = this.limits
    const prefix = this.kinds.has('user') ? 'AIDA' : 'AROA'
    if (!this.isLimited || only?.length !== 1 || uniqueId === undefined) return undefined
    return uniqueId.startsWith(prefix) && /^[A-Z0-9]+$/.test(uniqueId) ? uniqueId : undefined
  }

  /**
   * Adds the limits as patterns, with atoms from `first` on; `named` is what policies call somebody, and `deleted` the
   * unique IDs among that which stand for somebody who is gone.
   */
  addTo(
    set: PatternSet,
    kind: PrincipalKind,
    first: bigint,
    named: readonly string[],
    deleted: readonly string[],
  ): PrincipalLimits {
    const { account, also, except = [], only, outside } = this.limits
    let atom = first
    let required = 0n
    const add = (key: string, texts: readonly string[], to: bigint): void => {
      const view = kind.keys[key]
      if (view?.type !== 'part') throw new Error(`${kind.name} has no ${key} to be limited by`)
      for (const text of texts) for (const tokens of view.within(wildcardTokens(text))) set.add(tokens, to)
    }
    const limitTo = (key: string, texts: readonly string[]): void => {
      add(key, texts, atom)
      required |= atom
      atom <<= 1n
    }
    const arn = kind.name === 'service' ? 'aws:principalservicename' : 'aws:principalarn'
    if (only) limitTo(arn, only)
    if (also) limitTo(arn, also)
    if (account !== undefined && kind.name !== 'service') limitTo('aws:principalaccount', [account])
    const { uniqueId } = this
    const hasIds = kind.name === 'user' || kind.name === 'session'
    const idsOf = (id: string): string => (kind.name === 'session' ? `${id}:*` : id)
    if (uniqueId !== undefined && hasIds) limitTo('aws:userid', [idsOf(uniqueId)])
    const excluded = atom
    if (hasIds && this.isLimited) add('aws:userid', this.idsOfOthers(named, deleted).map(idsOf), excluded)
    if (outside !== undefined && kind.name !== 'service') add('aws:principalaccount', [outside], excluded)
    const { exact, patterns } = readExcept(except)
    add(arn, patterns, excluded)
    const added = new Set<string>()
    const leaveOut = (texts: Iterable<string>): boolean => {
      if (exact.size === 0) return false
      const before = added.size
      for (const text of texts) {
        const [name = ''] = text.split(SEPARATOR)
        if (!exact.has(name) || added.has(name)) continue
        added.add(name)
        add(arn, [name], excluded)
      }
      return added.size > before
    }
    leaveOut(named)
    const takes = (atoms: bigint): boolean => (atoms & required) === required && (atoms & excluded) === 0n
    return { required, takes, leaveOut }
  }

  /** Of the unique IDs that policies name, those that nobody has whom it is about. */
  private idsOfOthers(named: readonly string[], deleted: readonly string[]): readonly string[] {
    if (this.uniqueId !== undefined) return []
    const { exceptIds = [] } = this.limits
    return [...deleted, ...exceptIds.filter((id) => named.some((text) => text.includes(id)))]
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

function isPattern(text: string): boolean {
  return /[*?]/.test(text)
}

/** What `except` lists: whole names, and patterns. */
interface Except {
  readonly exact: ReadonlySet<string>
  readonly patterns: readonly string[]
}

const read = new WeakMap<readonly string[], Except>()

function readExcept(except: readonly string[]): Except {
  let made = read.get(except)
  if (!made) {
    made = {
      exact: new Set(except.filter((text) => !isPattern(text))),
      patterns: except.filter((text) => isPattern(text)),
    }
    read.set(except, made)
  }
  return made
}

const tokensOf = new Remembered<readonly Token[]>(1024)

/** `*` and `?` are wildcards. The same list for the same text, for a while. */
function wildcardTokens(text: string): readonly Token[] {
  const known = tokensOf.get(text)
  if (known) return known
  const tokens = text
    .split(/([*?])/)
    .flatMap((piece) => (piece === '*' ? [ANY] : piece === '?' ? [ONE] : literalTokens(piece)))
  return tokensOf.set(text, tokens)
}
