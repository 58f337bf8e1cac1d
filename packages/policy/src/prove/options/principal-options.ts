import type { ConditionValue, PrincipalEntry } from '../../policy.js'
import type { RequestContext } from '../../request.js'
import { Undecided, type Bounds } from '../bounds.js'
import { TIED_PRINCIPAL, tiesTo, type Option } from './dimension.js'
import { PRINCIPAL_KEYS } from './key-shapes.js'
import { partitionTexts, type Classify, type StringClass } from '../texts/partition.js'
import {
  elementGrants,
  elementTakes,
  entryPatterns,
  namesSingle,
  RECOGNITIONS,
  type Recognition,
} from './principal-elements.js'
import { PRINCIPAL_KINDS, SEPARATOR, SINGLE_KINDS, type PrincipalKind } from './principal-kinds.js'
import { addDemands, type PrincipalUse } from './principal-demands.js'
import { NO_PROVIDER, providerOptions, type ProviderOption } from './principal-providers.js'
import { PrincipalScope } from './principal-scope.js'
import type { Term, TermStatement } from '../search/term.js'
import { PatternSet } from '../texts/text-patterns.js'
import { splitByTies } from '../variables/ties.js'

/** Who asks, with the context keys that come with that. */
export interface PrincipalValue {
  readonly principal: string
  readonly context: RequestContext
  /** That of the principal's account, where it matters. */
  readonly canonicalUserId?: string
}

/** A statement, and how it recognizes the principal. */
interface RecognizedBy {
  readonly statement: bigint
  readonly by: Recognition
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
  if (!asksWhoAsks(term)) {
    if (!scope.isLimited) return undefined
    if (classify === partitionTexts) return anybody(scope, bounds)
  }
  const uses: PrincipalUse[] = []
  for (const [key, { uses: ofKey }] of term.keys)
    if (PRINCIPAL_KEYS.has(key))
      for (const use of ofKey) uses.push({ ...use, key, atom: 1n << BigInt(uses.length) })
  return new PrincipalSearch(term, scope, uses, bounds, classify).options()
}

const anybodies = new WeakMap<PrincipalScope, Option<PrincipalValue>[]>()
const NO_STATEMENTS: Term = { statements: [], all: 0n, keys: new Map() }

/** One of the principals of a scope, where nothing hangs on which; none if there are none. */
function anybody(scope: PrincipalScope, bounds: Bounds): Option<PrincipalValue>[] | Undecided {
  const known = anybodies.get(scope)
  if (known) return known
  const { somebody } = scope
  const [kind] = scope.kinds as ReadonlySet<PrincipalKind['name']>
  const found =
    somebody === undefined
      ? new PrincipalSearch(NO_STATEMENTS, scope, [], bounds, partitionTexts).options()
      : [
          {
            mask: -1n,
            value: principalOf(kind!, `${somebody}${SEPARATOR}${idOf(kind!, scope)}`, scope.withIds),
          },
        ]
  if (found instanceof Undecided) return found
  const made = found.slice(0, 1)
  anybodies.set(scope, made)
  return made
}

