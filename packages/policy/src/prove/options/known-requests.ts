import type { ActionTerm } from './action-options.js'
import { Undecided, type Bounds } from '../bounds.js'
import type { ActionCatalogue } from './catalogue.js'
import type { Option, ResourceValue } from './dimension.js'
import { FormFilter } from './form-filter.js'
import { KnownActions, type KnownGroup } from './known-actions.js'
import { resourceForm } from './resource-forms.js'
import { bareOptions, resourceOptionsOfType, type ResourceTerm } from './resource-options.js'
import type { AskedFor, RequestSource } from '../search/solve.js'

/** The known actions, each with the resources that it takes; what is asked for twice is worked out once. */
export class KnownRequests implements RequestSource {
  private readonly byForm = new Map<string, readonly Option<ResourceValue>[] | Undecided>()
  private readonly known: KnownActions
  /** What the filter's answers are about. */
  private lastMask = -1n
  /** A bit that no statement has. */
  private readonly typeBit: bigint
  /** Statements that every ARN satisfies. */
  private readonly always: bigint
  private readonly filter: FormFilter

  constructor(
    actions: ActionTerm,
    private readonly resources: ResourceTerm,
    catalogue: ActionCatalogue,
    allStatements: bigint,
    private readonly bounds: Bounds,
  ) {
    this.typeBit = allStatements + 1n
    this.always = resources.everything & ~resources.negated & ~(resources.owners?.asking ?? 0n)
    this.filter = new FormFilter(resources)
    this.known = new KnownActions(actions, catalogue)
  }

  /** The options with the required bits: those of the services that statements name first. */
  *options(required: bigint, promising: (mask: bigint) => boolean): Generator<Option<AskedFor> | Undecided> {
    this.lastMask = -1n
    const groups = this.known.groups(
      (every, some) => (some & required) === required && promising(every & this.always),
    )
    for (const group of groups)
      yield* this.withResources(group, (mask) => (mask & required) === required && promising(mask))
  }

  private *withResources(
    { action, forms, mask }: KnownGroup,
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
