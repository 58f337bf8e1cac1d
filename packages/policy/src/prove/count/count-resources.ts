import { Undecided } from '../bounds.js'
import { RESOURCE_KEYS } from '../options/key-shapes.js'
import { ownerTerm, type OwnerTerm } from '../options/resource-owners.js'
import type { ResourceTerm } from '../options/resource-options.js'
import { ACCOUNTS, type Language } from '../texts/language.js'
import type { Automaton } from '../texts/automaton.js'
import type { StringPattern } from '../texts/partition.js'
import { variableIn } from '../texts/text-patterns.js'
import type { CountedOption } from './count-combinations.js'
import type { TextCounts } from './count-strings.js'
import { textsOf } from './text-source.js'
import type { CountedTerm } from './counted-term.js'

/** Whose the resources are, where one of the policies asks. */
interface CountedOwners {
  /** Undefined where only the other policy asks. */
  readonly term: OwnerTerm | undefined
  /** Owners of what has no account in its ARN. */
  readonly free: readonly CountedOption[]
}

/** The patterns of the one policy. */
export function ownResources(asked: ResourceTerm, bits: bigint): ResourceTerm {
  const useful = bits & ~asked.everything
  const ties = asked.ties.filter(({ atoms }) => (atoms & useful) !== 0n)
  const kept = ties.reduce((all, { star }) => all | star, useful)
  const patterns = asked.patterns
    .map(({ atoms, automaton }) => ({ automaton, atoms: atoms & kept }))
    .filter(({ atoms }) => atoms !== 0n)
  return { ...asked, patterns, ties }
}

/** Counts resources, and their owners where one of the two policies asks for them. */
export class ResourceCounter {
  private constructor(
    private readonly term: CountedTerm,
    readonly asked: ResourceTerm,
    private readonly owners: CountedOwners | undefined,
  ) {}

  static of(term: CountedTerm, asked: ResourceTerm): ResourceCounter | Undecided {
    const owners = countOwners(term)
    return owners instanceof Undecided ? owners : new ResourceCounter(term, asked, owners)
  }

  /** Requests without a resource: `*`. */
  bare(): readonly CountedOption[] {
    const { everything, negated } = this.asked
    return this.withFreeOwner([{ mask: everything ^ negated, count: 1n }])
  }

  /** Well-formed ARNs as some patterns tell them apart; with `types`, those of these types. */
  arns(
    patterns: readonly StringPattern[],
    types?: readonly Automaton[],
  ): readonly CountedOption[] | Undecided {
    const { languages } = this.term.space
    if (!this.owners) {
      const counts = this.texts(patterns, languages?.resources ?? this.asked.language, types)
      return counts instanceof Undecided ? counts : this.optionsOf(counts)
    }
    const open = this.texts(patterns, languages?.resources ?? this.asked.languages.open(), types)
    if (open instanceof Undecided) return open
    const { term } = this.owners
    const inArn = [...patterns, ...(term?.inArn ?? [])]
    const owned = this.texts(inArn, languages?.owned ?? this.asked.languages.inArn(), types)
    if (owned instanceof Undecided) return owned
    return [
      ...this.withFreeOwner(this.optionsOf(open)),
      ...this.optionsOf(owned, (atoms) => term?.failedAt(atoms) ?? 0n),
    ]
  }

  /** Behind the bits of statements, of conditions on owners and of patterns with variables. */
  private get typeBit(): bigint {
    const stars = this.asked.ties.reduce((all, { star }) => all | star, 0n)
    const first = 1n << BigInt(this.owners?.term?.next ?? this.term.both.statements.length + 1)
    return stars < first ? first : 1n << BigInt(stars.toString(2).length)
  }

  /** Bits of which a resource needs one to be allowed; undefined where it may be without. */
  private get useful(): bigint | undefined {
    const { everything, negated } = this.asked
    const { both, bits } = this.term
    const allows = (both.allows[0] | both.allows[1]) & bits
    return ((everything | negated) & allows) === 0n ? allows : undefined
  }

  /** Whether all types of resources matter, and not only those that patterns match. */
  get needsAll(): boolean {
    return this.useful === undefined
  }

  /** Whether counts hang on the patterns alone, and not on an owner. */
  get isFree(): boolean {
    return this.owners === undefined
  }

  private texts(
    patterns: readonly StringPattern[],
    language: Language,
    types: readonly Automaton[] | undefined,
  ): TextCounts | Undecided {
    const ofType = this.typeBit
    const typed = (types ?? []).map((automaton) => ({ automaton, atoms: ofType }))
    const matched = patterns.reduce((all, { atoms }) => all | atoms, 0n)
    const ties = this.asked.ties.filter(({ star }) => (star & matched) !== 0n)
    return textsOf(this.term.space).count([...patterns, ...typed], ties, {
      ...this.term.space,
      language,
      what: 'Resource',
      ...(types && { required: ofType }),
      ...(this.useful !== undefined && { oneOf: this.useful }),
    })
  }

  private optionsOf(
    counts: TextCounts,
    failedAt: (atoms: bigint) => bigint = () => 0n,
  ): readonly CountedOption[] {
    const { everything, negated } = this.asked
    const { all } = this.term.both
    return Array.from(counts, ([atoms, count]) => {
      const mask = (((atoms & all) | everything) ^ negated) & ~failedAt(atoms)
      return { mask, count }
    })
  }

  private withFreeOwner(options: readonly CountedOption[]): readonly CountedOption[] {
    if (!this.owners) return options
    const { free } = this.owners
    return options.flatMap(({ count, mask }) =>
      free.map((owner) => ({ mask: mask & owner.mask, count: count * owner.count })),
    )
  }
}

/** The accounts that may own what has none in its ARN; undefined where neither policy asks. */
function countOwners({ both, own, space }: CountedTerm): CountedOwners | undefined | Undecided {
  if (![...both.keys.keys()].some((key) => RESOURCE_KEYS.has(key))) return undefined
  const term = ownerTerm(own, both.statements.length + 1, space.bounds)
  if (term instanceof Undecided) return term
  const [tie] = term?.ties ?? []
  if (tie) return variableIn('aws:ResourceAccount', tie.text.source)
  const counts = textsOf(space).count(term?.alone ?? [], [], {
    ...space,
    language: space.languages?.owners ?? ACCOUNTS,
    what: 'aws:ResourceAccount',
  })
  if (counts instanceof Undecided) return counts
  const free = Array.from(counts, ([atoms, count]) => ({ mask: term ? ~term.failedAt(atoms) : -1n, count }))
  return { term, free }
}
