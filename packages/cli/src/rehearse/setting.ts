import type { Declaration, Plan, Resource, Store } from '@ringfence/plan'

/** What the rehearsal's AWS holds beyond the plan, which probes refer to. */
export interface Setting {
  readonly declaration: Declaration
  /** Only for what probes send, such as the fence's present policies; never for what they expect. */
  readonly plan: Plan
  /** A bucket of the other account whose own policy lets everybody write into it. */
  readonly outsideBucket: string
  /** Key ids by the bucket that they encrypt. */
  readonly keyIds: ReadonlyMap<string, string>
  /** The clock at the start, epoch milliseconds. */
  readonly startMs: number
}

/** Physical names, as the naming rules of the plan give them. */
export interface Names {
  readonly path: string
  user(member: string): string
  userArn(member: string): string
  group(team: string): string
  teamRole(team: string): string
  executionRole(platform: string): string
  /** Of a service that signs in without a key. */
  serviceRole(member: string): string
  roleArn(roleName: string): string
  boundaryArn(): string
  /** Training jobs, models, endpoint configurations and endpoints of one team on one platform. */
  work(platform: string, team: string, name: string): string
  /** ARN of the secret that keeps the key of a member, without the characters that AWS adds. */
  secretId(member: string): string
  bucketArn(store: Store): string
}

export function namesOf(declaration: Declaration): Names {
  const { organization, account, region } = declaration
  const path = `/ringfence/${organization}/`
  const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}${path}${name}`
  return {
    path,
    user: (member) => member,
    userArn: (member) => arn('user', member),
    group: (team) => `${organization}-${team}`,
    teamRole: (team) => `${organization}-${team}`,
    executionRole: (platform) => `${organization}-${platform}-execution`,
    serviceRole: (member) => `${organization}-${member}-service`,
    roleArn: (roleName) => arn('role', roleName),
    boundaryArn: () => arn('policy', `${organization}-boundary`),
    work: (platform, team, name) => `${platform}--${team}--${name}`,
    secretId: (member) =>
      `arn:aws:secretsmanager:${region}:${account}:secret:ringfence/${organization}/${member}/access-key`,
    bucketArn: ({ bucket }) => `arn:aws:s3:::${bucket}`,
  }
}

/** The tag that ties a job to its team. */
export const TEAM_TAG = 'ringfence:team'

export function resourcesOfType<Type extends Resource['type']>(
  plan: Plan,
  type: Type,
): readonly Extract<Resource, { type: Type }>[] {
  return plan.resources.filter(
    (resource): resource is Extract<Resource, { type: Type }> => resource.type === type,
  )
}
