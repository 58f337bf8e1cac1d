import { authorize } from '../../authorize/authorize.js'
import { readPrincipal } from '../../authorize/principal.js'
import type { Layers } from '../../layers.js'
import type { Policy } from '../../policy.js'
import type { AuthorizationRequest, ContextValue } from '../../request.js'
import { RingfenceError } from '../../ringfence-error.js'
import { NOT_UNTIED } from '../compare.js'
import { Undecided, type Bounds } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import { concretize } from '../search/concretize.js'
import type { KeyValue } from '../options/dimension.js'
import { CLOCK_KEYS, keyShape, PRINCIPAL_KEYS } from '../options/key-shapes.js'
import type { PrincipalValue } from '../options/principal-options.js'
import { scopeOf } from '../options/principal-scope.js'
import { keepsTies, tiedKeys, VIA_SERVICE } from '../options/tied-keys.js'
import type { AccessQuestion, Proof } from '../question.js'
import { searchGoals } from '../search/goal-search.js'
import type { Point } from '../search/solve.js'
import { TermBuilder } from '../search/term.js'
import { untie } from '../variables/untie.js'
import { compileLayers } from './compile-layers.js'
import { Facts } from './facts.js'
import { SERVICE_LINKED, type Frame } from './frames.js'
import { goalsOf, refusalsOf } from './goals.js'
import { CALLER_ACCOUNT, SOURCE_OWNER } from './keys-of-kind.js'
import { proofKey, type ProofCache } from './proof-cache.js'
import { regionAllows } from './region-allows.js'
import { anyVariables, Reducer, type Destination } from './residual.js'
import { toKms, toOthers } from './rules.js'
import { both, waysOf, waysOfRegion, type Way } from './ways.js'

/** Who decides: the layers of a question, one identity policy by itself, everything, or nothing. */
export type Decider =
  | { readonly type: 'layers'; readonly question: AccessQuestion }
  | { readonly type: 'region'; readonly region: Policy }
  | { readonly type: 'everything' }
  | { readonly type: 'nothing' }

/** Is there a request of the question that the one allows and the other refuses? */
export interface Claim {
  readonly question: AccessQuestion
  readonly allows: Decider
  readonly refuses: Decider
  /** Only requests that this identity policy allows by itself, too. */
  readonly among?: Policy
}

export interface ProveSettings {
  readonly catalogue: ActionCatalogue | undefined
  readonly bounds: Bounds
  readonly cache: ProofCache | undefined
}

/** Decides a claim for one frame; `proved` says that there is no such request. */
export function proveFrame(claim: Claim, frame: Frame, settings: ProveSettings): Proof {
  const found = proveTo(undefined, claim, frame, settings)
  if (found !== 'needsDestination') return found
  const parts = DESTINATIONS.map((destination) => {
    const part = proveTo(destination, claim, frame, settings)
    if (part === 'needsDestination') throw new Error('requests go to KMS or to others')
    return part
  })
  const open =
    parts.find(({ proof }) => proof === 'refuted') ?? parts.find(({ proof }) => proof === 'unknown')
  return open ?? parts.find((part) => part !== PROVED) ?? PROVED
}

const DESTINATIONS = ['kms', 'others'] as const

function proveTo(
  destination: Destination | undefined,
  claim: Claim,
  frame: Frame,
  settings: ProveSettings,
): Proof | 'needsDestination' {
  const found = new FrameSearch(claim, frame, settings, destination).run()
  if (found !== 'needsClasses') return found
  const again = new FrameSearch(claim, { ...frame, single: undefined }, settings, destination).run()
  if (again === 'needsClasses') throw new Error('classes of principals are all that there is')
  return again
}

class FrameSearch {
  private readonly builder = new TermBuilder()
  private readonly hasBoundary: boolean
  private withIds = false
  private withCaller = false
  private withOwner = false
  private withoutVia = false

  constructor(
    private readonly claim: Claim,
    private readonly frame: Frame,
    private readonly settings: ProveSettings,
    private readonly destination: Destination | undefined,
  ) {
    this.hasBoundary = deciders(claim).some(
      (decider) => decider.type === 'layers' && decider.question.layers.permissionsBoundary !== undefined,
    )
  }

