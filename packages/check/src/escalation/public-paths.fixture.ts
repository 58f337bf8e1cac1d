import type { Account, AccountGroup, AccountRole, AccountUser, ManagedPolicy } from '../account/account.js'

/** Facts of one public path: which permissions on what, and what has to be there. */
export interface PublicPath {
  readonly id: string
  /** The host that the target role trusts. */
  readonly service?: string
  /** `action` or `action@rest of an IAM ARN`. */
  readonly permissions: readonly string[]
  /** Who takes it; a user unless it says so. */
  readonly start: 'user' | 'role'
}

/** A line each: id, host or `-`, permissions. */
const lines = `
apprunner-001 tasks.apprunner iam:PassRole apprunner:CreateService
apprunner-002 tasks.apprunner apprunner:UpdateService
bedrock-001 bedrock-agentcore iam:PassRole bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter
bedrock-002 bedrock-agentcore bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter
cloudformation-001 cloudformation iam:PassRole cloudformation:CreateStack
cloudformation-002 cloudformation cloudformation:UpdateStack
cloudformation-003 cloudformation iam:PassRole cloudformation:CreateStackSet cloudformation:CreateStackInstances
cloudformation-004 cloudformation iam:PassRole cloudformation:UpdateStackSet
cloudformation-005 cloudformation cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet
codebuild-001 codebuild iam:PassRole codebuild:CreateProject codebuild:StartBuild
codebuild-002 codebuild codebuild:StartBuild
codebuild-003 codebuild codebuild:StartBuildBatch
codebuild-004 codebuild iam:PassRole codebuild:CreateProject codebuild:StartBuildBatch
datapipeline-001 datapipeline iam:PassRole datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline
ec2-001 ec2 iam:PassRole ec2:RunInstances
ec2-002 ec2 ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances
ec2-003 ec2 iam:PassRole ec2:RequestSpotInstances
ec2-004 ec2 ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate
ec2instanceconnect-003 ec2 ec2-instance-connect:SendSSHPublicKey
ecs-001 ecs-tasks iam:PassRole ecs:CreateCluster ecs:RegisterTaskDefinition ecs:CreateService
ecs-002 ecs-tasks iam:PassRole ecs:CreateCluster ecs:RegisterTaskDefinition ecs:RunTask
ecs-003 ecs-tasks iam:PassRole ecs:RegisterTaskDefinition ecs:CreateService
ecs-004 ecs-tasks iam:PassRole ecs:RegisterTaskDefinition ecs:RunTask
ecs-005 ecs-tasks iam:PassRole ecs:RegisterTaskDefinition ecs:StartTask
glue-001 glue iam:PassRole glue:CreateDevEndpoint
glue-002 glue glue:UpdateDevEndpoint
glue-003 glue iam:PassRole glue:CreateJob glue:StartJobRun
glue-004 glue iam:PassRole glue:CreateJob glue:CreateTrigger
glue-005 glue iam:PassRole glue:UpdateJob glue:StartJobRun
glue-006 glue iam:PassRole glue:UpdateJob glue:CreateTrigger
iam-001 - iam:CreatePolicyVersion@policy/own
iam-002 - iam:CreateAccessKey@user/root-like
iam-003 - iam:CreateAccessKey@user/two-keys iam:DeleteAccessKey@user/two-keys
iam-004 - iam:CreateLoginProfile@user/root-like
iam-005 - iam:PutRolePolicy@role/starter
iam-006 - iam:UpdateLoginProfile@user/two-keys
iam-007 - iam:PutUserPolicy@user/ada
iam-008 - iam:AttachUserPolicy@user/ada
iam-009 - iam:AttachRolePolicy@role/starter
iam-010 - iam:AttachGroupPolicy@group/readers
iam-011 - iam:PutGroupPolicy@group/readers
iam-012 - iam:UpdateAssumeRolePolicy@role/target
iam-013 - iam:AddUserToGroup@group/masters
iam-014 - iam:AttachRolePolicy@role/weak sts:AssumeRole@role/weak
iam-015 - iam:AttachUserPolicy@user/bob iam:CreateAccessKey@user/bob
iam-016 - iam:CreatePolicyVersion@policy/of-weak sts:AssumeRole@role/weak
iam-017 - iam:PutRolePolicy@role/weak sts:AssumeRole@role/weak
iam-018 - iam:PutUserPolicy@user/bob iam:CreateAccessKey@user/bob
iam-019 - iam:AttachRolePolicy@role/weak iam:UpdateAssumeRolePolicy@role/weak
iam-020 - iam:CreatePolicyVersion@policy/of-weak iam:UpdateAssumeRolePolicy@role/weak
iam-021 - iam:PutRolePolicy@role/weak iam:UpdateAssumeRolePolicy@role/weak
lambda-001 lambda iam:PassRole lambda:CreateFunction lambda:InvokeFunction
lambda-002 lambda iam:PassRole lambda:CreateFunction lambda:CreateEventSourceMapping
lambda-003 lambda lambda:UpdateFunctionCode
lambda-004 lambda lambda:UpdateFunctionCode lambda:InvokeFunction
lambda-005 lambda lambda:UpdateFunctionCode lambda:AddPermission
lambda-006 lambda iam:PassRole lambda:CreateFunction lambda:AddPermission
sagemaker-001 sagemaker iam:PassRole sagemaker:CreateNotebookInstance
sagemaker-002 sagemaker iam:PassRole sagemaker:CreateTrainingJob
sagemaker-003 sagemaker iam:PassRole sagemaker:CreateProcessingJob
sagemaker-004 sagemaker sagemaker:CreatePresignedNotebookInstanceUrl
sagemaker-005 sagemaker sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:StopNotebookInstance sagemaker:UpdateNotebookInstance sagemaker:StartNotebookInstance
ssm-001 ec2 ssm:StartSession
ssm-002 ec2 ssm:SendCommand
sts-001 - sts:AssumeRole@role/target`

