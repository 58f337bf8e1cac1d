import { someReservedRole, type Declaration, type SourceSpan } from '@ringfence/plan'
import type { Actor } from './actor.js'
import { administratorsMay, denied, undeclaredMay } from './expectations.js'
import { ALL_BLOCKED } from './fence-probes.js'
import type { Expectation, Probe } from './probe.js'
import { namesOf, resourcesOfType, type Names, type Setting } from './setting.js'

/** What one actor is asked to do to the account's users, groups, roles and policies. */
export interface IdentityRound {
  readonly setting: Setting
  readonly actor: Actor
  readonly atMs: number
}

type Request = Pick<Probe, 'service' | 'operation' | 'input'>
type Named = readonly [description: string, request: Request, because: SourceSpan]

/** Ways to more rights than declared, each known from real attacks, and roles that only services may take. */
export function identityProbes(round: IdentityRound): readonly Probe[] {
  const { actor } = round
  switch (actor.kind) {
    case 'member':
    case 'platform':
      return refused(round, [
        ...escalations(round, actor),
        ...rewrites(round.setting),
        ...removeAccountBlock(round.setting),
        ...assumptions(round.setting),
      ])
    case 'administrator':
      return [
        ...answered(round, rewrites(round.setting), administratorsMay(round.setting.declaration, actor.name)),
        ...answered(
          round,
          keepAccountBlock(round.setting),
          administratorsMay(round.setting.declaration, actor.name),
        ),
        ...refused(round, assumptions(round.setting)),
      ]
    case 'undeclared':
      return [
        ...answered(round, rewrites(round.setting), undeclaredMay(round.setting.declaration)),
        ...answered(round, keysOfOthers(round.setting, ''), undeclaredMay(round.setting.declaration)),
        ...answered(round, keepAccountBlock(round.setting), undeclaredMay(round.setting.declaration)),
        ...refused(round, assumptions(round.setting)),
      ]
    case 'stranger':
      return refused(round, assumptions(round.setting))
    case 'anonymous':
      return refused(round, [...assumptions(round.setting), ...keysOfOthers(round.setting, '')])
  }
}

function answered(
  { actor, atMs }: IdentityRound,
  requests: readonly Named[],
  expectation: Expectation,
): readonly Probe[] {
  return requests.map(([description, request, because]) => ({
    actor,
    stage: 'fence',
    description,
    ...request,
    transport: 'tls',
    atMs,
    expectation: { ...expectation, because: [...expectation.because, because] },
  }))
}

function refused(round: IdentityRound, requests: readonly Named[]): readonly Probe[] {
  return answered(round, requests, denied([], 'only administrators may change who may do what'))
}

const ALLOW_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' }],
})
const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess'

function iam(operation: string, input: Readonly<Record<string, unknown>>): Request {
  return { service: 'iam', operation, input }
}