  run(): Proof | 'needsClasses' | 'needsDestination' {
    const { builder, claim, destination, frame, settings } = this
    const reducers: Reducer[] = []
    const reducer = (question: AccessQuestion): Reducer => {
      const scope = claim.question.within?.statements.filter(({ effect }) => effect === 'Allow')
      const made = new Reducer(new Facts(frame, question, this.hasBoundary), scope, destination)
      reducers.push(made)
      return made
    }
    const own = reducer(claim.question)
    const { within } = claim.question
    const whole = within ? waysOfRegion(within, own, builder) : EVERYTHING
    const among = claim.among ? both(whole, waysOfRegion(claim.among, own, builder)) : whole
    const statements = destination && (destination === 'kms' ? toKms() : toOthers())
    const scope = statements ? both(among, waysOfRegion({ statements }, own, builder)) : among
    // What is refused first: whether a header matters to what is allowed hangs on all that asks for it.
    const refusals = refusalsOf(this.ways(claim.refuses, reducer, true))
    const allowing = both(scope, this.ways(claim.allows, reducer, false))
    if (refusals.length === 0 || allowing.length === 0) return PROVED
    if (reducers.some(({ needsDestination }) => needsDestination)) return 'needsDestination'
    const undecided = reducers.find((one) => one.undecided)?.undecided
    if (undecided) return unknownOf(undecided)
    if (frame.single && reducers.some(({ needsClasses }) => needsClasses)) return 'needsClasses'
    this.withIds = reducers.some(({ asksForIds }) => asksForIds)
    this.withCaller = reducers.some(({ asksForCaller }) => asksForCaller)
    this.withOwner = reducers.some(({ asksForOwner }) => asksForOwner)
    this.withoutVia = frame.who.kind === 'anonymous' && reducers.some(({ asksForVia }) => asksForVia)
    const key = settings.cache && proofKey(builder.statements, allowing, refusals, frame, claim.question)
    const before = key === undefined ? undefined : settings.cache?.get(key)
    if (before) return before
    const proof = this.search(allowing, refusals)
    if (key !== undefined && proof.proof !== 'refuted') settings.cache?.set(key, proof)
    return proof
  }

  private ways(
    decider: Decider,
    reducer: (question: AccessQuestion) => Reducer,
    whenRefused: boolean,
  ): readonly Way[] {
    switch (decider.type) {
      case 'everything':
        return EVERYTHING
      case 'nothing':
        return []
      case 'region':
        return waysOfRegion(decider.region, reducer(this.claim.question), this.builder)
      case 'layers':
        return waysOf(decider.question, this.frame, reducer(decider.question), this.builder, whenRefused)
    }
  }

  private search(allowing: readonly Way[], refusals: ReturnType<typeof refusalsOf>): Proof {
    const { builder, frame, settings } = this
    const { kind, ...limits } = frame.who
    const also = frame.isServiceLinked ? [SERVICE_LINKED] : undefined
    const scope = frame.single
      ? undefined
      : scopeOf(kind, { ...limits, also, withIds: this.withIds }, this.hasBoundary)
    const { bounds, catalogue } = settings
    const owner = this.claim.question.resourceAccount
    const goals = goalsOf(allowing, refusals, builder)
    const { known, open } = searchGoals(goals, builder, { scope, owner, catalogue, bounds })
    if (!open) return PROVED
    if (open instanceof Undecided) return unknownOf(open)
    if (!catalogue) return this.refute(open)
    if (!known) return { proof: 'proved', world: 'knownActions' }
    return known instanceof Undecided ? unknownOf(known) : this.refute(known)
  }

  /** The point as a request that `authorize` confirms. */
  private refute(point: Point): Proof {
    const values = point.shared.map(({ value }) => value)
    const principal = point.hasPrincipal ? (values.pop() as PrincipalValue) : this.frame.single
    const found = this.withFacts(
      concretize({ ...point.asked, principal, keys: values as KeyValue[] }),
      this.claim.question,
    )
    if (this.isConfirmed(found)) return { proof: 'refuted', request: this.withoutNeedless(found) }
    if (!anyVariables(this.builder.statements))
      throw new RingfenceError(
        'PROOF_NOT_REPLAYED',
        `the prover found ${JSON.stringify(found)}, which authorize decides otherwise`,
      )
    const ties = [...point.asked.ties, ...point.shared.flatMap((option) => option.ties ?? [])]
    const asked = new Set(this.builder.keys.keys())
    const request = untie(found, ties, asked, (candidate) => this.isConfirmed(candidate))
    return request ? { proof: 'refuted', request } : unknownOf(NOT_UNTIED)
  }

