import type { Declaration, Member, Plan } from '@ringfence/plan'

/** One way in which a member gets at AWS. Never a password, a key or a token: only where they come from. */
export type SignIn =
  /** A person with an IAM user, by password. */
  | { readonly way: 'console'; readonly userName: string; readonly url: string }
  | {
      readonly way: 'key'
      readonly userName: string
      readonly handedOver: 'byAdministrator' | 'age' | 'pgp' | 'secretsManager'
      /** In Secrets Manager. */
      readonly secret?: string
      /** ISO 8601 instant, UTC. */
      readonly until: string
    }
  /** By the identity provider, into the role of a team. */
  | { readonly way: 'saml'; readonly team: string; readonly roleArn: string; readonly provider: string }
  /** The same; of a service, into a role of its own. */
  | {
      readonly way: 'oidc'
      readonly team?: string
      readonly roleArn: string
      readonly provider: string
      readonly audience: string
      /** Of a service: whose tokens are taken. */
      readonly subjects?: readonly string[]
    }
  /** By IAM Identity Center, with the permission set of a team. */
  | {
      readonly way: 'identityCenter'
      readonly team: string
      readonly permissionSet: string
      /** Of the access portal, as long as nobody has given it another name. */
      readonly startUrl: string
      /** Of Identity Center. */
      readonly region: string
    }

/** How a member of the file signs in: none for somebody who is in no team and has no user. */
export function signInsOf(declaration: Declaration, plan: Plan, member: Member): readonly SignIn[] {
  if (member.oidc !== undefined) return serviceSignIn(plan, member, member.oidc)
  return member.signIn === 'federation'
    ? teamSignIns(declaration, plan, member)
    : userSignIns(declaration, plan, member)
}

function serviceSignIn(
  plan: Plan,
  { name }: Member,
  { arn: provider, audience, subjects }: NonNullable<Member['oidc']>,
): readonly SignIn[] {
  const roleArn = roleArnOf(plan, `member/${name}/role`)
  return roleArn === undefined ? [] : [{ way: 'oidc', roleArn, provider, audience, subjects }]
}

function teamSignIns(declaration: Declaration, plan: Plan, { name }: Member): readonly SignIn[] {
  const { identityProvider, teams } = declaration
  if (identityProvider === undefined) return []
  if (identityProvider.kind === 'identityCenter')
    return centerSignIns(declaration, identityProvider, plan, name)
  const { arn: provider, audience, kind } = identityProvider
  return teams.flatMap(({ members, name: team }): readonly SignIn[] => {
    const roleArn = members.includes(name) ? roleArnOf(plan, `team/${team}/role`) : undefined
    if (roleArn === undefined) return []
    return kind === 'saml'
      ? [{ way: 'saml', team, roleArn, provider }]
      : [{ way: 'oidc', team, roleArn, provider, audience }]
  })
}

type IdentityCenter = Extract<
  NonNullable<Declaration['identityProvider']>,
  { readonly kind: 'identityCenter' }
>

function centerSignIns(
  { teams }: Declaration,
  { identityStore, region }: IdentityCenter,
  { external }: Plan,
  name: string,
): readonly SignIn[] {
  return external.flatMap((one): readonly SignIn[] => {
    if (one.kind !== 'reservedRole') return []
    const team = teams.find((candidate) => candidate.name === one.team)
    if (team?.members.includes(name) !== true) return []
    const startUrl = `https://${identityStore}.awsapps.com/start`
    return [{ way: 'identityCenter', team: team.name, permissionSet: one.permissionSet, startUrl, region }]
  })
}

function userSignIns({ account }: Declaration, plan: Plan, { keys, kind, name }: Member): readonly SignIn[] {
  const groups = plan.resources.find(({ id }) => id === `member/${name}/groups`)
  if (groups?.type !== 'iam.UserGroupMembership') return []
  const userName = groups.user
  const url = `https://${account}.signin.aws.amazon.com/console`
  const console: readonly SignIn[] = kind === 'person' ? [{ way: 'console', userName, url }] : []
  const key = plan.resources.find((one) => one.type === 'iam.AccessKey' && one.user === userName)
  if (keys === undefined || key?.type !== 'iam.AccessKey') return console
  const { encryptTo, secret, until } = key
  return [
    ...console,
    {
      way: 'key',
      userName,
      handedOver: secret === undefined ? (encryptTo?.kind ?? 'byAdministrator') : 'secretsManager',
      ...(secret === undefined ? {} : { secret }),
      until,
    },
  ]
}

function roleArnOf({ resources }: Plan, id: string): string | undefined {
  const role = resources.find((one) => one.id === id)
  return role?.type === 'iam.Role' ? role.arn : undefined
}
