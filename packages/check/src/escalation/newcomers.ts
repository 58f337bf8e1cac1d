import type { AccountRole, AccountUser } from '../account/account.js'
import { identityPoliciesOf } from '../account/read-policies.js'
import type { AccessOracle, Subject } from './access-oracle.js'
import { attempt } from './attempt.js'
import type { Fact } from './fact.js'
import type { Candidate } from './offer.js'
import { anyOf, requestFor } from './requests.js'
import type { CreateStep } from './step.js'
import type { Entities } from './strengthen.js'
import { statementsOf } from './strengthen.js'

/** A user or role that somebody may make, and the step that makes it. */
export interface Newcomer {
  readonly principal: AccountUser | AccountRole
  readonly candidate: Candidate
}

/**
 * Whom a step could make: somebody without any policy whose name is still to be picked, once for each pattern of names
 * that the caller's policies have. Where the caller has to give a boundary, with each of the account's policies that
 * will do.
 */
export function newcomersOf(
  step: CreateStep,
  subjects: readonly Subject[],
  oracle: AccessOracle,
  index: Entities,
): readonly Newcomer[] {
  const wide = anyOf(step.target, index)
  const allowed = (candidate: Candidate): boolean => attempt(candidate, subjects, oracle, index).allowed
  if (step.asks.some((ask) => !allowed(creation({ ...step, asks: [ask] }, wide, undefined, index)))) return []
  const patterns = new Set(subjects.flatMap((subject) => namePatterns(subject, step.target, index)))
  const found: Newcomer[] = []
  for (const pattern of [...[...patterns].toSorted(), wide]) {
    // Names of every pattern were tried; all names at once are only worth it where none of them would do.
    if (pattern === wide && found.length > 0) break
    const free = creation(step, pattern, null, index)
    const boundaries = allowed(free)
      ? [undefined]
      : [...index.policies.keys()].filter((arn) => allowed(creation(step, pattern, arn, index)))
    const [first] = boundaries
    if (boundaries.length === 0) continue
    const others: Fact[] = boundaries
      .slice(1)
      .map((value) => ({ kind: 'boundary', of: pattern, value: value! }))
    const candidate = creation(step, pattern, first ?? null, index)
    found.push({
      principal: newcomer(step, pattern, first),
      candidate: { ...candidate, gives: [...candidate.gives, ...others] },
    })
  }
  return found
}

const creations: ReadonlySet<string> = new Set(['iam:CreateUser', 'iam:CreateRole'])

function creation(
  step: CreateStep,
  pattern: string,
  boundary: string | null | undefined,
  index: Entities,
): Candidate {
  return {
    step,
    target: pattern,
    concerns: pattern,
    gives: [{ kind: 'controls', of: pattern }],
    requests: step.asks.map((ask) =>
      requestFor(
        ask,
        pattern,
        index,
        boundary === undefined || !creations.has(ask.action) ? {} : { 'iam:PermissionsBoundary': boundary },
      ),
    ),
    needs: [],
  }
}

function newcomer(step: CreateStep, arn: string, boundary: string | undefined): AccountUser | AccountRole {
  const rest = {
    name: arn.slice(arn.lastIndexOf('/') + 1),
    path: '/',
    arn,
    attached: [],
    inline: [],
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
  }
  return step.target === 'user'
    ? { kind: 'user', ...rest, groups: [], accessKeys: 1 }
    : { kind: 'role', ...rest, trust: { name: arn }, instanceProfiles: [] }
}

/** Names with stars, of users or of roles, that a subject's own statements allow something on. */
function namePatterns(
  { principal }: Subject,
  kind: 'user' | 'role',
  { account }: Entities,
): readonly string[] {
  return identityPoliciesOf(account, principal)
    .flatMap(statementsOf)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Resource }) => [Resource].flat())
    .filter((one): one is string => typeof one === 'string')
    .filter(
      (one) => one.split(':')[5]?.startsWith(`${kind}/`) === true && one.includes('*') && !one.includes('${'),
    )
}
