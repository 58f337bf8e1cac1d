import type { Plan } from '@ringfence/plan'
import type { Fact, Thing } from '@ringfence/lifecycle'

/** What of an account is ringfence's to look at. */
export interface DriftScope {
  readonly account: string
  /** `/ringfence/ORGANIZATION/`: whatever is below it is ringfence's, declared or not. */
  readonly path: string
  /** `alias/ringfence/ORGANIZATION/` */
  readonly aliases: string
  /** `ringfence/ORGANIZATION/`: secrets whose names begin so are ringfence's. */
  readonly secrets: string
  /** Names of the guardrails that ringfence makes for the organization, declared or not. */
  readonly guardrails: readonly string[]
  readonly things: ReadonlySet<Thing>
  /**
   * By the name before what AWS appends: policies that roles of Identity Center have by their permission sets. What else
   * is attached there is for Pulumi to see, in the account of Identity Center: nobody changes such a role in this one. An
   * inline policy no resource of Pulumi's lists, so that it is looked for here.
   */
  readonly reserved: ReadonlyMap<string, readonly string[]>
}

/** All that the file declares or the stack holds, and all below ringfence's own paths. */
export function scopeOf(plan: Plan, ...sides: readonly (readonly Fact[])[]): DriftScope {
  return {
    account: plan.account,
    path: `/ringfence/${plan.organization}/`,
    aliases: `alias/ringfence/${plan.organization}/`,
    secrets: `ringfence/${plan.organization}/`,
    guardrails: ['guardrail', 'guardrail-platforms'].map((id) => `${plan.organization}-${id}`),
    reserved: new Map(
      plan.external.flatMap((one) =>
        one.kind === 'reservedRole' ? [[one.nameStart, one.policyArns] as const] : [],
      ),
    ),
    things: new Set(sides.flat().flatMap(({ thing, aspect }) => (aspect === 'exists' ? [thing] : []))),
  }
}

/** Names of the things of one kind. */
export function namesOf({ things }: DriftScope, kind: string): readonly string[] {
  return [...things]
    .filter((thing) => thing.startsWith(`${kind}/`))
    .map((thing) => thing.slice(kind.length + 1))
    .toSorted()
}
