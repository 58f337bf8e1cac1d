import type { Term } from '../search/term.js'
import { actionTokens, PatternSet } from '../texts/text-patterns.js'

/** What the statements' Action and NotAction ask, service by service. */
export interface ActionTerm {
  /** Patterns of the names of the services that are named; bits of the statements that have them. */
  readonly services: ReadonlyMap<string, PatternSet>
  /** Statements that have the bare `*`. */
  readonly everything: bigint
  /** Statements with NotAction. */
  readonly negated: bigint
}

export function actionTerm(term: Term): ActionTerm {
  const services = new Map<string, PatternSet>()
  let everything = 0n
  let negated = 0n
  for (const { bit, statement } of term.statements) {
    if (statement.action.negated) negated |= bit
    for (const { name, service } of statement.action.patterns) {
      if (service === '*') {
        everything |= bit
        continue
      }
      let set = services.get(service)
      if (!set) services.set(service, (set = new PatternSet()))
      set.add(actionTokens(name), bit)
    }
  }
  return { services, everything, negated }
}

/** A service that no statement names. */
export function unnamedService(services: ReadonlyMap<string, unknown>): string {
  for (let number = 0; ; number++) {
    const service = number === 0 ? 'any' : `any${number}`
    if (!services.has(service)) return service
  }
}