/** The list of pathfinding.cloud as of 2025-12-17: its facts, in lines of our own. */
export const publicPathList: readonly PublicPath[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id, service, ...permissions] = line.split(' ')
    const start = permissions.some((one) => one.endsWith('role/starter')) ? 'role' : 'user'
    const path = { id: id!, permissions, start } as const
    return service === '-' ? path : Object.assign(path, { service: `${service}.amazonaws.com` })
  })

export const accountId = '111122223333'
export const iamArn = (rest: string): string => `arn:aws:iam::${accountId}:${rest}`

export const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
export const allow = (action: string, resource = '*', rest: object = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...rest,
})
export const fullAccess = { name: 'full access', document: document(allow('*')) }

const trusting = (principal: object) =>
  document({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' })

export function user(name: string, rest: Partial<AccountUser> = {}): AccountUser {
  const arn = iamArn(`user/${name}`)
  const known = { accessKeys: 0, hasLoginProfile: false, groups: [], tags: {} }
  return { kind: 'user', name, path: '/', arn, attached: [], inline: [], ...known, ...rest }
}

export function role(name: string, trusted: object, rest: Partial<AccountRole> = {}): AccountRole {
  const arn = iamArn(`role/${name}`)
  const trust = { name: `trust policy of role/${name}`, document: trusting(trusted) }
  return {
    kind: 'role',
    name,
    path: '/',
    arn,
    attached: [],
    inline: [],
    trust,
    instanceProfiles: [],
    tags: {},
    ...rest,
  }
}

export function group(name: string, rest: Partial<AccountGroup> = {}): AccountGroup {
  return { kind: 'group', name, path: '/', arn: iamArn(`group/${name}`), attached: [], inline: [], ...rest }
}

export function managed(name: string, ...statements: readonly object[]): ManagedPolicy {
  const arn = iamArn(`policy/${name}`)
  const version = { name: arn, document: document(...statements), id: 'v1', isDefault: true }
  return { arn, isAwsManaged: false, versions: [version] }
}

export function accountWith(parts: Partial<Account>): Account {
  const none = { users: [], roles: [], groups: [], managedPolicies: [], resources: [], identityProviders: [] }
  return { formatVersion: 1, account: accountId, partition: 'aws', ...none, unknowns: [], ...parts }
}

/** What a test changes in the account of a path. */
export interface Twist {
  /** Statements that are added to the policy of whoever starts. */
  readonly denies?: readonly object[]
  /** Statements of a boundary of whoever starts. */
  readonly boundary?: readonly object[]
  /** What a path needs is not there: no trust, no instance profile, no room for a key, no policy of the customer, … */
  readonly isBare?: true
}

/** A small account in which somebody has exactly the permissions of a path, and all that it needs is there. */
export function accountOf({ permissions, service, start }: PublicPath, twist: Twist = {}): Account {
  const statements = permissions.map((one) => {
    const [action, rest] = one.split('@')
    return allow(action!, rest === undefined ? '*' : iamArn(rest))
  })
  const denies = twist.denies ?? []
  const own = managed('own', allow('s3:ListAllMyBuckets'), ...statements, ...denies)
  const limit = twist.boundary === undefined ? [] : [managed('limit', ...twist.boundary)]
  const bounded = limit[0] === undefined ? {} : { permissionsBoundary: limit[0].arn }
  const starter = { attached: [own.arn], ...bounded }
  const trusted = twist.isBare ? { Service: 'config.amazonaws.com' } : { AWS: iamArn('root') }
  const target = role('target', service === undefined || twist.isBare ? trusted : { Service: service }, {
    inline: service === undefined && twist.isBare ? [] : [fullAccess],
    instanceProfiles: twist.isBare ? [] : [iamArn('instance-profile/target')],
  })
  const strong = twist.isBare ? {} : { inline: [fullAccess] }
  return accountWith({
    users: [
      user('ada', start === 'user' ? { ...starter, groups: twist.isBare ? [] : ['readers'] } : {}),
      user('bob', twist.isBare ? { accessKeys: 2 } : {}),
      user('root-like', strong),
      user('two-keys', { accessKeys: 2, hasLoginProfile: true, ...strong }),
    ],
    roles: [
      target,
      // Stack sets work by a role that assumes the one with the permissions.
      ...(service === 'cloudformation.amazonaws.com' && !twist.isBare
        ? [
            role(
              'stack-sets',
              { Service: service },
              { inline: [{ name: 'x', document: document(allow('sts:AssumeRole')) }] },
            ),
            role('stack-set-target', { AWS: iamArn('role/stack-sets') }, { inline: [fullAccess] }),
          ]
        : []),
      ...(twist.isBare ? [] : [role('weak', trusted, { attached: [iamArn('policy/of-weak')] })]),
      role('starter', { Service: 'batch.amazonaws.com' }, start === 'role' ? starter : {}),
    ],
    groups: [group('readers'), group('masters', strong)],
    managedPolicies: [own, ...limit, managed('of-weak', allow('s3:ListAllMyBuckets'))].map((policy) =>
      Object.assign(policy, { isAwsManaged: twist.isBare === true }),
    ),
  })
}
