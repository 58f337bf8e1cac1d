import type { Diagnostic, ExistingResources, Plan, Resource } from '@ringfence/plan'
import { buildPlan, readDeclaration } from '@ringfence/plan'
import { refuse, requirePlain } from './refuse.js'

/** Arguments that every single piece has. */
export interface PieceArgs {
  /** The AWS account, twelve digits; every other one is refused. */
  readonly account: string
  /** The AWS region, such as `eu-west-1`. */
  readonly region: string
  /** Existing roles and users, `role/NAME` or `user/NAME`, that may change the fence and not touch the data. */
  readonly administrators: string[]
  /**
   * Starts every name on AWS; default: the component's name. Of the pieces that share one at most one may make users
   * or roles, because these share a permissions boundary.
   */
  readonly organization?: string
  /** Ends the names of buckets, so that they are unique in the world; default: the account. */
  readonly suffix?: string
}

/** What a piece asks for, and which part of the answer is its own. */
export interface Piece {
  /** The sections of the declaration, with the keys of the declared file. */
  readonly sections: Readonly<Record<string, unknown>>
  readonly existing: ExistingResources
  /** By id in the plan: what the piece owns. What it only refers to is planned and not registered. */
  readonly owns: (id: string) => boolean
  /** From places in the declaration to the arguments that led there; the first that fits. */
  readonly places: readonly (readonly [place: string, argument: string])[]
  /** Warnings that say nothing about this piece. */
  readonly isForeign?: (warning: Diagnostic) => boolean
}

/** A part of a plan that is ready to be registered. */
export interface PlannedPiece {
  readonly plan: Plan
  readonly warnings: readonly Diagnostic[]
}

/** The name that a piece's resources start with on AWS. */
export function organizationOf(name: string, args: PieceArgs): string {
  return args.organization ?? name
}

/**
 * Plans a piece as a small declaration of its own, and keeps what it owns. Throws RunError with everything that is
 * wrong, in terms of the arguments.
 */
export function planPiece(name: string, args: PieceArgs, describe: () => Piece): PlannedPiece {
  requirePlain(name, args)
  const piece = describe()
  const { account, region, administrators, suffix } = args
  const value = {
    organization: organizationOf(name, args),
    account,
    region,
    administrators,
    ...(suffix === undefined ? {} : { suffix }),
    ...piece.sections,
  }
  const declared = readDeclaration({ file: name, value, nowMs: Date.now() })
  const told = declared.diagnostics.map((diagnostic) => inArguments(diagnostic, piece))
  if (!declared.ok) refuse(name, told)
  const built = buildPlan(declared.value, piece.existing)
  if (!built.ok) refuse(name, built.diagnostics)
  const warnings = [...told, ...built.diagnostics].filter((one) => piece.isForeign?.(one) !== true)
  return { plan: { ...built.value, resources: ownResources(built.value, piece) }, warnings }
}

/**
 * The resources of the piece, in the plan's order: what it owns, and of what is shared (boundary, end policies) what
 * these refer to. The account's access block is there once and belongs to `Organization`.
 */
function ownResources(plan: Plan, { owns }: Piece): readonly Resource[] {
  const own = plan.resources.filter((one) => owns(one.id))
  const used = new Set(own.flatMap(policiesOf))
  const kept = new Set<Resource>(own)
  for (const one of plan.resources) if (one.type === 'iam.Policy' && used.has(one.arn)) kept.add(one)
  const ids = new Set([...kept].map((one) => one.id))
  return plan.resources
    .filter((one) => kept.has(one))
    .map((one) => Object.assign({}, one, { dependsOn: one.dependsOn.filter((id) => ids.has(id)) }))
}

function policiesOf(resource: Resource): readonly string[] {
  switch (resource.type) {
    case 'iam.User':
    case 'iam.Role':
      return [resource.permissionsBoundary]
    case 'iam.PolicyAttachments':
      return resource.policyArns
    default:
      return []
  }
}

/** A diagnostic with the argument where it had the place in the declaration. */
function inArguments(diagnostic: Diagnostic, { places }: Piece): Diagnostic {
  const message = diagnostic.message.replace(/ \(at ([^()]+)\)$/, (whole, at: string) => {
    const found = places.find(
      ([place]) => at === place || (/^[.[]/.test(at.slice(place.length)) && at.startsWith(place)),
    )
    if (found === undefined) return whole
    const [place, argument] = found
    return ` (argument "${argument}${at.slice(place.length)}")`
  })
  return { ...diagnostic, message }
}
