import { everyoneBits, GRANT } from '../../compile/principal-test.js'
import { isPublicPolicy } from '../../public-policy.js'
import type { Policy, Statement } from '../../policy.js'
import type { AccessQuestion, PolicyLayers } from '../question.js'
import type { TermBuilder } from '../search/term.js'
import type { Frame } from './frames.js'
import { takesEverything, type Reducer } from './residual.js'
import {
  inControlledServices,
  ownerActions,
  publicAcls,
  s3Actions,
  selfReliant,
  sparedByControls,
} from './rules.js'

/** A way to be allowed: of each group some statement holds, each of the required ones, and none of the excluded. */
export interface Way {
  readonly groups: readonly bigint[]
  readonly required: bigint
  readonly excluded: bigint
}

const ANYTHING: Way = { groups: [], required: 0n, excluded: 0n }

/** A layer's allows: which bits, or that there always is one. */
type Allows = bigint | 'always'

/**
 * The ways in which layers allow a request of a frame, as `decide` puts them together, over the bits of a term.
 * Statements that the frame has decided are not among them any more.
 */
export function waysOf(
  { layers, resourceAccount }: AccessQuestion,
  frame: Frame,
  reducer: Reducer,
  builder: TermBuilder,
  /** Whether it also matters which requests are refused, and not only that some are allowed. */
  whenRefused: boolean,
): readonly Way[] {
  return new LayerReader(layers, frame, reducer, builder).ways(resourceAccount, whenRefused)
}

/** The one way in which an identity policy allows by itself. */
export function waysOfRegion(
  region: Pick<Policy, 'statements'>,
  reducer: Reducer,
  builder: TermBuilder,
): readonly Way[] {
  let denies = 0n
  let allows: Allows = 0n
  for (const statement of region.statements) {
    const residual = reducer.reduce(statement)?.statement
    if (!residual) continue
    if (statement.effect === 'Deny') {
      if (takesEverything(residual)) return []
      denies |= builder.add(residual)
    } else if (takesEverything(residual)) allows = 'always'
    else if (allows !== 'always') allows |= builder.add(residual)
  }
  return withGroups({ ...ANYTHING, excluded: denies }, [allows])
}

/** Both: each way of the one with each of the other. */
export function both(a: readonly Way[], b: readonly Way[]): readonly Way[] {
  if (isAnything(a)) return b
  if (isAnything(b)) return a
  return a.flatMap((one) =>
    b.map((other) => ({
      groups: [...one.groups, ...other.groups],
      required: one.required | other.required,
      excluded: one.excluded | other.excluded,
    })),
  )
}

function isAnything([way, another]: readonly Way[]): boolean {
  if (way === undefined || another !== undefined) return false
  return way.groups.length === 0 && way.required === 0n && way.excluded === 0n
}

class LayerReader {
  /** Of all layers but those whose denies hold for some actions only. */
  private denies = 0n
  private isDenied = false

  constructor(
    private readonly layers: PolicyLayers,
    private readonly frame: Frame,
    private readonly reducer: Reducer,
    private readonly builder: TermBuilder,
  ) {}

  ways(owner: string, whenRefused: boolean): readonly Way[] {
    const { frame, layers } = this
    const isManagement = frame.account !== undefined && frame.account === layers.managementAccount
    const hasControls = frame.isGoverned && !frame.isServiceLinked && !isManagement
    const controls = hasControls
      ? (layers.serviceControlPolicies ?? []).map((level) => this.layer(level))
      : []
    const resource = this.resourceLayer(layers.resourcePolicy)
    const granted = frame.isGoverned ? this.identityWays(resource) : withGroups(ANYTHING, [resource.any])
    const guarded = this.blockPublic(whenRefused)
    if (this.isDenied) return []
    const base = withGroups({ ...ANYTHING, excluded: this.denies | guarded }, controls)
    const denials = [...this.resourceDenials(resource)]
    return both(both(both(base, granted), denials), this.resourceControls(owner))
  }

  /** What has to allow a governed principal; `missingWithinAccount` and `missingAcrossAccounts` of `decide`. */
  private identityWays(resource: ResourceLayer): readonly Way[] {
    const { frame, layers } = this
    const { kind } = frame.who
    const own = this.layer(layers.identityPolicies ?? [])
    const identity: Allows = kind === 'root' ? 'always' : own
    const boundary = layers.permissionsBoundary ? this.layer(layers.permissionsBoundary) : 'always'
    const session = layers.sessionPolicies ? this.layer(layers.sessionPolicies) : 'always'
    const lacksSession = kind === 'federatedUser' && !layers.sessionPolicies
    const side = lacksSession ? 0n : session
    if (!frame.isOwn) return withGroups(ANYTHING, [resource.any, identity, boundary, side])
    const byIdentity = withGroups(ANYTHING, [identity, boundary, side])
    return [
      ...withGroups(ANYTHING, [resource.unbound]),
      ...withGroups(ANYTHING, [resource.user, session]),
      ...withGroups(ANYTHING, [resource.named, boundary, session]),
      ...both(byIdentity, this.reliance(resource)),
    ]
  }

  /** Within the account identity policies count alone, but for what has to be allowed by its own policy too. */
  private reliance(resource: ResourceLayer): readonly Way[] {
    const granted = withGroups(ANYTHING, [resource.any])
    if (this.layers.resourcePolicy?.kind === 'trust') return granted
    const excluded = this.bits(this.layers.resourcePolicy ? selfReliant.withPolicy() : selfReliant.without())
    if (excluded === 0n) return [ANYTHING]
    return [{ ...ANYTHING, excluded }, ...granted]
  }

