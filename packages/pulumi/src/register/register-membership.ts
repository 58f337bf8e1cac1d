import { GroupMembership } from '@pulumi/aws/iam/groupMembership.js'
import { UserGroupMembership } from '@pulumi/aws/iam/userGroupMembership.js'
import { membersOfGroups, membershipsInExistingGroups } from '@ringfence/plan'
import type { Registration } from './registration.js'

/**
 * The members of every group that the plan makes, group by group: the list is the group's only one, so that a
 * member added by hand is drift. Memberships in groups that exist already are added and leave others alone.
 */
export function registerMemberships(registration: Registration): void {
  for (const members of membersOfGroups(registration.plan)) {
    const { id, group, users } = members
    const name = registration.childName(id)
    const args = { name: group, group, users: [...users] }
    registration.keep(id, new GroupMembership(name, args, registration.options(members)))
  }
  for (const membership of membershipsInExistingGroups(registration.plan)) {
    const { id, user, groups } = membership
    const name = registration.childName(id)
    const args = { user, groups: [...groups] }
    registration.keep(id, new UserGroupMembership(name, args, registration.options(membership)))
  }
}
