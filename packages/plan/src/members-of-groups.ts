import type { Plan } from './plan.js'

/** Everybody in one group that the plan makes; exclusive: a member that is not listed is drift. */
export interface GroupMembers {
  readonly id: string
  readonly group: string
  /** Names of IAM users, sorted; those that exist already are among them. */
  readonly users: readonly string[]
  /**
   * Ids of the group, and of the users that the plan makes with what is attached to them: nobody is a member without the
   * policy that ends their access.
   */
  readonly dependsOn: readonly string[]
}

/** The groups of one user that the plan does not make: whoever else is in them is none of its business. */
export interface ForeignMembership {
  readonly id: string
  readonly user: string
  readonly groups: readonly string[]
  readonly dependsOn: readonly string[]
}

/**
 * The memberships of a plan turned round, by group instead of by user, for targets that manage groups. Only groups
 * that the plan makes: `membershipsInExistingGroups` has the rest.
 */
export function membersOfGroups(plan: Plan): readonly GroupMembers[] {
  const users = usersOf(plan)
  const attachments = attachmentsOf(plan)
  const members = new Map<string, string[]>()
  for (const one of plan.resources) {
    if (one.type !== 'iam.UserGroupMembership') continue
    for (const group of one.groups) {
      const list = members.get(group)
      if (list === undefined) members.set(group, [one.user])
      else list.push(one.user)
    }
  }
  return plan.resources.flatMap((one) => {
    if (one.type !== 'iam.Group') return []
    const names = (members.get(one.name) ?? []).toSorted()
    return {
      id: `${one.id}-members`,
      group: one.name,
      users: names,
      dependsOn: [
        one.id,
        ...names.flatMap((name) => users.get(name) ?? []),
        ...names.flatMap((name) => attachments.get(name) ?? []),
      ],
    }
  })
}

/** Memberships in groups that exist already; not exclusive. */
export function membershipsInExistingGroups(plan: Plan): readonly ForeignMembership[] {
  const users = usersOf(plan)
  const attachments = attachmentsOf(plan)
  const made = new Set(plan.resources.flatMap((one) => (one.type === 'iam.Group' ? [one.name] : [])))
  return plan.resources.flatMap((one) => {
    if (one.type !== 'iam.UserGroupMembership') return []
    const groups = one.groups.filter((group) => !made.has(group))
    const dependsOn = [users.get(one.user), attachments.get(one.user)].filter((id) => id !== undefined)
    return groups.length === 0 ? [] : { id: one.id, user: one.user, groups, dependsOn }
  })
}

/** From the name of a user that the plan makes to its id. */
function usersOf(plan: Plan): ReadonlyMap<string, string> {
  return new Map(plan.resources.flatMap((one) => (one.type === 'iam.User' ? [[one.name, one.id]] : [])))
}

/** From the name of a user to the id of what is attached to them. */
function attachmentsOf(plan: Plan): ReadonlyMap<string, string> {
  return new Map(
    plan.resources.flatMap((one) =>
      one.type === 'iam.PolicyAttachments' && one.target === 'user' ? [[one.name, one.id]] : [],
    ),
  )
}
