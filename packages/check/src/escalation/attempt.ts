import type { AccountRole } from '../account/account.js'
import type { AccessOracle, Answer, Subject } from './access-oracle.js'
import type { Candidate, Request } from './offer.js'
import type { Entities } from './strengthen.js'

/** Whether a step is allowed: with what has to hold for it besides, or what is not known. */
export type Attempt =
  | { readonly allowed: true; readonly needs: readonly string[] }
  | { readonly allowed: false; readonly unknown?: string }

/** Asks about every request of a step, for the caller as any of these subjects. */
export function attempt(
  candidate: Candidate,
  subjects: readonly Subject[],
  oracle: AccessOracle,
  index: Entities,
): Attempt {
  const needs = new Set(candidate.needs)
  const found: (readonly [Request, string])[] = []
  for (const request of candidate.requests) {
    const role = candidate.assumes === undefined ? undefined : index.principals.get(candidate.assumes)
    const answer = best(subjects, (subject) =>
      role?.kind === 'role' ? assume(oracle, subject, role) : may(oracle, subject, request),
    )
    if (answer.answer === 'no') return { allowed: false }
    if (answer.answer === 'unknown') return { allowed: false, unknown: answer.reason }
    for (const need of needsOf(answer)) needs.add(need)
    if (role === undefined) found.push([request, answer.resource])
  }
  const trusted = trust(candidate, oracle, index)
  if (trusted?.answer === 'no') return { allowed: false }
  if (trusted?.answer === 'unknown') return { allowed: false, unknown: trusted.reason }
  const apart = namesApart(found, subjects, oracle)
  if (apart !== undefined) needs.add(apart)
  return { allowed: true, needs: [...needs] }
}

/** Whether the target trusts the service or the identity provider, where a step takes one. */
function trust(
  { service, signIn, target }: Candidate,
  oracle: AccessOracle,
  index: Entities,
): Answer | undefined {
  const role = index.principals.get(target)
  if (role?.kind !== 'role') return undefined
  if (signIn !== undefined) return oracle.canSignIn(signIn, role)
  return service === undefined ? undefined : oracle.canServe(service, role)
}

/** Whether all requests are allowed, each for one of these subjects. The first that is not decides. */
export function attemptAll(
  requests: readonly Request[],
  subjects: readonly Subject[],
  oracle: AccessOracle,
): Attempt {
  const needs = new Set<string>()
  let unknown: string | undefined
  for (const request of requests) {
    const answer = best(subjects, (subject) => may(oracle, subject, request))
    if (answer.answer === 'no') return { allowed: false }
    if (answer.answer === 'unknown') unknown ??= answer.reason
    else for (const need of needsOf(answer)) needs.add(need)
  }
  return unknown === undefined ? { allowed: true, needs: [...needs] } : { allowed: false, unknown }
}

/** What has to hold for something that is allowed, in words. */
export function needsOf(answer: Extract<Answer, { readonly answer: 'yes' }>): readonly string[] {
  const { needs, unless } = answer
  return [
    ...(unless === undefined ? [] : [`no denial in what is not known (${unless})`]),
    ...(needs === undefined ? [] : [needs]),
  ]
}

function may(oracle: AccessOracle, subject: Subject, { action, resource, keys }: Request): Answer {
  return oracle.can(subject, action, resource, keys)
}

function assume(oracle: AccessOracle, subject: Subject, role: AccountRole): Answer {
  return oracle.canAssume(subject, role, 'sts:AssumeRole')
}

/** Of several boundaries that the caller can choose from, the best one for the request. */
function best(subjects: readonly Subject[], ask: (subject: Subject) => Answer): Answer {
  let found: Answer = { answer: 'no' }
  for (const subject of subjects) {
    const answer = ask(subject)
    if (answer.answer === 'yes') return answer
    if (answer.answer === 'unknown') found = answer
  }
  return found
}

/**
 * Requests to one new or existing thing have to agree on its name. Looks for one among the names that single requests
 * are allowed on; where that fails there may be another one, and this says so.
 */
function namesApart(
  found: readonly (readonly [Request, string])[],
  subjects: readonly Subject[],
  oracle: AccessOracle,
): string | undefined {
  const byResource = new Map<string, (readonly [Request, string])[]>()
  for (const one of found) {
    const [{ resource }] = one
    if (!resource.includes('*') || resource === '*') continue
    const known = byResource.get(resource)
    if (known) known.push(one)
    else byResource.set(resource, [one])
  }
  for (const group of byResource.values()) {
    if (group.length === 1) continue
    const isAgreed = group.some(([, resource]) =>
      group.every(
        ([request]) =>
          best(subjects, (subject) => may(oracle, subject, { ...request, resource })).answer === 'yes',
      ),
    )
    if (!isAgreed)
      return `one resource that ${group.map(([{ action }]) => action).join(' and ')} are both allowed on`
  }
  return undefined
}
