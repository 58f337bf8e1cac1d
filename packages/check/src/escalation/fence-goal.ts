import type { Account } from '../account/account.js'
import { needsOf } from './attempt.js'
import type { Achievement, Goal } from './goal.js'
import type { Request } from './offer.js'

/** Changes of something, and what they are made to. */
interface Fenced {
  readonly actions: readonly string[]
  /** All of a kind at once; asked about first. */
  readonly any: string
  /** Each. */
  readonly each: readonly { readonly arn: string; readonly keys: Request['keys'] }[]
}

const ofBuckets = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
]
const ofKeys = ['kms:CreateGrant', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']
const ofPolicies = ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion']
const ofGroups = [
  'AddUserToGroup',
  'AttachGroupPolicy',
  'DeleteGroup',
  'DeleteGroupPolicy',
  'DetachGroupPolicy',
  'PutGroupPolicy',
  'RemoveUserFromGroup',
  'UpdateGroup',
]
const ofPrincipals = (kind: 'User' | 'Role'): readonly string[] => [
  `Attach${kind}Policy`,
  `Delete${kind}`,
  `Delete${kind}PermissionsBoundary`,
  `Delete${kind}Policy`,
  `Detach${kind}Policy`,
  `Put${kind}PermissionsBoundary`,
  `Put${kind}Policy`,
  `Tag${kind}`,
  `Untag${kind}`,
]
const ofUsers = [
  ...ofPrincipals('User'),
  'CreateAccessKey',
  'CreateLoginProfile',
  'UpdateLoginProfile',
  'UpdateUser',
]
const ofRoles = [...ofPrincipals('Role'), 'UpdateAssumeRolePolicy']
const ofOrganization = ['DeletePolicy', 'DetachPolicy', 'LeaveOrganization', 'UpdatePolicy'].map(
  (name) => `organizations:${name}`,
)

/**
 * Everything that keeps data of an account in, of what a declared file asked for: policies and settings of buckets,
 * policies of keys, the account's access block, users, roles, groups and policies, and the service control policy.
 */
export function changesOfTheFence(account: Account): Goal {
  const fenced = fencedOf(account)
  return {
    name: 'can change the fence',
    actions: [...new Set(fenced.flatMap(({ actions }) => actions))],
    reachedBy: (principal, subjects, oracle, unknown) => {
      const found: Achievement[] = []
      for (const { actions, any, each: all } of fenced)
        for (const action of actions) {
          const answers = (resource: string, keys: Request['keys']) =>
            subjects.map((subject) => oracle.can(subject, action, resource, keys))
          if (answers(any, {}).every(({ answer }) => answer === 'no')) continue
          for (const { arn, keys } of all) {
            const about = answers(arn, keys)
            for (const answer of about)
              if (answer.answer === 'unknown') unknown(principal.arn, `${action} on ${arn}: ${answer.reason}`)
            const yes = about.filter((one) => one.answer === 'yes')
            if (yes.length === 0) continue
            const [needs = []] = yes.map(needsOf).toSorted((one, other) => one.length - other.length)
            found.push({ what: arn, on: arn, request: { action, resource: arn, keys }, needs })
            // One of them shows it.
            break
          }
        }
      return found
    },
  }
}

function prefixed(names: readonly string[]): readonly string[] {
  return names.map((name) => `iam:${name}`)
}

function each(ones: readonly { readonly arn: string }[]): Fenced['each'] {
  return ones.map(({ arn }) => ({ arn, keys: {} }))
}

function isDeclared({ declared }: { readonly declared?: string }): boolean {
  return declared !== undefined
}

function fencedOf(account: Account): readonly Fenced[] {
  const { partition, account: id } = account
  const iam = (kind: string): string => `arn:${partition}:iam::${id}:${kind}/*`
  const resources = (kind: 'bucket' | 'key'): Fenced['each'] =>
    account.resources.flatMap((one) => (one.kind === kind ? [{ arn: one.arn, keys: one.keys ?? {} }] : []))
  const all: readonly Fenced[] = [
    { actions: ofBuckets, any: `arn:${partition}:s3:::*`, each: resources('bucket') },
    { actions: ofKeys, any: `arn:${partition}:kms:*:${id}:key/*`, each: resources('key') },
    { actions: ['s3:PutAccountPublicAccessBlock'], any: '*', each: each([{ arn: '*' }]) },
    { actions: prefixed(ofUsers), any: iam('user'), each: each(account.users.filter(isDeclared)) },
    { actions: prefixed(ofRoles), any: iam('role'), each: each(account.roles.filter(isDeclared)) },
    { actions: prefixed(ofGroups), any: iam('group'), each: each(account.groups) },
    {
      actions: prefixed(ofPolicies),
      any: iam('policy'),
      each: each(account.managedPolicies.filter(({ isAwsManaged }) => !isAwsManaged)),
    },
    {
      actions: account.serviceControlPolicies === undefined ? [] : ofOrganization,
      any: '*',
      each: each([{ arn: '*' }]),
    },
  ]
  return all.filter((one) => one.actions.length > 0 && one.each.length > 0)
}
