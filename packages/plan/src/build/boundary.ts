import { sagemakerActions } from './grant-parts.js'
import { isKeptInSecretsManager, ownKey } from './build-secret.js'
import type { Model } from './model.js'
import type { Sourced } from './statement.js'
import { compare, oneOrMany } from './statement.js'
import { fenced, keyActions, listActions, objectActions } from './store-actions.js'

/** What a person may do about their own sign-in. Their own access keys are not among it: keys are declared. */
export const ownSignIn = [
  'iam:ChangePassword',
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ResyncMFADevice',
]

/** What jobs need besides data: logs, metrics, images. */
export const jobActions = {
  logs: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
  metrics: ['cloudwatch:PutMetricData'],
  login: ['ecr:GetAuthorizationToken'],
  images: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
}

/** ARNs of the organization's buckets: by pattern where names are derived, one by one where they are declared. */
export function bucketPatterns(model: Model): string[] {
  const { organization, suffix } = model.declaration
  const derived = model.stores.filter((store) => isDerived(store.bucket, organization, suffix))
  const declared = model.stores.filter((store) => !isDerived(store.bucket, organization, suffix))
  return [
    ...(derived.length > 0 || declared.length === 0 ? [`arn:aws:s3:::${organization}-*-${suffix}`] : []),
    ...declared.map((store) => model.arns.bucket(store)).toSorted(compare),
  ]
}

function isDerived(bucket: string, organization: string, suffix: string): boolean {
  return bucket.startsWith(`${organization}-`) && bucket.endsWith(`-${suffix}`)
}

/**
 * The permissions boundary of every user and role that ringfence makes: what grants can ever give, and a
 * denial of all else, so that no policy attached later (nor a resource policy that names the user) leads to
 * IAM, to the settings of buckets and keys, or out of the organization's buckets. Without `listsBuckets` the
 * last part is only "out of the account's buckets": what remains when too many have names of their own.
 */
export function buildBoundary(model: Model, listsBuckets: boolean): Sourced[] {
  const { arns, declaration } = model
  const { account, region, organization } = declaration
  const buckets = bucketPatterns(model).flatMap((bucket) => [bucket, `${bucket}/*`])
  const data = [
    ...listActions,
    ...objectActions.read,
    ...objectActions.write,
    ...objectActions.delete,
    ...fenced.settings,
    ...fenced.configuration,
  ]
  const keys = [...new Set([...keyActions.read, ...keyActions.write])].toSorted(compare)
  const user = `arn:aws:iam::${account}:user${arns.path}\${aws:username}`
  const jobs = ['endpoint', 'endpoint-config', 'model', 'training-job'].map((kind) =>
    arns.sagemaker(`${kind}/*--*`),
  )
  const keepsKeys = declaration.members.some(isKeptInSecretsManager)
  const all = [
    ...data,
    ...keys,
    ...sagemakerActions.onOwnNames,
    ...sagemakerActions.lists,
    'iam:PassRole',
    ...ownSignIn,
    ...(keepsKeys ? ownKey : []),
    ...Object.values(jobActions).flat(),
  ].toSorted(compare)
  const sources = [declaration.declaredAt]
  const statement = (rest: Sourced['statement']): Sourced => ({ statement: rest, sources })
  const allow = (
    Sid: string,
    Action: readonly string[],
    Resource: string | readonly string[],
    Condition?: Sourced['statement']['Condition'],
  ): Sourced =>
    statement({
      Sid,
      Effect: 'Allow',
      Action: oneOrMany(Action),
      Resource,
      ...(Condition === undefined ? {} : { Condition }),
    })
  return [
    allow('StoresOfTheAccount', data, 'arn:aws:s3:::*', { StringEquals: { 'aws:ResourceAccount': account } }),
    allow('KeysOfTheOrganizationThroughS3', keys, arns.anyKey, {
      StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/ringfence/${organization}/*` },
    }),
    allow('JobsAndEndpoints', sagemakerActions.onOwnNames, jobs),
    allow('ListsOfJobsAndEndpoints', sagemakerActions.lists, '*'),
    allow('PassExecutionRolesToSageMaker', ['iam:PassRole'], oneOrMany(executionRoles(model)), {
      StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    }),
    allow('OwnSignIn', ownSignIn, [user, `arn:aws:iam::${account}:mfa/\${aws:username}`]),
    ...(keepsKeys ? [allow('OwnKey', ownKey, arns.ownSecret)] : []),
    allow('LogsOfJobs', jobActions.logs, `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/*`),
    allow('MetricsAndLoginOfJobs', [...jobActions.metrics, ...jobActions.login], '*'),
    allow('ImagesOfJobs', jobActions.images, 'arn:aws:ecr:*:*:repository/*'),
    statement({ Sid: 'NothingElse', Effect: 'Deny', NotAction: all, Resource: '*' }),
    ...(listsBuckets
      ? [
          statement({
            Sid: 'NoOtherBuckets',
            Effect: 'Deny',
            Action: 's3:*',
            NotResource: oneOrMany(buckets),
          }),
        ]
      : []),
  ]
}

/** By pattern those that ringfence makes, one by one those that exist already. */
export function executionRoles({ arns, declaration, existing }: Model): readonly string[] {
  const existed = [...existing.roles.values()].map((role) => role.arn).toSorted(compare)
  return [arns.role(`${declaration.organization}-*-execution`), ...existed]
}

/** Attached to people: what the boundary leaves them about their own user. */
export function buildOwnSignInPolicy(model: Model): Sourced[] {
  const { account, declaredAt } = model.declaration
  const user = `arn:aws:iam::${account}:user${model.arns.path}\${aws:username}`
  return [
    {
      statement: {
        Sid: 'OwnSignIn',
        Effect: 'Allow',
        Action: ownSignIn,
        Resource: [user, `arn:aws:iam::${account}:mfa/\${aws:username}`],
      },
      sources: [declaredAt],
    },
  ]
}

/** Attached to whoever has a key in Secrets Manager. */
export function buildOwnKeyPolicy(model: Model): Sourced[] {
  const holders = model.declaration.members.filter(isKeptInSecretsManager)
  return [
    {
      statement: { Sid: 'OwnKey', Effect: 'Allow', Action: ownKey, Resource: model.arns.ownSecret },
      sources: holders.map(({ declaredAt }) => declaredAt),
    },
  ]
}
