import { printPolicy, type AuthorizationRequest } from '@ringfence/policy'
import { withLine, type AccessAnswer, type Lines, type TellingStatement } from './answer.js'
import type { Placed } from './layer-statements.js'
import type { Way } from './ways.js'

/** A way with each statement whole: where words are short, this is not. */
export interface PrintedWay {
  readonly limits: readonly string[]
  /** Those that allow, then those that take something away. */
  readonly statements: readonly (TellingStatement & { readonly statement: unknown })[]
  readonly request: AuthorizationRequest
}

export type PrintedAnswer =
  | { readonly answer: 'yes'; readonly ways: readonly PrintedWay[]; readonly incomplete?: string }
  | Extract<AccessAnswer, { readonly answer: 'no' }>
  | { readonly answer: 'unknown'; readonly reasons: readonly string[]; readonly ways: readonly PrintedWay[] }

/** An answer as plain JSON, with the lines of the declared file. */
export function printedAnswer(answer: AccessAnswer, lines: Lines): PrintedAnswer {
  return answer.answer === 'no'
    ? answer
    : { ...answer, ways: answer.ways.map((way) => printedWay(way, lines)) }
}

/** A way as plain JSON. */
export function printedWay({ denies, example, grants, limits }: Way, lines: Lines): PrintedWay {
  return { limits, statements: [...grants, ...denies].map((one) => printed(one, lines)), request: example }
}

function printed(placed: Placed, lines: Lines): PrintedWay['statements'][number] {
  const { policy, statement } = placed
  const document = JSON.parse(printPolicy({ ...policy, statements: [statement] })) as {
    readonly Statement: readonly unknown[]
  }
  return { ...statementOf(placed, lines), statement: document.Statement[0] }
}

/** A statement of the layers by its names and its line. */
export function statementOf({ layer, policy, statement }: Placed, lines: Lines): TellingStatement {
  const { effect, index, sid } = statement
  return withLine({ layer, policy: policy.name, index, effect, ...(sid === undefined ? {} : { sid }) }, lines)
}
