import type { ConditionValue } from '../policy.js'
import type { RequestContext } from '../request.js'
import { Undecided, type Bounds } from './bounds.js'
import type { Option } from './dimension.js'
import { holdsWhenMissing, holdsWhenPresent } from './key-options.js'
import { PRINCIPAL_KEYS } from './key-shapes.js'
import { partitionTexts, type Classify, type StringClass } from './partition.js'
import {
  elementGrants,
  elementTakes,
  entryPatterns,
  namesSingle,
  RECOGNITIONS,
  type Recognition,
} from './principal-elements.js'
import {
  PRINCIPAL_KINDS,
  SEPARATOR,
  SINGLE_KINDS,
  type KeyView,
  type PrincipalKind,
} from './principal-kinds.js'
import { Automaton } from './automaton.js'
import { PrincipalScope } from './principal-scope.js'
import type { KeyUse, Term, TermStatement } from './term.js'
import { conditionTokens, PatternSet } from './text-patterns.js'

/** Who asks, with the context keys that come with that. */
export interface PrincipalValue {
  readonly principal: string
  readonly context: RequestContext
  /** That of the principal's account, where it matters. */
  readonly canonicalUserId?: string
}

/** A condition on a key that follows from who asks, with a bit of its own. */
interface PrincipalUse extends KeyUse {
  readonly key: string
  readonly atom: bigint
}

/**
 * The options of who asks; undefined where nothing hangs on it, and nobody is left out. `classify` lists the classes
 * of texts; what it counts of a class its options have too.
 */
export function principalOptions(
  term: Term,
  scope: PrincipalScope,
  bounds: Bounds,
  classify: Classify = partitionTexts,
): Option<PrincipalValue>[] | undefined | Undecided {
  if (!asksWhoAsks(term) && !scope.isLimited) return undefined
  const uses: PrincipalUse[] = []
  for (const [key, { uses: ofKey }] of term.keys)
    if (PRINCIPAL_KEYS.has(key))
      for (const use of ofKey) uses.push({ ...use, key, atom: 1n << BigInt(uses.length) })
  return new PrincipalSearch(term, scope, uses, bounds, classify).options()
}

/** Whether anything hangs on who asks. */
export function asksWhoAsks(term: Term): boolean {
  for (const [key, { uses }] of term.keys) if (PRINCIPAL_KEYS.has(key) && uses.length > 0) return true
  return term.statements.some(({ statement: { principal } }) => {
    return principal && (principal.negated || !principal.entries.some(({ type }) => type === 'everyone'))
  })
}

class PrincipalSearch {
  private readonly withIds: boolean

  constructor(
    private readonly term: Term,
    private readonly scope: PrincipalScope,
    private readonly uses: readonly PrincipalUse[],
    private readonly bounds: Bounds,
    private readonly classify: Classify,
  ) {
    this.withIds = term.keys.has('aws:userid') || this.sources('uniqueId').length > 0
  }

  options(): Option<PrincipalValue>[] | Undecided {
    if (this.sources('federated').length > 0 && this.term.keys.has('aws:federatedprovider'))
      return new Undecided('notSupported', 'a Federated principal beside conditions on aws:FederatedProvider')
    const options: Option<PrincipalValue>[] = []
    for (const one of PRINCIPAL_KINDS) {
      if (!this.scope.kinds.has(one.name)) continue
      const found = this.ofKind(one)
      if (found instanceof Undecided) return found
      options.push(...found)
    }
    const singles = this.singles()
    if (singles instanceof Undecided) return singles
    return [...options, ...singles]
  }

  /** Every text that somebody is called by. */
  private *named(): Generator<string> {
    for (const { condition } of this.uses) for (const value of condition.values) yield sourceOf(value)
    for (const { statement } of this.term.statements)
      for (const { source } of statement.principal?.entries ?? []) yield source
  }

  private sources(type: string): string[] {
    const found = this.term.statements.flatMap(({ statement }) =>
      (statement.principal?.entries ?? []).filter((entry) => entry.type === type).map(({ source }) => source),
    )
    return [...new Set(found)]
  }

