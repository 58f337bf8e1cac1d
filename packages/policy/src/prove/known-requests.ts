import type { ActionTerm } from './action-options.js'
import type { AtomSet } from './atom-sets.js'
import { Undecided, type Bounds } from './bounds.js'
import type { ActionCatalogue, ActionGroup } from './catalogue.js'
import type { ActionValue, Option, ResourceValue } from './dimension.js'
import { FormFilter } from './form-filter.js'
import { NameIndex } from './name-index.js'
import { resourceForm } from './resource-forms.js'
import { bareOptions, resourceOptionsOfType, type ResourceTerm } from './resource-options.js'
import type { AskedFor, RequestSource } from './solve.js'
import type { PatternSet } from './text-patterns.js'

/** Actions of a service that no statement tells apart and that take the same resources. */
interface KnownActions {
  readonly mask: bigint
  readonly action: ActionValue
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
  known: readonly KnownActions[] | undefined
}

/** The known actions, each with the resources that it takes; what is asked for twice is worked out once. */
export class KnownRequests implements RequestSource {
  private readonly byForm = new Map<string, readonly Option<ResourceValue>[] | Undecided>()
  private readonly named: readonly NamedService[]
  /** What the filter's answers are about. */
  private lastMask = -1n
  /** A bit that no statement has. */
  private readonly typeBit: bigint
  /** Statements that every ARN satisfies. */
  private readonly always: bigint
  private readonly filter: FormFilter

  constructor(
    private readonly actions: ActionTerm,
    private readonly resources: ResourceTerm,
    private readonly catalogue: ActionCatalogue,
    allStatements: bigint,
    private readonly bounds: Bounds,
  ) {
    this.typeBit = allStatements + 1n
    this.always = resources.everything & ~resources.negated & ~(resources.owners?.asking ?? 0n)
    this.filter = new FormFilter(resources)
    const { everything, negated } = actions
    this.named = Array.from(actions.services, ([service, set]) => {
      const taken = set.patterns.reduce((all, { atoms }) => all | atoms, everything)
      const some = (taken & ~negated) | (negated & ~everything)
      const every = (everything & ~negated) | (negated & ~taken)
      return { service, set, some, every, known: undefined }
    })
  }

  /** The options with the required bits: those of the services that statements name first. */
  *options(required: bigint, promising: (mask: bigint) => boolean): Generator<Option<AskedFor> | Undecided> {
    this.lastMask = -1n
    const useful = (mask: bigint): boolean => (mask & required) === required && promising(mask)
    for (const named of this.named) {
      if ((named.some & required) !== required || !promising(named.every & this.always)) continue
      for (const known of (named.known ??= this.ofNamed(named)))
        if ((known.mask & required) === required && promising(known.mask & this.always))
          yield* this.withResources(known, useful)
    }
    const others = this.actions.everything ^ this.actions.negated
    if ((others & required) !== required || !promising(others & this.always)) return
    for (const service of this.catalogue.services) {
      if (this.actions.services.has(service)) continue
      for (const { forms, names } of this.catalogue.groups(service))
        yield* this.withResources({ mask: others, action: { service, name: names[0]! }, forms }, useful)
    }
  }

  private ofNamed({ service, set }: NamedService): readonly KnownActions[] {
    const { everything, negated } = this.actions
    const index = new NameIndex(set.patterns)
    return this.catalogue.groups(service).flatMap(({ folded, forms, names }: ActionGroup) => {
      const first = new Map<AtomSet, string>()
      for (const [number, name] of folded.entries()) {
        const atoms = index.atoms(name)
        if (!first.has(atoms)) first.set(atoms, names[number]!)
      }
      return Array.from(first, ([atoms, name]) => {
        const mask = (index.bits(atoms) | everything) ^ negated
        return { mask, action: { service, name }, forms }
      })
    })
  }

  private *withResources(
    { action, forms, mask }: KnownActions,
    useful: (mask: bigint) => boolean,
  ): Generator<Option<AskedFor> | Undecided> {
    if (forms.length === 0) {
      for (const { mask: bare, ties = [], value } of bareOptions(this.resources))
        yield { mask: mask & bare, value: { action, resource: value, ties } }
    }
    if (mask !== this.lastMask) this.filter.forget()
    this.lastMask = mask
    for (const form of forms) {
      if (!this.filter.mayBeUseful(form, (of) => useful(of & mask))) continue
      const options = this.ofForm(form)
      if (options instanceof Undecided) yield options
      else
        for (const option of options)
          if (useful(option.mask & mask))
            yield {
              mask: mask & option.mask,
              value: { action, resource: option.value, ties: option.ties ?? [] },
            }
    }
  }

  private ofForm(form: string): readonly Option<ResourceValue>[] | Undecided {
    const known = this.byForm.get(form)
    if (known) return known
    const asked = { ...this.resources, patterns: this.filter.patternsFor(form) }
    const { automaton } = resourceForm(form)
    const options = resourceOptionsOfType(asked, automaton, this.typeBit, this.bounds)
    this.byForm.set(form, options)
    return options
  }
}
