import type { IAM } from '@aws-sdk/client-iam'
import {
  type HeldByUser,
  platformsOf,
  type Step,
  sessionLock,
  userSteps,
  withoutMember,
} from '@ringfence/lifecycle'
import { type AccessChange, type AccessSummary, type Declaration, diffAccess, saidOf } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { replanAs } from '../deploy/replan.js'
import { accessBefore, leftBy, revocationInstant } from '../deploy/revoke-leavers.js'
import type { Session } from '../deploy/session.js'
import { exitCode } from '../exit-code.js'
import { readUser } from './read-user.js'
import { rolesOfStack, type StackRole } from './roles-of-stack.js'

/** Everything that offboarding a member comes to, before anything is done. */
export interface Offboarding {
  readonly name: string
  readonly kind: 'person' | 'service'
  /** The session whose plan has the member no more. */
  readonly session: Session
  /** Undefined: the account has no IAM user of theirs. */
  readonly held: HeldByUser | undefined
  readonly roles: readonly StackRole[]
  /** Sessions of the roles that were issued before this instant are refused. */
  readonly lockedAt: string
  readonly steps: readonly Step[]
  readonly access: readonly AccessChange[]
  readonly platforms: readonly string[]
  /** Groups of the identity provider that let them in until it takes them out. */
  readonly groups: readonly string[]
}

/** Finds what a member has: in the file, in the stack, in the account. Rejects where none of them knows the name. */
export async function findLeaver(
  name: string,
  opened: Session,
  iam: IAM,
  nowMs: number,
): Promise<Offboarding> {
  const { declaration, plan } = opened
  const before = accessBefore(opened)
  const declared = declaration.members.find((member) => member.name === name)
  const known = saidOf(before?.members, name)
  if (declared === undefined && known === undefined) refuseOtherCase(name, declaration, before)
  const held = await readUser(iam, name, `/ringfence/${plan.organization}/`)
  if (declared === undefined && known === undefined && held === undefined) {
    throw new CliError(
      'MEMBER_UNKNOWN',
      `nobody is called ${name}: not in the file, not in the stack, and the account has no such user of ringfence's`,
      { hint: 'if they have left already, there is nothing left to do', exitCode: exitCode.usage },
    )
  }
  const session = replanAs(opened, withoutMember(declaration, name), opened.kept)
  const roles = rolesOf(name, session)
  const lockedAt = revocationInstant(nowMs + session.awsAheadMs)
  return {
    name,
    kind: declared?.kind ?? known?.kind ?? 'person',
    session,
    held,
    roles,
    lockedAt,
    steps: [
      ...(held === undefined ? [] : userSteps(held)),
      ...roles.flatMap(({ permissionSet, role }) =>
        permissionSet === undefined ? [sessionLock(role, lockedAt)] : [],
      ),
    ],
    access: diffAccess(before, session.plan.access).filter(({ who }) => who === `member/${name}`),
    platforms: platformsOf({ access: before ?? plan.access }, name),
    groups: groupsOf(name, session),
  }
}

/** IAM finds a user whatever the case of the name, and would delete one whom file and stack still have. */
function refuseOtherCase(name: string, { members }: Declaration, before: AccessSummary | undefined): void {
  const names = [...members.map((member) => member.name), ...Object.keys(before?.members ?? {})]
  const meant = names.find((one) => one.toLowerCase() === name.toLowerCase())
  if (meant === undefined) return
  throw new CliError('MEMBER_UNKNOWN', `nobody is called ${name}`, {
    hint: `did you mean ${meant}?`,
    exitCode: exitCode.usage,
  })
}

/** Those that assignments name, and that nobody but the identity provider changes. */
function groupsOf(name: string, session: Session): readonly string[] {
  const groups = new Set(session.plan.identityCenter?.external.map(({ displayName }) => displayName))
  return leftBy(session).flatMap(({ members, team }) =>
    members.includes(name) && team !== undefined && groups.has(team) ? [team] : [],
  )
}

/** Roles of teams that they leave, and a service's own. */
function rolesOf(name: string, session: Session): readonly StackRole[] {
  const left = new Set(leftBy(session).flatMap(({ members, role }) => (members.includes(name) ? [role] : [])))
  const own = `${session.plan.organization}-${name}-service`
  const isOwn = ({ permissionSet, role }: StackRole): boolean =>
    role === own &&
    permissionSet === undefined &&
    session.plan.resources.every((one) => one.type !== 'iam.Role' || one.name !== own)
  return rolesOfStack(session.state?.deployment.resources).filter(
    (role) => left.has(role.role) || isOwn(role),
  )
}