/** What stands behind the ARN of somebody. */
function idOf(kind: PrincipalKind['name'], { uniqueId }: PrincipalScope): string {
  return kind === 'session' ? `${uniqueId ?? 'AROA'}:session` : (uniqueId ?? 'AIDA')
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
  /** Ties take bits behind those of uses, recognitions and limits. */
  private readonly firstTie: number
  private providers: readonly ProviderOption[] = [NO_PROVIDER]
  private readonly byType: ReadonlyMap<PrincipalEntry['type'], readonly string[]>

  constructor(
    private readonly term: Term,
    private readonly scope: PrincipalScope,
    private readonly uses: readonly PrincipalUse[],
    private readonly bounds: Bounds,
    private readonly classify: Classify,
  ) {
    this.byType = sourcesOf(term)
    this.withIds = scope.withIds || term.keys.has('aws:userid') || this.sources('uniqueId').length > 0
    this.firstTie = uses.length + term.statements.length * RECOGNITIONS.length + MOST_LIMITS
  }

  options(): Option<PrincipalValue>[] | Undecided {
    const providers = providerOptions(this.term, this.sources('federated'), this.bounds)
    if (providers instanceof Undecided) return providers
    this.providers = providers
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

  /** What statements call somebody in one way. */
  private sources(type: PrincipalEntry['type']): readonly string[] {
    return this.byType.get(type) ?? []
  }

  /** One kind: the classes of its texts, each with the ways to be recognized that no text tells. */
  private ofKind(kind: PrincipalKind): Option<PrincipalValue>[] | Undecided {
    const set = new PatternSet(this.firstTie)
    const demands = addDemands(set, this.uses, kind.keys)
    if (demands instanceof Undecided) return demands
    const recognized = new Map<bigint, RecognizedBy>()
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
    const limits = this.scope.addTo(set, kind, atom, [...this.named()], this.sources('uniqueId'))
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
    const tied = splitByTies(inScope, set.ties)
    if (tied instanceof Undecided) return tied
    return tied.flatMap(({ atoms, count, text, ties }) => {
      const options = this.variants(kind.name, text, demands.failedAt(atoms), recognizedAt(recognized, atoms))
      for (const option of options) {
        if (ties.length > 0)
          Object.assign(option, { ties: tiesTo(TIED_PRINCIPAL, ties).concat(option.ties ?? []) })
        if (count !== undefined) Object.assign(option, { count })
      }
      return options
    })
  }

  /** What else a request may carry: the canonical ID of its account, and where a session comes from. */
  private variants(
    kind: PrincipalKind['name'],
    text: string,
    failed: bigint,
    known: readonly RecognizedBy[],
  ): Option<PrincipalValue>[] {
    const canonical = kind === 'service' ? [] : this.sources('canonicalUser')
    const value = principalOf(kind, text, this.withIds)
    return [undefined, ...canonical].flatMap((canonicalUserId) =>
      this.providers.map((provider) => {
        let mask = provider.mask & ~failed
        for (const asked of this.term.statements) {
          const { principal } = asked.statement
          if (!principal) continue
          const ways = known.filter((way) => way.statement === asked.bit)
          const by = new Set<Recognition>(ways.map((way) => way.by))
          for (const { source, type } of principal.entries) {
            if (type === 'canonicalUser' && source === canonicalUserId) by.add('canonicalUser')
            if (kind === 'session' && type === 'federated' && source === provider.name) by.add('provider')
          }
          if (!this.takes(asked, kind, by)) mask &= ~asked.bit
        }
        const context = { ...provider.context, ...value.context }
        const whole = { ...value, context, ...(canonicalUserId !== undefined && { canonicalUserId }) }
        return { mask, value: whole, ...(provider.ties.length > 0 && { ties: provider.ties }) }
      }),
    )
  }

  /** Whether a statement takes who is recognized so. */
  private takes(
    { statement, strength }: TermStatement,
    kind: PrincipalKind['name'] | SingleKind,
    by: ReadonlySet<Recognition>,
  ): boolean {
    const principal = statement.principal!
    if (strength) return (elementGrants(principal, kind, by, strength.everyone) & strength.bits) !== 0
    return elementTakes(principal, statement.effect, kind, by, this.scope.hasBoundary)
  }

  /** Identity providers and canonical users, named and not named, and anonymous requests. */
  private singles(): Option<PrincipalValue>[] | Undecided {
    const options: Option<PrincipalValue>[] = []
    if (!SINGLES.some((kind) => this.scope.kinds.has(kind))) return options
    const arns = (['user', 'role', 'session', 'federatedUser'] as const).flatMap((type) => this.sources(type))
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
        const set = new PatternSet(this.firstTie)
        const demands = addDemands(set, this.uses, SINGLE_KINDS[kind])
        if (demands instanceof Undecided) return demands
        let mask = -1n
        for (const asked of this.term.statements) {
          const by = new Set<Recognition>()
          const { principal } = asked.statement
          if (kind !== 'anonymous' && principal?.entries.some((entry) => namesSingle(entry, kind, name)))
            by.add('other')
          if (principal && !this.takes(asked, kind, by)) mask &= ~asked.bit
        }
        // All of the kind are one text.
        const tied = splitByTies([{ atoms: atomsOf(set, ''), text: '' }], set.ties)
        if (tied instanceof Undecided) return tied
        for (const { atoms, ties } of tied)
          for (const provider of this.providers)
            options.push({
              mask: mask & provider.mask & ~demands.failedAt(atoms),
              value: { principal: name, context: provider.context },
              ties: [...tiesTo(TIED_PRINCIPAL, ties), ...provider.ties],
            })
      }
    return options
  }
}

/** By type, each once. */
function sourcesOf({ statements }: Term): ReadonlyMap<PrincipalEntry['type'], readonly string[]> {
  const found = new Map<PrincipalEntry['type'], string[]>()
  for (const { statement } of statements)
    for (const { source, type } of statement.principal?.entries ?? []) {
      const ofType = found.get(type)
      if (!ofType) found.set(type, [source])
      else if (!ofType.includes(source)) ofType.push(source)
    }
  return found
}

function sourceOf(value: ConditionValue): string {
  return 'source' in value ? value.source : ''
}

/** More than a scope has. */
const MOST_LIMITS = 8

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

/** How statements recognize who has these atoms. */
function recognizedAt(ways: ReadonlyMap<bigint, RecognizedBy>, atoms: bigint): readonly RecognizedBy[] {
  return [...ways].filter(([one]) => (atoms & one) !== 0n).map(([, way]) => way)
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
