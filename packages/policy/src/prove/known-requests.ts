import type { ActionTerm } from './action-options.js'
import { Automaton } from './automaton.js'
import { Undecided, type Bounds } from './bounds.js'
import type { ActionCatalogue, ActionGroup } from './catalogue.js'
import type { ActionValue, Option } from './dimension.js'
import { FormFilter } from './form-filter.js'
import type { PatternSet } from './text-patterns.js'
import {
  ANY,
  ANY_DIGITS,
  ANY_NAME,
  ANY_WITHIN,
  ONE,
  ONE_DIGIT,
  ONE_NAME,
  ONE_WITHIN,
  pushLiteral,
  type Token,
} from './pattern.js'
import { resourceOptionsOfType, type ResourceTerm } from './resource-options.js'
import type { AskedFor, RequestSource } from './solve.js'

/** Actions of a service that no statement tells apart and that take the same resources. */
interface KnownActions {
  readonly mask: bigint
  readonly action: ActionValue
  readonly forms: readonly string[]
}

/** The known actions, each with the resources that it takes; what is asked for twice is worked out once. */
export class KnownRequests implements RequestSource {
  private readonly byForm = new Map<string, readonly Option<string>[] | Undecided>()
  private named: readonly KnownActions[] | undefined
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
    this.always = resources.everything & ~resources.negated
    this.filter = new FormFilter(resources)
  }

  /** The options with the required bits: those of the services that statements name first. */
  *options(required: bigint, promising: (mask: bigint) => boolean): Generator<Option<AskedFor> | Undecided> {
    this.lastMask = -1n
    const isUseful = (mask: bigint): boolean =>
      (mask & required) === required && promising(mask & this.always)
    this.named ??= [...this.actions.services].flatMap(([service, set]) => this.ofNamed(service, set))
    const withResources = (known: KnownActions): Generator<Option<AskedFor> | Undecided> =>
      this.withResources(known, (mask) => (mask & required) === required && promising(mask))
    for (const known of this.named) if (isUseful(known.mask)) yield* withResources(known)
    const others = this.actions.everything ^ this.actions.negated
    if (!isUseful(others)) return
    for (const service of this.catalogue.services) {
      if (this.actions.services.has(service)) continue
      for (const { forms, names } of this.catalogue.groups(service))
        yield* withResources({ mask: others, action: { service, name: names[0]! }, forms })
    }
  }

  private ofNamed(service: string, set: PatternSet): KnownActions[] {
    const { everything, negated } = this.actions
    const index = new NameIndex(set)
    return this.catalogue.groups(service).flatMap(({ folded, forms, names }: ActionGroup) => {
      const seen = new Map<bigint, KnownActions>()
      for (const [number, name] of folded.entries()) {
        const mask = (index.atoms(name) | everything) ^ negated
        if (!seen.has(mask)) seen.set(mask, { mask, action: { service, name: names[number]! }, forms })
      }
      return Array.from(seen.values())
    })
  }

  private *withResources(
    { action, forms, mask }: KnownActions,
    useful: (mask: bigint) => boolean,
  ): Generator<Option<AskedFor> | Undecided> {
    if (forms.length === 0) {
      const { everything, negated } = this.resources
      yield { mask: mask & (everything ^ negated), value: { action, resource: '*', ties: [] } }
    }
    if (mask !== this.lastMask) this.filter.forget()
    this.lastMask = mask
    for (const form of forms) {
      if (
        !this.filter.mayBeUseful(
          form,
          () => formTokens(form),
          (of) => useful(of & mask),
        )
      )
        continue
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

  private ofForm(form: string): readonly Option<string>[] | Undecided {
    const known = this.byForm.get(form)
    if (known) return known
    const type = new Automaton(formTokens(form))
    const options = resourceOptionsOfType(this.resources, type, this.typeBit, this.bounds)
    this.byForm.set(form, options)
    return options
  }
}

/** Finds the patterns that take a name: most are names themselves, or a prefix and a star. */
class NameIndex {
  private readonly exact = new Map<string, bigint>()
  private readonly prefixes: { readonly prefix: string; readonly atoms: bigint }[] = []
  private readonly others: { readonly automaton: Automaton; readonly atoms: bigint }[] = []

  constructor(set: PatternSet) {
    for (const { atoms, automaton } of set.patterns) {
      const { tokens } = automaton
      const wildcard = tokens.findIndex((token) => token < 0)
      const head = String.fromCharCode(...(wildcard < 0 ? tokens : tokens.slice(0, wildcard)))
      if (wildcard < 0) this.exact.set(head, atoms)
      else if (wildcard === tokens.length - 1 && tokens[wildcard] === ANY)
        this.prefixes.push({ prefix: head, atoms })
      else this.others.push({ automaton, atoms })
    }
  }

  atoms(name: string): bigint {
    let held = this.exact.get(name) ?? 0n
    for (const { atoms, prefix } of this.prefixes) if (name.startsWith(prefix)) held |= atoms
    for (const { atoms, automaton } of this.others)
      if ((atoms & ~held) !== 0n && automaton.takes(name)) held |= atoms
    return held
  }
}

/**
 * The ARNs of a type of resource. A variable is any text that is not empty; the name of a bucket has no slash,
 * or else a bucket's ARN would be an object's. [S3 guide, bucket naming rules]
 */
export function formTokens(form: string): Token[] {
  const tokens: Token[] = []
  for (const piece of form.split(/(\$\{\w+\}|\*)/)) {
    if (piece === '*') tokens.push(ANY)
    else if (piece === '${Partition}' || piece === '${Region}') tokens.push(ONE_WITHIN, ANY_WITHIN)
    else if (piece === '${Account}') tokens.push(ONE_DIGIT, ANY_DIGITS)
    else if (piece === '${BucketName}') tokens.push(ONE_NAME, ANY_NAME)
    else if (piece.startsWith('${')) tokens.push(ONE, ANY)
    else pushLiteral(tokens, piece)
  }
  return tokens
}