  /** Policies without Principal. Their denies hold for all ways. */
  private layer(policies: readonly Policy[]): Allows {
    let allows: Allows = 0n
    for (const { statements } of policies)
      for (const statement of statements) {
        const residual = this.reducer.reduce(statement)?.statement
        if (!residual) continue
        if (statement.effect === 'Deny') this.deny(residual)
        else if (takesEverything(residual)) allows = 'always'
        else if (allows !== 'always') allows |= this.builder.add(residual)
      }
    return allows
  }

  private deny(residual: Statement): void {
    if (takesEverything(residual)) this.isDenied = true
    else this.denies |= this.builder.add(residual)
  }

  private resourceLayer(policy: Policy | undefined): ResourceLayer {
    const layer = new ResourceLayer()
    for (const original of policy?.statements ?? []) {
      const residual = this.reducer.reduce(original)
      if (!residual) continue
      const { grants, possible, statement } = residual
      if (original.effect === 'Deny') {
        if (takesEverything(statement)) layer.isDenied = true
        else layer.denies |= this.builder.add(statement)
        continue
      }
      const everyone = everyoneBits(original)
      const given = grants !== undefined && (grants & GRANT.everyone) !== 0 ? grants | everyone : grants
      layer.allow((bits) => {
        if (given !== undefined) {
          if ((given & bits) === 0) return 0n
          return takesEverything(statement) ? 'always' : this.builder.add(statement)
        }
        return (possible & bits) === 0 ? 0n : this.builder.add(statement, { bits, everyone })
      }, this.strengths())
    }
    return layer
  }

  private strengths(): readonly StrengthName[] {
    return this.frame.isGoverned && this.frame.isOwn ? ['any', 'unbound', 'user', 'named'] : ['any']
  }

  /** Denies of the resource's policy do not keep the root user from mending the policy of his own bucket. */
  private *resourceDenials({ denies, isDenied }: ResourceLayer): Generator<Way> {
    if (!isDenied) yield { ...ANYTHING, excluded: denies }
    const spares = this.frame.who.kind === 'root' && this.frame.isOwn && (isDenied || denies !== 0n)
    const required = spares ? this.bits(ownerActions()) : 0n
    if (required !== 0n) yield { ...ANYTHING, required }
  }

  /** Resource control policies hold for a list of services, and for no AWS managed keys. */
  private resourceControls(owner: string): readonly Way[] {
    const { managementAccount, resourceControlPolicies: levels = [] } = this.layers
    if (this.frame.isServiceLinked || owner === managementAccount) return [ANYTHING]
    let denies = 0n
    let isDenied = false
    for (const { statements } of levels.flat())
      for (const statement of statements) {
        const residual = statement.effect === 'Deny' ? this.reducer.reduce(statement) : undefined
        if (!residual) continue
        if (takesEverything(residual.statement)) isDenied = true
        else denies |= this.builder.add(residual.statement)
      }
    if (!isDenied && denies === 0n) return [ANYTHING]
    const ways: Way[] = isDenied ? [] : [{ ...ANYTHING, excluded: denies }]
    ways.push({ ...ANYTHING, excluded: this.bits(inControlledServices()) })
    for (const spared of sparedByControls()) {
      const required = this.bits([spared])
      if (required !== 0n) ways.push({ ...ANYTHING, required })
    }
    return ways
  }

  /** What S3 Block Public Access refuses. */
  private blockPublic(whenRefused: boolean): bigint {
    const { publicAccessBlock: block, resourcePolicy } = this.layers
    const { frame } = this
    let excluded = 0n
    const isOutside = frame.who.kind !== 'service' && !(frame.isGoverned && frame.isOwn)
    if (block?.restrictPublicBuckets && isOutside && resourcePolicy && isPublicPolicy(resourcePolicy))
      excluded |= this.bits(s3Actions())
    if (!block?.blockPublicAcls) return excluded
    const acls = publicAcls()
    const isAsked = acls.some(({ conditions }) =>
      conditions.some(({ key }) => this.builder.keys.has(key.toLowerCase())),
    )
    // A request without such headers is as good, where nobody asks for them and some request will do.
    return whenRefused || isAsked ? excluded | this.bits(acls) : excluded
  }

  private bits(statements: readonly Statement[]): bigint {
    let bits = 0n
    for (const statement of statements) {
      const residual = this.reducer.reduce(statement)?.statement
      if (residual) bits |= this.builder.add(residual)
    }
    return bits
  }
}

/** By how strongly the requester has to be named. */
const STRENGTHS = {
  any: 127,
  /** Passes boundary and session policies. */
  unbound: GRANT.session | GRANT.narrowedEveryone,
  /** Passes the boundary. */
  user: GRANT.user,
  named: GRANT.user | GRANT.role | GRANT.everyone,
} as const
type StrengthName = keyof typeof STRENGTHS

class ResourceLayer {
  any: Allows = 0n
  unbound: Allows = 0n
  user: Allows = 0n
  named: Allows = 0n
  denies = 0n
  isDenied = false

  allow(add: (bits: number) => Allows, names: readonly StrengthName[]): void {
    for (const name of names) {
      const bits = add(STRENGTHS[name])
      const before = this[name]
      this[name] = before === 'always' || bits === 'always' ? 'always' : before | bits
    }
  }
}

/** A way that needs each of these layers too; none where one never allows. */
function withGroups(way: Way, layers: readonly Allows[]): readonly Way[] {
  if (layers.includes(0n)) return []
  const groups = layers.filter((layer) => layer !== 'always')
  return [{ ...way, groups: [...way.groups, ...groups] }]
}
