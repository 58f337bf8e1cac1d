import { bucketPatterns } from './boundary.js'
import { isKeptInSecretsManager, ownKey } from './build-secret.js'
import { externalOf, reservedRolesOf } from './external.js'
import type { Model } from './model.js'
import type { Condition, Sourced } from './statement.js'
import { compare, oneOrMany } from './statement.js'

/**
 * The service control policy: nobody of the account, root included, but the administrators changes what
 * ringfence made, whatever their own policies allow. Only denials; the organization's FullAWSAccess stays
 * attached beside it. Without `listsBuckets` root is not kept from changing bucket policies; everybody else they keep from it
 * themselves.
 */
export function buildGuardrail(model: Model, listsBuckets: boolean): Sourced[] {
  const { arns, declaration, existing } = model
  const { account, region, organization } = declaration
  const administrators = declaration.administrators.map((one) => arns.administrator(one)).toSorted(compare)
  const notAdministrators: Condition = { StringNotEquals: { 'aws:PrincipalArn': oneOrMany(administrators) } }
  const iam = (kind: string): string => `arn:aws:iam::${account}:${kind}${arns.path}*`
  const existed = (kind: 'users' | 'groups' | 'roles'): string[] =>
    [...existing[kind].values()].map((one) => one.arn).toSorted(compare)
  const principals = [
    ...['group', 'policy', 'role', 'user'].map(iam),
    // What exists already has access as well: whoever could change it, or make a key for it, would have it too.
    ...existed('groups'),
    ...existed('roles'),
    ...existed('users'),
  ]
  const providers = externalOf(model).flatMap((one) => (one.purpose === 'signIn' ? [one.arn] : []))
  // AWS itself lets nobody change these; to change them is to change the fence all the same.
  const reserved = reservedRolesOf(model, new Map()).map(({ arn }) => arn)
  const administratorRoles = administrators.filter((arn) => arn.includes(':role/'))
  const deny = (statement: Omit<Sourced['statement'], 'Effect'>): Sourced => ({
    statement: { ...statement, Effect: 'Deny' },
    sources: [declaration.declaredAt],
  })
  return [
    deny({
      Sid: 'PrincipalsAndPolicies',
      // Not a list of changes, so that new ones are covered; reading stays open, and what the next ones say.
      NotAction: [
        'iam:Get*',
        'iam:List*',
        'iam:Generate*',
        'iam:Simulate*',
        'iam:PassRole',
        ...ownChanges,
        'sts:*',
      ],
      Resource: [...principals, ...reserved, ...administrators, ...providers],
      Condition: notAdministrators,
    }),
    deny({
      Sid: 'OwnSignInOnly',
      Action: ownChanges,
      Resource: [iam('user'), ...administrators],
      Condition: {
        ...notAdministrators,
        ArnNotLike: { 'aws:PrincipalArn': arns.anyUser },
      },
    }),
    deny({
      Sid: 'PassAndAssumeRoles',
      Action: ['iam:PassRole', 'sts:AssumeRole'],
      Resource: oneOrMany([iam('role'), ...existed('roles')]),
      Condition: {
        ...notAdministrators,
        ArnNotLike: { 'aws:PrincipalArn': [arns.anyUser, arns.role('*'), ...reserved, ...existed('users')] },
      },
    }),
    ...(administratorRoles.length === 0
      ? []
      : [
          deny({
            Sid: 'PassAdministrators',
            Action: 'iam:PassRole',
            Resource: oneOrMany(administratorRoles),
            Condition: notAdministrators,
          }),
        ]),
    deny({
      Sid: 'AccountAccessBlockAndMembership',
      Action: ['organizations:LeaveOrganization', 's3:PutAccountPublicAccessBlock'],
      Resource: '*',
      Condition: notAdministrators,
    }),
    deny({
      Sid: 'Aliases',
      Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      Resource: `arn:aws:kms:${region}:${account}:alias/ringfence/${organization}/*`,
      Condition: notAdministrators,
    }),
    deny({
      Sid: 'Keys',
      NotAction: ['kms:Decrypt', 'kms:Describe*', 'kms:GenerateDataKey', 'kms:Get*', 'kms:List*'],
      Resource: arns.anyKey,
      Condition: {
        ...notAdministrators,
        'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/ringfence/${organization}/*` },
      },
    }),
    // Root, whom their own policies let change them, and names that somebody could take before they are made.
    ...(declaration.members.some(isKeptInSecretsManager)
      ? [
          deny({
            Sid: 'Secrets',
            NotAction: ownKey,
            Resource: `arn:aws:secretsmanager:${region}:${account}:secret:ringfence/${organization}/*`,
            Condition: notAdministrators,
          }),
        ]
      : []),
    // Root is the one whom a bucket policy cannot keep from changing it.
    ...(listsBuckets
      ? [
          deny({
            Sid: 'BucketPolicies',
            Action: [
              's3:DeleteBucket',
              's3:DeleteBucketPolicy',
              's3:PutBucketPolicy',
              's3:PutBucketPublicAccessBlock',
            ],
            Resource: oneOrMany(bucketPatterns(model)),
            Condition: notAdministrators,
          }),
        ]
      : []),
  ]
}

/**
 * Jobs and endpoints have no policies of their own that could refuse whoever has SageMaker permissions: nobody who is not
 * in the file does anything with what bears a platform's name. Without `listsPlatforms` whatever has a name of the form
 * in which work on platforms is named is theirs. Nothing without platforms.
 */
export function buildWorkGuardrail(model: Model, listsPlatforms: boolean): Sourced[] {
  const { arns, declaration, existing } = model
  const { organization } = declaration
  const platforms = [...model.platforms.keys()]
  if (platforms.length === 0) return []
  const existed = [...existing.users.values(), ...existing.roles.values()].map(({ arn }) => arn)
  const own = [...reservedRolesOf(model, new Map()).map(({ arn }) => arn), ...existed.toSorted(compare)]
  const administrators = declaration.administrators.map((one) => arns.administrator(one)).toSorted(compare)
  const statement = {
    Sid: 'JobsAndEndpoints',
    Effect: 'Deny',
    Action: '*',
    Resource: listsPlatforms
      ? platforms.flatMap((name) => [
          arns.sagemaker(`*/${name}--*`),
          arns.sagemaker(`project/${organization}-${name}`),
        ])
      : [arns.sagemaker('*/*--*--*'), arns.sagemaker(`project/${organization}-*`)],
    Condition: {
      StringNotEquals: { 'aws:PrincipalArn': oneOrMany(administrators) },
      ArnNotLike: { 'aws:PrincipalArn': [arns.anyUser, arns.role('*'), ...own] },
    },
  } as const
  return [{ statement, sources: [declaration.declaredAt] }]
}

/** What people change about their own user; the boundary keeps them from others'. */
const ownChanges = ['iam:ChangePassword', 'iam:EnableMFADevice', 'iam:ResyncMFADevice']
