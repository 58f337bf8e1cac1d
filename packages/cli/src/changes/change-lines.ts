import {
  type AccessChangeProved,
  type AskedAccount,
  awsCommand,
  type Lines,
  linesOf,
  namesOf,
  printedWay,
  requestWords,
  statementOf,
} from '@ringfence/check'
import type { SourceSpan } from '@ringfence/plan'
import type { AuthorizationRequest } from '@ringfence/policy'

/** Both sides of a comparison. */
export interface Sides {
  readonly older: AskedAccount
  readonly newer: AskedAccount
}

/** A change of access as all formats tell it. */
export interface ChangeLine {
  readonly who: string
  readonly change: 'gains' | 'loses' | 'unknown'
  readonly can: string
  readonly on: string
  /** Conditions of each way, in words. */
  readonly when: readonly string[]
  /** What the other side allows of the same, in words. */
  readonly already: readonly string[]
  readonly actions: readonly string[]
  /** Lines of the file of the side that allows it. */
  readonly lines: readonly SourceSpan[]
  /** Why it is not known. */
  readonly reasons: readonly string[]
  /** Only one side allows it. */
  readonly example?: AuthorizationRequest
}

/** What proved changes say, in words; what is neither known to be gained nor to be lost once. */
export function changeLines(changes: readonly AccessChangeProved[], sides: Sides): readonly ChangeLine[] {
  const open = new Set<string>()
  return changes
    .map((change) => changeLine(change, sides))
    .filter((line) => {
      if (line.change !== 'unknown') return true
      const key = JSON.stringify(line)
      return !open.has(key) && open.add(key)
    })
}

/** What one proved change says, in words. */
function changeLine(change: AccessChangeProved, { newer, older }: Sides): ChangeLine {
  const { can, difference, on, who } = change
  const side = change.change === 'gains' ? newer : older
  if (difference.found === 'unknown')
    return {
      who,
      change: 'unknown',
      can,
      on,
      when: [],
      already: [],
      actions: [],
      lines: [],
      reasons: difference.reasons,
    }
  const lines: Lines = linesOf(side.account)
  const spans = difference.ways.flatMap(({ grants }) =>
    grants.slice(0, 1).flatMap((grant) => statementOf(grant, lines).declaredAt ?? []),
  )
  return {
    who,
    change: change.change,
    can,
    on,
    when: [
      ...new Set(
        difference.ways.map(({ grants, limits }) => {
          const any = grants.some(({ layer, policy }) => layer === 'identity' && policy.name === 'any policy')
          return (
            [...(any ? ['with any policy that allows it'] : []), ...limits].join(', ') || 'without conditions'
          )
        }),
      ),
    ],
    already: [...new Set(difference.already.map((limits) => limits.join(', ') || 'without conditions'))],
    actions: difference.actions,
    lines: [...new Map(spans.map((span) => [`${span.file}:${span.line}:${span.column}`, span])).values()],
    reasons: [],
    example: difference.example,
  }
}

/** Everything about a change, as JSON. */
export function changeJson(change: AccessChangeProved, { newer, older }: Sides): unknown {
  const { difference, ...rest } = change
  const side = change.change === 'gains' ? newer : older
  if (difference.found === 'unknown') return { ...rest, proof: 'unknown', reasons: difference.reasons }
  const lines = linesOf(side.account)
  const { actions, already, example, ways } = difference
  return {
    ...rest,
    proof: 'refuted',
    actions,
    ways: ways.map((way) => printedWay(way, lines)),
    already,
    request: example,
    inWords: requestWords(example, namesOf(side.account)),
    command: awsCommand(example, side.account.region),
  }
}
