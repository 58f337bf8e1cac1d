import type { Statement } from '../../policy.js'
import { OPEN, substituteStatement } from '../variables/substitute.js'
import type { Facts } from './facts.js'

/** A statement with the texts of policy variables whose keys are fixed. */
export function fillVariables(statement: Statement, facts: Facts): Statement {
  return substituteStatement(statement, ({ fallback, key }) => {
    if (!facts.isFixed(key)) return OPEN
    // A key with several values has no text, and no default either.
    const isMissing = !Array.isArray(facts.constants.get(key.toLowerCase()))
    return facts.variable(key) ?? (isMissing ? fallback : undefined)
  })
}
