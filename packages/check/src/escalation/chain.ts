import type { Fact } from './fact.js'
import type { Candidate } from './offer.js'
import type { EscalationPath } from './path.js'

/** `user/ada` for its ARN; what is no ARN of IAM as it is. */
function shortName(arn: string): string {
  return /^arn:[^:]*:iam::[^:]*:(.*)$/.exec(arn)?.[1] ?? arn
}

/** What a step brings, as the end of a sentence that begins with who takes it. */
export function describeEvent({ step, target, gives }: Candidate): string {
  const [first] = gives
  if (first === undefined) return ''
  const on = shortName(target)
  if (step.kind === 'passRole')
    return `has a service run code with ${shortName(first.of)}${first.of === target ? '' : `, by way of ${on}`}`
  if (step.kind === 'takeOver') return `runs code with ${on} in something that exists`
  if (step.kind === 'change' && step.effect === 'newGroup')
    return `makes ${on} a member of a new group with any policy`
  return describeFact(first, step.kind === 'create')
}

function describeFact({ kind, of, value = '' }: Fact, isNew: boolean): string {
  const one = shortName(of)
  const other = shortName(value)
  switch (kind) {
    case 'controls':
      return isNew ? `has a new ${one}` : `becomes ${one}`
    case 'inline':
      return `gives ${one} any policy`
    case 'inlineGone':
      return `takes inline policies away from ${one}`
    case 'attached':
      return `attaches ${other} to ${one}`
    case 'detached':
      return `detaches ${other} from ${one}`
    case 'rewritten':
      return `makes ${one} say anything`
    case 'switched':
      return `puts any version of ${one} in force`
    case 'joined':
      return `adds ${one} to ${other}`
    case 'left':
      return `takes ${one} out of ${other}`
    case 'boundary':
      return value === '' ? `takes the boundary of ${one} away` : `makes ${other} the boundary of ${one}`
    case 'tag':
      return `gives ${one} any value of the tag ${value}`
    case 'factor':
      return `has sessions of ${one} with MFA`
  }
}

/**
 * A chain as lines of text: who, what that is taken for, the requests that do it, and what has to hold besides.
 */
export function printChain({ from, goal, needs, on, request, steps, to }: EscalationPath): string {
  const lines = steps.flatMap((step, at) => {
    const ids = step.publicIds.length === 0 ? '' : ` (${step.publicIds.join(', ')})`
    const requests = step.requests.map(({ action, resource }) => `${action} on ${resource}`)
    return [
      `${at + 1}. ${shortName(step.who)} ${step.gives}${ids}: ${requests.join('; ')}`,
      ...step.needs.map((need) => `   if there is ${need}`),
    ]
  })
  const start = shortName(from)
  const end = `${shortName(to)} ${goal}`
  return [
    steps.length === 0 ? end : `${start} can get to where ${end}`,
    ...lines,
    `${steps.length + 1}. ${end}: ${request.action} on ${on}`,
    ...needs.map((need) => `   if there is ${need}`),
  ].join('\n')
}