  /** Without the condition keys that a request may as well lack. */
  private withoutNeedless(request: AuthorizationRequest): AuthorizationRequest {
    let plain = request
    for (const key of Object.keys(request.context ?? {})) {
      if (this.isNeeded(key)) continue
      const together = tiedKeys(key.toLowerCase())
      const left = Object.entries(plain.context!).filter(([other]) => {
        return other !== key && (!together?.includes(other.toLowerCase()) || this.isNeeded(other))
      })
      const without = { ...plain, context: Object.fromEntries(left) }
      if (keepsTies(without.context, new Set(this.builder.keys.keys())) && this.isConfirmed(without))
        plain = without
    }
    return plain
  }

  /** Whether all requests that a question is about have a key. */
  private isNeeded(key: string): boolean {
    const name = key.toLowerCase()
    const isFixed = Object.keys(this.claim.question.keys ?? {}).some((fixed) => fixed.toLowerCase() === name)
    const isOfCaller = PRINCIPAL_KEYS.has(name) || name === CALLER_ACCOUNT || name === SOURCE_OWNER
    return isFixed || keyShape(name).always || CLOCK_KEYS.has(name) || isOfCaller
  }

  private isConfirmed(request: AuthorizationRequest): boolean {
    const { allows, among, question, refuses } = this.claim
    const regions = [question.within, among].filter((region) => region !== undefined)
    const inScope = regions.every((region) => regionAllows(region, request))
    return inScope && this.decides(allows, request) && !this.decides(refuses, request)
  }

  private decides(decider: Decider, request: AuthorizationRequest): boolean {
    switch (decider.type) {
      case 'everything':
        return true
      case 'nothing':
        return false
      case 'region':
        return regionAllows(decider.region, request)
      case 'layers': {
        const { layers } = decider.question
        const compiled: Layers = compileLayers(layers)
        return authorize(this.withFacts(request, decider.question), compiled).decision === 'allow'
      }
    }
  }

  private withFacts(request: AuthorizationRequest, question: AccessQuestion): AuthorizationRequest {
    const fixed = Object.entries(question.keys ?? {})
    const names = new Set(fixed.map(([key]) => key.toLowerCase()))
    const context: Record<string, ContextValue> = {}
    for (const [key, value] of Object.entries(request.context ?? {}))
      if (!names.has(key.toLowerCase())) context[key] = value
    for (const [key, value] of fixed) if (value !== null) context[key] = value
    const caller = this.withCaller ? callerOf(request) : undefined
    if (caller !== undefined && !names.has(CALLER_ACCOUNT)) context['kms:CallerAccount'] = caller
    const owner = this.withOwner ? readPrincipal(request.principal).account : ''
    if (owner !== '' && !names.has(SOURCE_OWNER)) context['aws:SourceOwner'] = owner
    if (this.withoutVia && !names.has(VIA_SERVICE)) context['aws:ViaAWSService'] = 'false'
    const { resourceAccount } = question
    const { context: _, ...rest } = request
    return Object.keys(context).length > 0
      ? { ...rest, resourceAccount, context }
      : { ...rest, resourceAccount }
  }
}

/** What KMS calls the caller's account; undefined for requests to others, and of who is of no account. */
function callerOf({ action, principal }: AuthorizationRequest): string | undefined {
  const { account } = readPrincipal(principal)
  return account !== '' && /^kms:/i.test(action) ? account : undefined
}

const EVERYTHING: readonly Way[] = [{ groups: [], required: 0n, excluded: 0n }]
const PROVED: Proof = { proof: 'proved', world: 'allActions' }

function deciders({ allows, refuses }: Claim): readonly Decider[] {
  return [allows, refuses]
}

function unknownOf({ code, reason }: Undecided): Proof {
  return { proof: 'unknown', code, reason }
}