  /** One kind: the classes of its texts, each with the ways to be recognized that no text tells. */
  private ofKind(kind: PrincipalKind): Option<PrincipalValue>[] | Undecided {
    const set = new PatternSet()
    let failed = 0n
    for (const use of this.uses) {
      const view = kind.keys[use.key]
      if (!view)
        return new Undecided('notSupported', `conditions on ${use.condition.key} beside federated users`)
      if (view.type !== 'part' || use.condition.operator.family === 'null') {
        const holds = holdsForFixed(use, view)
        if (holds instanceof Undecided) return holds
        if (!holds) failed |= use.statement
        continue
      }
      const patterns = textTokens(use)
      if (patterns instanceof Undecided) return patterns
      const fold = use.condition.operator.family === 'stringIgnoreCase'
      for (const tokens of patterns) for (const inside of view.within(tokens)) set.add(inside, use.atom, fold)
    }
    const recognized = new Map<bigint, { readonly statement: bigint; readonly by: Recognition }>()
    let atom = 1n << BigInt(this.uses.length)
    for (const { bit, statement } of this.term.statements)
      for (const by of statement.principal ? RECOGNITIONS : []) {
        let used = false
        for (const entry of statement.principal!.entries) {
          const found = entryPatterns(entry, kind.name)
          if (found?.by !== by) continue
          used = true
          for (const tokens of found.patterns) set.add(tokens, atom)
        }
        if (used) recognized.set(atom, { statement: bit, by })
        atom <<= 1n
      }
    const limits = this.scope.addTo(set, kind, atom, this.named())
    const classify = (): ReturnType<Classify> =>
      this.classify(set.patterns, {
        language: kind.language,
        bounds: this.bounds,
        what: 'who asks',
        required: limits.required,
      })
    let classes = classify()
    // Whoever stands for a class by chance may be left out: then somebody else has to.
    while (!(classes instanceof Undecided) && limits.leaveOut(classes.map(({ text }) => text)))
      classes = classify()
    if (classes instanceof Undecided) return classes
    const hosts = kind.name === 'service' ? this.sources('service') : []
    const texts: StringClass[] = [
      ...classes,
      ...hosts.map((host) => ({ text: host.toLowerCase(), atoms: atomsOf(set, host.toLowerCase()) })),
    ]
    const inScope = texts.filter(({ atoms }) => limits.takes(atoms))
    return inScope.flatMap(({ atoms, count, text }) => {
      const known = [...recognized].filter(([one]) => (atoms & one) !== 0n).map(([, way]) => way)
      const options = this.variants(kind.name, text, failed | this.failedUses(kind, atoms), known)
      return count === undefined ? options : options.map((option) => Object.assign(option, { count }))
    })
  }

  /** What else a request may carry: the canonical ID of its account, and where a session comes from. */
  private variants(
    kind: PrincipalKind['name'],
    text: string,
    failed: bigint,
    known: readonly { readonly statement: bigint; readonly by: Recognition }[],
  ): Option<PrincipalValue>[] {
    const canonical = kind === 'service' ? [] : this.sources('canonicalUser')
    const providers = kind === 'session' ? this.sources('federated') : []
    const value = principalOf(kind, text, this.withIds)
    return [undefined, ...canonical, ...providers].map((extra) => {
      let mask = ~failed
      for (const asked of this.term.statements) {
        const { principal } = asked.statement
        if (!principal) continue
        const by = new Set(known.filter((way) => way.statement === asked.bit).map((way) => way.by))
        const isNamed = extra !== undefined && principal.entries.some(({ source }) => source === extra)
        const way = !isNamed ? undefined : canonical.includes(extra) ? 'canonicalUser' : 'provider'
        if (!this.takes(asked, kind, by, way)) mask &= ~asked.bit
      }
      if (extra === undefined) return { mask, value }
      if (canonical.includes(extra)) return { mask, value: { ...value, canonicalUserId: extra } }
      const context = Object.assign({ 'aws:FederatedProvider': extra }, value.context)
      return { mask, value: { ...value, context } }
    })
  }

  /** Whether a statement takes who is recognized so; `extra` is what the ARN does not tell. */
  private takes(
    { statement, strength }: TermStatement,
    kind: PrincipalKind['name'] | SingleKind,
    by: ReadonlySet<Recognition>,
    extra: 'canonicalUser' | 'provider' | undefined,
  ): boolean {
    const principal = statement.principal!
    if (strength) return (elementGrants(principal, kind, by, extra, strength.everyone) & strength.bits) !== 0
    const recognized = extra ? new Set([...by, 'other' as const]) : by
    return elementTakes(principal, statement.effect, kind, recognized, this.scope.hasBoundary)
  }

  private failedUses(kind: PrincipalKind, atoms: bigint): bigint {
    let failed = 0n
    for (const { atom, condition, key, statement } of this.uses) {
      if (kind.keys[key]?.type !== 'part' || condition.operator.family === 'null') continue
      if (((atoms & atom) !== 0n) === condition.operator.negated) failed |= statement
    }
    return failed
  }

