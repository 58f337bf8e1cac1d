import { expect, test } from 'vitest'
import { exampleNames, loadExample } from './build/examples.fixture.js'
import { membersOfGroups, membershipsInExistingGroups } from './members-of-groups.js'

test.each(exampleNames)('%s: by group is the same as by user, and everything stands before it', (name) => {
  const { plan } = loadExample(name)
  const byUser = plan.resources.flatMap((one) =>
    one.type === 'iam.UserGroupMembership' ? one.groups.map((group) => `${one.user} in ${group}`) : [],
  )
  const byGroup = membersOfGroups(plan).flatMap(({ group, users }) =>
    users.map((user) => `${user} in ${group}`),
  )
  expect(byGroup.toSorted()).toEqual(byUser.toSorted())
  const groups = plan.resources.filter((one) => one.type === 'iam.Group')
  expect(membersOfGroups(plan).map((one) => one.group)).toEqual(groups.map((one) => one.name))
  const ids = new Map(
    plan.resources.flatMap((one) =>
      one.type === 'iam.User' || one.type === 'iam.Group' || one.type === 'iam.PolicyAttachments'
        ? [[one.id, one.name] as const]
        : [],
    ),
  )
  for (const { group, users, dependsOn } of membersOfGroups(plan)) {
    expect(dependsOn.map((id) => ids.get(id))).toEqual([group, ...users, ...users])
  }
  expect(membershipsInExistingGroups(plan)).toEqual([])
})
