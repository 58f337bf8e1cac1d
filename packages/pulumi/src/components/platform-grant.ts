import { declareGrant } from './dataset-grant.js'
import { isOwnName, readPrincipal } from './principal-arn.js'

/** What may be done on a training platform that another component, or something else, makes. */
export interface PlatformGrant {
  /** Name of the platform: the names of jobs start with it. */
  readonly platform: string
  /** ARN of its execution role, which jobs run as. */
  readonly role: string
  /** `train`, `deploy`, `invoke`, `administer`. */
  readonly can: string[]
  /** A day or an instant (UTC) at which it ends. */
  readonly until?: string
}

/** The sections of a declaration for some of these, granted to one team or member. */
export function declarePlatforms(
  component: string,
  organization: string,
  to: string,
  grants: readonly PlatformGrant[],
): { platforms: Record<string, unknown>; roles: Record<string, string>; grants: unknown[] } {
  const roles = grants.flatMap(({ platform, role }, index) => {
    const { arn } = readPrincipal(component, `platforms[${index}].role`, role, ['role'])
    return isOwnName(organization, arn, `${organization}-${platform}-execution`)
      ? []
      : [[platform, arn] as const]
  })
  return {
    platforms: Object.fromEntries(grants.map(({ platform }) => [platform, { kind: 'sagemaker' }])),
    roles: Object.fromEntries(roles),
    grants: grants.map((grant) => declareGrant(to, `platforms/${grant.platform}`, grant)),
  }
}