  /** Identity providers and canonical users, named and not named, and anonymous requests. */
  private singles(): Option<PrincipalValue>[] | Undecided {
    const options: Option<PrincipalValue>[] = []
    const arns = ['user', 'role', 'session', 'federatedUser'].flatMap((type) => this.sources(type))
    const names = {
      provider: [...this.sources('federated').filter(isProvider), OTHER_PROVIDER],
      canonicalUser: [
        ...this.sources('canonicalUser'),
        ...arns.filter((arn) => arn.includes(':cloudfront:user/')),
        OTHER_CANONICAL_USER,
      ],
      anonymous: ['anonymous'],
    }
    for (const kind of SINGLES)
      for (const name of new Set([...names[kind], ...this.scope.names])) {
        if (!this.scope.kinds.has(kind) || !this.scope.takesName(name)) continue
        let mask = -1n
        for (const use of this.uses) {
          const holds = holdsForFixed(use, SINGLE_KINDS[kind][use.key] ?? { type: 'missing' })
          if (holds instanceof Undecided) return holds
          if (!holds) mask &= ~use.statement
        }
        for (const asked of this.term.statements) {
          const by = new Set<Recognition>()
          const { principal } = asked.statement
          if (kind !== 'anonymous' && principal?.entries.some((entry) => namesSingle(entry, kind, name)))
            by.add('other')
          if (principal && !this.takes(asked, kind, by, undefined)) mask &= ~asked.bit
        }
        options.push({ mask, value: { principal: name, context: {} } })
      }
    return options
  }
}

function sourceOf(value: ConditionValue): string {
  return 'source' in value ? value.source : ''
}

const SINGLES = ['provider', 'canonicalUser', 'anonymous'] as const
type SingleKind = (typeof SINGLES)[number]
const OTHER_PROVIDER = 'arn:aws:iam::111122223333:saml-provider/another'
const OTHER_CANONICAL_USER = '0123456789abcdef'.repeat(4)

/** Of the host names only those of the public providers ask by themselves. */
function isProvider(source: string): boolean {
  return (
    source.startsWith('arn:') ||
    /^(?:accounts\.google|cognito-identity\.amazonaws|graph\.facebook|www\.amazon)\.com$/.test(source)
  )
}

function textTokens({ condition }: KeyUse): ReturnType<typeof conditionTokens> {
  const { family } = condition.operator
  if (['string', 'stringIgnoreCase', 'stringLike', 'arn'].includes(family)) return conditionTokens(condition)
  return new Undecided('notSupported', `${condition.key} is compared by ${condition.operator.source}`)
}

/** A condition on a key that is missing, or that has one value for all of a kind. */
function holdsForFixed(use: KeyUse, view: KeyView): boolean | Undecided {
  const { condition } = use
  const { family, negated } = condition.operator
  if (view.type === 'missing') return holdsWhenMissing(condition)
  if (family === 'null') return holdsWhenPresent(condition)
  if (view.type === 'part') return new Undecided('notSupported', `${condition.key} has more than one value`)
  if (family === 'bool') {
    const some = condition.values.some(
      (value) => value.type === 'boolean' && String(value.boolean) === view.value,
    )
    return some !== negated
  }
  const patterns = textTokens(use)
  if (patterns instanceof Undecided) return patterns
  const fold = family === 'stringIgnoreCase'
  return patterns.some((tokens) => new Automaton(tokens, fold).takes(view.value)) !== negated
}

function atomsOf(set: PatternSet, text: string): bigint {
  let held = 0n
  for (const { atoms, automaton } of set.patterns) if (automaton.takes(text)) held |= atoms
  return held
}

/** The principal that a text describes, with the keys that its ARN does not tell. */
function principalOf(kind: PrincipalKind['name'], text: string, withIds: boolean): PrincipalValue {
  const [arn = '', id = ''] = text.split(SEPARATOR)
  const context: Record<string, string> = withIds && id !== '' ? { 'aws:userid': id } : {}
  if (kind !== 'session') return { principal: arn, context }
  const [, partition, account, path = '', name] =
    /^arn:([^:]*):iam::(\d{12}):role\/(.*\/)?([^/]+)$/s.exec(arn) ?? []
  if (path !== '') context['aws:PrincipalArn'] = arn
  const session = id.slice(id.indexOf(':') + 1)
  return { principal: `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`, context }
}