function escalations(
  { setting }: IdentityRound,
  actor: Extract<Actor, { kind: 'member' | 'platform' }>,
): readonly Named[] {
  const { declaration } = setting
  const names = namesOf(declaration)
  const at = declaration.declaredAt
  const own =
    actor.kind === 'member' && actor.signIn === 'user'
      ? ownUser(declaration, actor.name)
      : ownRole(roleOf(actor, setting, names), at)
  return [
    ...own,
    ...keysOfOthers(setting, actor.name),
    [
      'write a new version of the permissions boundary',
      iam('CreatePolicyVersion', {
        PolicyArn: names.boundaryArn(),
        PolicyDocument: ALLOW_ALL,
        SetAsDefault: true,
      }),
      at,
    ],
    ['make a new user', iam('CreateUser', { UserName: 'ringfence-rehearsal-user' }), at],
    [
      'make a role that anyone of the account may take',
      iam('CreateRole', {
        RoleName: 'ringfence-rehearsal-role',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Account',
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${declaration.account}:root` },
              Action: 'sts:AssumeRole',
            },
          ],
        }),
      }),
      at,
    ],
  ]
}

function roleOf(
  actor: Exclude<Extract<Actor, { kind: 'member' | 'platform' }>, { signIn: 'user' }>,
  { plan }: Setting,
  names: Names,
): string {
  if (actor.kind === 'platform') return names.executionRole(actor.name)
  if (actor.signIn === 'token') return names.serviceRole(actor.name)
  const reserved = plan.external.find((one) => one.kind === 'reservedRole' && one.team === actor.team)
  return reserved?.kind === 'reservedRole' ? someReservedRole(reserved).name : names.teamRole(actor.team)
}

function ownUser(declaration: Declaration, name: string): readonly Named[] {
  const names = namesOf(declaration)
  const UserName = names.user(name)
  const at = declaration.members.find((member) => member.name === name)?.declaredAt ?? declaration.declaredAt
  const foreign = declaration.teams.filter((team) => !team.members.includes(name))
  return [
    [
      'attach AdministratorAccess to itself',
      iam('AttachUserPolicy', { UserName, PolicyArn: ADMINISTRATOR_ACCESS }),
      at,
    ],
    [
      'write itself an inline policy',
      iam('PutUserPolicy', { UserName, PolicyName: 'all', PolicyDocument: ALLOW_ALL }),
      at,
    ],
    ['make itself an access key', iam('CreateAccessKey', { UserName }), at],
    ['drop its own permissions boundary', iam('DeleteUserPermissionsBoundary', { UserName }), at],
    ...foreign.map((team): Named => [
      `join team ${team.name}`,
      iam('AddUserToGroup', { UserName, GroupName: names.group(team.name) }),
      team.declaredAt,
    ]),
  ]
}

function ownRole(RoleName: string, at: SourceSpan): readonly Named[] {
  return [
    [
      'attach AdministratorAccess to its own role',
      iam('AttachRolePolicy', { RoleName, PolicyArn: ADMINISTRATOR_ACCESS }),
      at,
    ],
    [
      'write its own role an inline policy',
      iam('PutRolePolicy', { RoleName, PolicyName: 'all', PolicyDocument: ALLOW_ALL }),
      at,
    ],
    ["drop its role's permissions boundary", iam('DeleteRolePermissionsBoundary', { RoleName }), at],
  ]
}

/** An access key for the first member with an IAM user who is somebody else. */
function keysOfOthers({ declaration }: Setting, self: string): readonly Named[] {
  const other = declaration.members.find(({ name, signIn }) => name !== self && signIn === 'user')
  if (other === undefined) return []
  const request = iam('CreateAccessKey', { UserName: namesOf(declaration).user(other.name) })
  return [[`make an access key for ${other.name}`, request, other.declaredAt]]
}

/** Changes of the identity side of the fence that write back what is there. */
function rewrites({ declaration, plan }: Setting): readonly Named[] {
  const trusts = resourcesOfType(plan, 'iam.Role').map((role): Named => [
    `rewrite the trust policy of role ${role.name}`,
    iam('UpdateAssumeRolePolicy', {
      RoleName: role.name,
      PolicyDocument: JSON.stringify(role.assumeRolePolicy),
    }),
    role.declaredAt,
  ])
  const membership = resourcesOfType(plan, 'iam.UserGroupMembership').find(({ groups }) => groups.length > 0)
  const attachment = resourcesOfType(plan, 'iam.PolicyAttachments').find(
    ({ policyArns, target }) => policyArns.length > 0 && target === 'group',
  )
  const [user] = resourcesOfType(plan, 'iam.User')
  return [
    ...trusts,
    ...(membership === undefined
      ? []
      : [
          [
            `put ${membership.user} into group ${membership.groups[0]}`,
            iam('AddUserToGroup', { UserName: membership.user, GroupName: membership.groups[0] }),
            membership.declaredAt,
          ] as const,
        ]),
    ...(attachment === undefined
      ? []
      : [
          [
            `attach a policy to group ${attachment.name}`,
            iam('AttachGroupPolicy', {
              GroupName: attachment.name,
              PolicyArn: attachment.policyArns[0],
            }),
            attachment.declaredAt,
          ] as const,
        ]),
    ...(user === undefined
      ? []
      : [
          [
            `set the permissions boundary of ${user.name}`,
            iam('PutUserPermissionsBoundary', {
              UserName: user.name,
              PermissionsBoundary: user.permissionsBoundary,
            }),
            declaration.members.find(({ name }) => name === user.name)?.declaredAt ?? declaration.declaredAt,
          ] as const,
        ]),
  ]
}

function keepAccountBlock({ declaration }: Setting): readonly Named[] {
  return [
    [
      "change the account's public access block",
      {
        service: 's3-control',
        operation: 'PutPublicAccessBlock',
        input: { AccountId: declaration.account, PublicAccessBlockConfiguration: ALL_BLOCKED },
      },
      declaration.declaredAt,
    ],
  ]
}

function removeAccountBlock({ declaration }: Setting): readonly Named[] {
  return [
    [
      "remove the account's public access block",
      {
        service: 's3-control',
        operation: 'DeletePublicAccessBlock',
        input: { AccountId: declaration.account },
      },
      declaration.declaredAt,
    ],
  ]
}

/** No role of the plan can be taken by a signed request: they are for SageMaker and the identity provider. */
function assumptions({ plan }: Setting): readonly Named[] {
  return resourcesOfType(plan, 'iam.Role').map((role): Named => [
    `assume role ${role.name}`,
    {
      service: 'sts',
      operation: 'AssumeRole',
      input: { RoleArn: role.arn, RoleSessionName: 'rehearsal' },
    },
    role.declaredAt,
  ])
}
