import type { RecordedResource } from '@ringfence/lifecycle'
import type { PermissionSetIds } from '@ringfence/pulumi/deploy'

/** A role that a stack has. */
export interface StackRole {
  readonly role: string
  /** Its longest session, in seconds. */
  readonly seconds: number
  /** Where Identity Center makes the role: of what. The role is then called as that is. */
  readonly permissionSet?: PermissionSetIds
}

/** All roles of a stack, and those that AWS makes of its permission sets. */
export function rolesOfStack(resources: readonly RecordedResource[] = []): readonly StackRole[] {
  return resources.flatMap((resource) => roleOf(resource) ?? [])
}

function roleOf({ id = '', inputs = {}, type }: RecordedResource): StackRole | undefined {
  const role = typeof inputs['name'] === 'string' ? inputs['name'] : ''
  switch (type) {
    case 'aws:iam/role:Role':
      return { role, seconds: Number(inputs['maxSessionDuration'] ?? 3600) }
    case 'aws:ssoadmin/permissionSet:PermissionSet': {
      // As AWS's provider writes ids.
      const [PermissionSetArn = '', InstanceArn = ''] = id.split(',')
      const hours = Number(/^PT(\d+)H$/.exec(String(inputs['sessionDuration']))?.[1] ?? 1)
      return { role, seconds: hours * 3600, permissionSet: { PermissionSetArn, InstanceArn } }
    }
    default:
      return undefined
  }
}
