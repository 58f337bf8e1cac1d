import type { ActionTerm } from './action-term.js'
import type { AtomSet } from '../texts/atom-sets.js'
import type { ActionCatalogue, ActionGroup } from './catalogue.js'
import type { ActionValue } from './dimension.js'
import { Remembered } from '../../remembered.js'
import { NameIndex } from '../texts/name-index.js'
import { nameOfPatterns, type StringPattern } from '../texts/partition.js'
import type { PatternSet } from '../texts/text-patterns.js'

/** Known actions of a service that no statement tells apart and that take the same resources. */
export interface KnownGroup {
  readonly mask: bigint
  /** One of them. */
  readonly action: ActionValue
  /** How many they are. */
  readonly actions: bigint
  /** Forms of ARNs; none: requests have no resource. */
  readonly forms: readonly string[]
}

/** A service that statements name. */
interface NamedService {
  readonly service: string
  readonly set: PatternSet
  /** Bits that some action of it has. */
  readonly some: bigint
  /** Bits that all actions of it have. */
  readonly every: bigint
  groups: readonly KnownGroup[] | undefined
}

/** Questions about the same policies tell the actions of a service apart by the same few patterns. */
const remembered = new WeakMap<ActionCatalogue, Remembered<readonly KnownGroup[]>>()

/** The known actions as a term's statements tell them apart. */
export class KnownActions {
  private readonly named: readonly NamedService[]

  constructor(
    private readonly actions: ActionTerm,
    private readonly catalogue: ActionCatalogue,
    /** Only actions with at most so many characters, `service:name`. */
    private readonly longest = Number.POSITIVE_INFINITY,
  ) {
    const { everything, negated, services } = actions
    this.named = Array.from(services, ([service, set]) => {
      const taken = set.patterns.reduce((all, { atoms }) => all | atoms, everything)
      const some = (taken & ~negated) | (negated & ~everything)
      const every = (everything & ~negated) | (negated & ~taken)
      return { service, set, some, every, groups: undefined }
    })
  }

  /**
   * The groups, those of services that statements name first. `isUseful` is asked which bits actions have: all of
   * `every`, and at most `some`.
   */
  *groups(isUseful: (every: bigint, some: bigint) => boolean): Generator<KnownGroup> {
    for (const named of this.named) {
      if (!isUseful(named.every, named.some)) continue
      for (const group of (named.groups ??= this.ofNamed(named)))
        if (isUseful(group.mask, group.mask)) yield group
    }
    const mask = this.actions.everything ^ this.actions.negated
    if (!isUseful(mask, mask)) return
    for (const service of this.catalogue.services) {
      if (this.actions.services.has(service)) continue
      for (const { forms, names } of this.catalogue.groups(service)) {
        const [first, ...others] = names.filter((name) => this.isShort(service, name))
        if (first !== undefined)
          yield { mask, action: { service, name: first }, actions: BigInt(1 + others.length), forms }
      }
    }
  }

  private isShort(service: string, name: string): boolean {
    return service.length + 1 + name.length <= this.longest
  }

  private ofNamed({ service, set }: NamedService): readonly KnownGroup[] {
    const { everything, negated } = this.actions
    const { patterns } = set
    const name = nameOfPatterns(patterns)
    if (name === undefined) return this.groupsOf(service, patterns)
    let ofCatalogue = remembered.get(this.catalogue)
    if (!ofCatalogue) remembered.set(this.catalogue, (ofCatalogue = new Remembered(1024)))
    const key = `${service} ${everything} ${negated} ${this.longest}${name}`
    return ofCatalogue.get(key) ?? ofCatalogue.set(key, this.groupsOf(service, patterns))
  }

  private groupsOf(service: string, patterns: readonly StringPattern[]): readonly KnownGroup[] {
    const { everything, negated } = this.actions
    const index = new NameIndex(patterns)
    return this.catalogue.groups(service).flatMap(({ folded, forms, names }: ActionGroup) => {
      const alike = new Map<AtomSet, { readonly first: string; count: number }>()
      for (const [number, name] of folded.entries()) {
        if (!this.isShort(service, name)) continue
        const atoms = index.atoms(name)
        const known = alike.get(atoms)
        if (known) known.count++
        else alike.set(atoms, { first: names[number]!, count: 1 })
      }
      return Array.from(alike, ([atoms, { count, first }]) => {
        const mask = (index.bits(atoms) | everything) ^ negated
        return { mask, action: { service, name: first }, actions: BigInt(count), forms }
      })
    })
  }
}
