import { matchesResource } from './arn.js'
import type { Caller } from './caller.js'
import { asList, documentOf, type CasePolicy, type RawPolicy, type RawStatement } from './case.js'
import { conditionHolds } from './conditions.js'
import type { ReferenceContext } from './context.js'
import { matchesSteps, readPattern } from './pattern.js'
import { isNarrowedByPrincipalArn, namings, notPrincipalSpares, type Naming } from './principals.js'
import type { ReferenceSwitches } from './switches.js'

/** One request, ready to hold against statements. */
export interface Question {
  readonly caller: Caller
  readonly action: string
  readonly resource: string
  readonly context: ReferenceContext
  /** Rule 14 asks for it. */
  readonly hasBoundary: boolean
  readonly switches: ReferenceSwitches
}

/** How an Allow of a resource policy reaches the caller. */
export type Grant = Naming | 'everyoneByPrincipalArn'

/** Rule 1. */
function actionMatches(pattern: string, action: string): boolean {
  if (pattern === '*') return true
  const steps = readPattern(pattern.toLowerCase(), { wildcards: true, colons: false, variables: undefined })
  return matchesSteps(steps ?? [], action.toLowerCase())
}

function actionApplies(statement: RawStatement, action: string): boolean {
  if (statement.NotAction !== undefined) {
    return !asList(statement.NotAction).some((pattern) => actionMatches(pattern, action))
  }
  return asList(statement.Action).some((pattern) => actionMatches(pattern, action))
}

function resourceApplies(statement: RawStatement, expandsVariables: boolean, question: Question): boolean {
  const variables = expandsVariables ? question.context : undefined
  // Rule 12: a pattern whose variable has no value matches nothing, so in NotResource it excludes nothing.
  const matches = (pattern: string): boolean =>
    matchesResource(pattern, question.resource, variables, question.switches) === true
  if (statement.NotResource !== undefined) return !asList(statement.NotResource).some(matches)
  // Rule 15: a trust policy has no Resource; it stands on its role.
  if (statement.Resource === undefined) return true
  return asList(statement.Resource).some(matches)
}

/** Whether action, resource and condition of a statement fit; its principal is looked at elsewhere. */
function statementFits(statement: RawStatement, policy: RawPolicy, question: Question): boolean {
  const expandsVariables = policy.Version === '2012-10-17' // Rule 11.
  return (
    actionApplies(statement, question.action) &&
    resourceApplies(statement, expandsVariables, question) &&
    conditionHolds(statement.Condition, {
      context: question.context,
      expandsVariables,
      switches: question.switches,
    })
  )
}

/** Whether a statement concerns the caller. Without a principal it is a policy of the caller's own. */
function principalFits(statement: RawStatement, question: Question): boolean {
  if (statement.NotPrincipal !== undefined) {
    // Everyone who is not listed in any way (IAM User Guide, "NotPrincipal", with Allow).
    if (statement.Effect === 'Allow') return namings(statement.NotPrincipal, question.caller).size === 0
    return !notPrincipalSpares(statement.NotPrincipal, question.caller, question.hasBoundary)
  }
  return statement.Principal === undefined || namings(statement.Principal, question.caller).size > 0
}

function statementsThatFit(
  policies: readonly CasePolicy[],
  effect: RawStatement['Effect'],
  question: Question,
): readonly RawStatement[] {
  return policies
    .map(documentOf)
    .flatMap((policy) =>
      asList(policy.Statement).filter(
        (statement) =>
          statement.Effect === effect &&
          principalFits(statement, question) &&
          statementFits(statement, policy, question),
      ),
    )
}

/** Whether some Deny of these policies fits. */
export function anyDenies(policies: readonly CasePolicy[], question: Question): boolean {
  return statementsThatFit(policies, 'Deny', question).length > 0
}

/** Whether some Allow of these policies fits. */
export function anyAllows(policies: readonly CasePolicy[], question: Question): boolean {
  return statementsThatFit(policies, 'Allow', question).length > 0
}

/** The ways in which the Allows of a resource policy reach the caller. */
export function grantsOf(policies: readonly CasePolicy[], question: Question): ReadonlySet<Grant> {
  const grants = new Set<Grant>()
  for (const statement of statementsThatFit(policies, 'Allow', question)) {
    if (statement.NotPrincipal !== undefined) grants.add('everyone')
    for (const naming of namings(statement.Principal ?? {}, question.caller)) {
      if (naming === 'everyone' && isNarrowedByPrincipalArn(statement)) grants.add('everyoneByPrincipalArn')
      else grants.add(naming)
    }
  }
  return grants
}
