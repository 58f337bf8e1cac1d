import type { Capability, Declaration, Store } from '../declaration.js'
import type { ExistingResources } from '../existing.js'
import { createArns } from './arns.js'
import type { Question } from './decide.fixture.js'

/** Somebody of the plan, with the subjects that grants could name. */
export interface Somebody {
  readonly arn: string
  readonly subjects: readonly string[]
  readonly platform?: string
}

/** Everybody: users, services, team roles, execution roles. Written from the design, not from the builder. */
export function everybody(declaration: Declaration, existing: ExistingResources = {}): Somebody[] {
  const arns = createArns(declaration)
  const teamsOf = new Map<string, string[]>()
  for (const team of declaration.teams) {
    for (const name of team.members) teamsOf.set(name, [...(teamsOf.get(name) ?? []), team.name])
  }
  const federated = new Set(
    declaration.members
      .filter((one) => one.signIn === 'federation' && one.kind === 'person')
      .map((one) => one.name),
  )
  return [
    ...declaration.members
      .filter((one) => !federated.has(one.name))
      .map((one) => ({
        arn:
          one.signIn === 'federation'
            ? arns.role(`${declaration.organization}-${one.name}-service`)
            : (existing.users?.[one.name] ?? arns.user(one.name)),
        subjects: [`member/${one.name}`, ...(teamsOf.get(one.name) ?? []).map((team) => `team/${team}`)],
      })),
    ...declaration.teams
      .filter((team) => team.members.some((name) => federated.has(name)))
      .map((team) => ({
        arn:
          declaration.identityProvider?.kind === 'identityCenter'
            ? `arn:aws:iam::${declaration.account}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_${declaration.organization}-${team.name}_ffffffffffffffff`
            : arns.role(`${declaration.organization}-${team.name}`),
        subjects: [`team/${team.name}`],
      })),
    ...declaration.platforms.map((one) => ({
      arn: existing.roles?.[one.name] ?? arns.role(`${declaration.organization}-${one.name}-execution`),
      subjects: [],
      platform: one.name,
    })),
  ]
}

/** Whether the file says that somebody may do something with the keys that start with `prefix`. */
export function declared(
  declaration: Declaration,
  who: Somebody,
  can: Capability,
  store: Store,
  prefix: string,
): boolean {
  const same = (one: { kind: string; name: string }): boolean =>
    one.kind === store.kind && one.name === store.name
  const platform = declaration.platforms.find((one) => one.name === who.platform)
  const references = can === 'read' ? platform?.reads : can === 'write' ? platform?.writes : []
  return (
    (references ?? []).some((one) => same(one) && prefix.startsWith(one.under)) ||
    declaration.grants.some(
      (grant) =>
        who.subjects.includes(`${grant.to.kind}/${grant.to.name}`) &&
        same(grant.on) &&
        grant.can.includes(can) &&
        prefix.startsWith(grant.under),
    )
  )
}

/** One request for each capability on data below a prefix. */
export function questions(
  who: string,
  store: Store,
  prefix: string,
): (Question & { readonly can: Capability })[] {
  const bucket = `arn:aws:s3:::${store.bucket}`
  const object = `${bucket}/${prefix}thing.bin`
  return [
    { who, can: 'read', action: 's3:GetObject', resource: object },
    { who, can: 'read', action: 's3:GetObjectVersion', resource: object },
    { who, can: 'read', action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': prefix } },
    { who, can: 'write', action: 's3:PutObject', resource: object },
    { who, can: 'write', action: 's3:AbortMultipartUpload', resource: object },
    { who, can: 'delete', action: 's3:DeleteObject', resource: object },
    { who, can: 'delete', action: 's3:DeleteObjectVersion', resource: object },
  ]
}
