import { reservedRolePattern } from '../reserved-role.js'
import type { Administrator, Declaration, Store } from '../declaration.js'
import type { ExistingThings } from './existing-things.js'
import { nothingExists } from './existing-things.js'

/** Every physical name and ARN that a declaration leads to; all are known before anything is deployed. */
export interface Arns {
  /** `/ringfence/<organization>/` */
  readonly path: string
  readonly root: string
  user(member: string): string
  userName(member: string): string
  /** Users that ringfence makes, as a pattern. */
  readonly anyUser: string
  group(team: string): string
  groupName(team: string): string
  role(name: string): string
  policy(name: string): string
  administrator(administrator: Administrator): string
  bucket(store: Store): string
  /** `alias/ringfence/<organization>/<store>` */
  aliasName(store: Store): string
  alias(store: Store): string
  readonly anyKey: string
  sagemaker(resource: string): string
  /** Of what ringfence makes for a team: its role, and its group unless one exists. */
  teamName(team: string): string
  /** The role that Identity Center makes for a team, but for its last 16 characters, which AWS picks. */
  reservedRole(team: string): string
  /** Of a service that signs in by federation. */
  serviceRole(member: string): string
  serviceRoleName(member: string): string
  executionRole(platform: string): string
  executionRoleName(platform: string): string
  /** The secret that keeps the access key of a member. */
  secretName(member: string): string
  /** Without the hyphen and six characters that AWS adds. */
  secret(member: string): string
  /** The secret of whoever asks, as a pattern for policies. */
  readonly ownSecret: string
  readonly boundaryName: string
  readonly boundary: string
}

export function createArns(declaration: Declaration, existing: ExistingThings = nothingExists): Arns {
  const { organization, account, region } = declaration
  const path = `/ringfence/${organization}/`
  const iam = `arn:aws:iam::${account}:`
  const boundaryName = `${organization}-boundary`
  // The same text for the same user: large teams stand in many policies.
  const users = new Map<string, string>()
  const user = (member: string): string => {
    let arn = users.get(member)
    if (arn === undefined)
      users.set(member, (arn = existing.users.get(member)?.arn ?? `${iam}user${path}${member}`))
    return arn
  }
  const secrets = `arn:aws:secretsmanager:${region}:${account}:secret:`
  // No name ends in a hyphen and six characters: AWS could take it for the ARN of another one.
  const secretName = (userName: string): string => `ringfence/${organization}/${userName}/access-key`
  return {
    path,
    root: `${iam}root`,
    user,
    anyUser: `${iam}user${path}*`,
    userName: (member) => existing.users.get(member)?.name ?? member,
    group: (team) => existing.groups.get(team)?.arn ?? `${iam}group${path}${organization}-${team}`,
    groupName: (team) => existing.groups.get(team)?.name ?? `${organization}-${team}`,
    role: (name) => `${iam}role${path}${name}`,
    policy: (name) => `${iam}policy${path}${name}`,
    administrator: ({ kind, path: directory, name }) => `${iam}${kind}${directory}${name}`,
    bucket: (store) => `arn:aws:s3:::${store.bucket}`,
    aliasName: (store) => `alias/ringfence/${organization}/${store.name}`,
    alias: (store) => `arn:aws:kms:${region}:${account}:alias/ringfence/${organization}/${store.name}`,
    anyKey: `arn:aws:kms:${region}:${account}:key/*`,
    sagemaker: (resource) => `arn:aws:sagemaker:${region}:${account}:${resource}`,
    teamName: (team) => `${organization}-${team}`,
    reservedRole: (team) => reservedRolePattern(declaration, `${organization}-${team}`),
    serviceRole: (member) => `${iam}role${path}${organization}-${member}-service`,
    serviceRoleName: (member) => `${organization}-${member}-service`,
    executionRole: (platform) =>
      existing.roles.get(platform)?.arn ?? `${iam}role${path}${organization}-${platform}-execution`,
    executionRoleName: (platform) =>
      existing.roles.get(platform)?.name ?? `${organization}-${platform}-execution`,
    secretName: (member) => secretName(existing.users.get(member)?.name ?? member),
    secret: (member) => `${secrets}${secretName(existing.users.get(member)?.name ?? member)}`,
    ownSecret: `${secrets}${secretName('${aws:username}')}-??????`,
    boundaryName,
    boundary: `${iam}policy${path}${boundaryName}`,
  }
}
