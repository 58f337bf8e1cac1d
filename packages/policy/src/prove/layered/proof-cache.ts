import type { Statement } from '../../policy.js'
import type { AccessQuestion, Proof } from '../question.js'
import type { TermStatement } from '../search/term.js'
import type { Frame } from './frames.js'
import type { Way } from './ways.js'

/**
 * Proofs by what they were about, so that principals who are treated alike are proved once, and a second look after
 * a small change costs what changed. Requests that refute are not kept: they name somebody.
 */
export type ProofCache = Map<string, Proof>

const numbers = new WeakMap<Statement | readonly string[], number>()
let next = 0

/** By identity: long lists and statements are not written out. */
function numberOf(named: Statement | readonly string[]): number {
  let number = numbers.get(named)
  if (number === undefined) numbers.set(named, (number = next++))
  return number
}

/** Everything that the outcome of a search hangs on. */
export function proofKey(
  statements: readonly TermStatement[],
  allowing: readonly Way[],
  refusals: readonly { readonly on: bigint; readonly off: bigint }[],
  { isServiceLinked, single, who }: Frame,
  { resourceAccount }: AccessQuestion,
): string {
  const asked = statements.map(({ statement, strength }) => {
    return strength ? `${numberOf(statement)}/${strength.bits}/${strength.everyone}` : numberOf(statement)
  })
  const ways = allowing.map(({ excluded, groups, required }) => `${groups.join('+')}&${required}-${excluded}`)
  const demands = refusals.map(({ off, on }) => `${on}-${off}`)
  const { except, exceptIds, ...rest } = who
  const lists = [except, exceptIds].map((list) => list && numberOf(list))
  const asking = single ? who.kind : JSON.stringify([rest, lists, isServiceLinked])
  return [asked.join(), ways.join(), demands.join(), asking, resourceAccount].join(' | ')
}
