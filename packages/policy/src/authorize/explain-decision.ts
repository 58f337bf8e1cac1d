import type { DecidingStatement, Decision, FailedElement, LayerName, NearMiss } from '../decision.js'
import type { AuthorizationRequest } from '../request.js'

/** What a layer's policies are called; `one` fits after "a" and "no". */
const LAYER_WORDS: Readonly<Record<LayerName, string>> = {
  serviceControl: 'service control policy',
  resourceControl: 'resource control policy',
  vpcEndpoint: 'VPC endpoint policy',
  publicAccessBlock: 'public access block',
  resource: 'resource policy',
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
}
/** Values of one element that are printed; the rest is counted. */
const SHOWN_VALUES = 3

/** The reasons of a decision as sentences, the main one first. */
export function explainDecision(request: AuthorizationRequest, decision: Decision): string[] {
  switch (decision.decision) {
    case 'allow':
      return decision.statements.length === 0
        ? [`because ${request.principal} is the root user of the account, which needs no policy`]
        : decision.statements.map(
            (statement) => `because ${statementWords(statement)} allows ${request.action}`,
          )
    case 'explicitDeny':
      return decision.statements.map(
        (statement) => `because of an explicit deny: ${statementWords(statement)} denies ${request.action}`,
      )
    case 'implicitDeny':
      return implicitReasons(request, decision)
  }
}

function implicitReasons(request: AuthorizationRequest, decision: Decision): string[] {
  const { missing, nearest } = decision
  if (missing === 'publicAccessBlock')
    return [
      'because Block Public Access refuses it: the request puts a public ACL (BlockPublicAcls), or the resource ' +
        'policy is public and RestrictPublicBuckets leaves the bucket to AWS services and principals of its own account',
    ]
  const words = missing === undefined ? 'policy' : LAYER_WORDS[missing]
  const reasons = [`because no ${words} allows ${request.action} on ${request.resource}`]
  if (nearest) reasons.push(nearestWords(nearest))
  return reasons
}

function statementWords({ index, layer, policy, sid }: DecidingStatement | NearMiss): string {
  const statement = sid ? `statement ${sid}` : `statement ${index + 1}`
  return `${statement} of the ${LAYER_WORDS[layer]} ${policy}`
}

function nearestWords(nearest: NearMiss): string {
  return `the closest is ${statementWords(nearest)}, which failed at ${failureWords(nearest.failed)}`
}

function failureWords({ actual, element, expected, key, operator }: FailedElement): string {
  const what = element === 'Condition' ? `Condition ${operator} ${key}` : element
  const was = actual === undefined ? 'the key was missing' : `was ${list(actual)}`
  return `${what}: expected ${element.startsWith('Not') ? 'anything but ' : ''}${list(expected)}, ${was}`
}

function list(values: readonly string[]): string {
  if (values.length === 0) return 'nothing'
  const shown = values.slice(0, SHOWN_VALUES).join(' or ')
  return values.length > SHOWN_VALUES ? `${shown} or ${values.length - SHOWN_VALUES} more` : shown
}
