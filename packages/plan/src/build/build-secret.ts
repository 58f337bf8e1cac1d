import type { Member } from '../declaration.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import type { Sourced } from './statement.js'
import { compare } from './statement.js'

/** What a member does to fetch the key that is kept for them. */
export const ownKey = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']

/** Whether a member has a key that is kept in Secrets Manager. */
export function isKeptInSecretsManager({ keys, signIn }: Member): boolean {
  return keys?.deliver === 'secretsManager' && keys.ended !== true && signIn === 'user'
}

/**
 * The secret that keeps the key of a member, with its fence; returns its name. AWS encrypts it under the key that it
 * manages for Secrets Manager: a key of its own would let in nobody less, since the fence denies before any key is
 * asked, and another account is kept out by both.
 */
export function buildSecret(member: Member, model: Model, writer: PlanWriter): string {
  const { arns, declaration } = model
  const { declaredAt, name } = member
  const id = `member/${name}/secret`
  const secretName = arns.secretName(name)
  const arn = arns.secret(name)
  if (!/^[A-Za-z0-9/_+=.@-]+$/.test(secretName))
    writer.problem(
      'error',
      'KEY_DELIVERY_INVALID',
      `the key of "${name}" would be kept as "${secretName}", which Secrets Manager does not take for a name`,
      'Remove "deliver", or rename the member: letters, digits and _ + = . @ - can be in the name of a secret.',
      declaredAt,
    )
  writer.add({
    type: 'secretsmanager.Secret',
    id,
    dependsOn: [],
    declaredAt,
    name: secretName,
    arn,
    description: `Access key of ${name}`,
    recoveryWindowInDays: 0,
    tags: { 'ringfence:organization': declaration.organization, 'ringfence:member': member.kind },
  })
  writer.add({
    type: 'secretsmanager.SecretPolicy',
    id: `${id}-policy`,
    dependsOn: [id],
    declaredAt,
    secret: id,
    policy: writer.document(arn, buildSecretFence(member, model)),
  })
  return secretName
}

/** What the secret says: the latest key. The one before stays in it as AWS's previous version. */
export function buildSecretVersion(
  { declaredAt, name }: Member,
  accessKey: string,
  writer: PlanWriter,
): void {
  const secret = `member/${name}/secret`
  writer.add({
    type: 'secretsmanager.SecretVersion',
    id: `${secret}-version`,
    // Behind the fence: no value is ever without it.
    dependsOn: [`${secret}-policy`, accessKey],
    declaredAt,
    secret,
    accessKey,
  })
}

/**
 * Only denials, as for a bucket: the member's own policy allows, and a policy that somebody attaches by hand widens
 * nothing. Administrators read it too: whoever deploys has the key in the state of the stack, and Pulumi's provider
 * reads back what it wrote. Root may change and delete it, but not read: without that, a secret whose administrators
 * are gone could never be deleted.
 */
function buildSecretFence({ declaredAt, name }: Member, { arns, declaration }: Model): Sourced[] {
  const administrators = declaration.administrators.map((one) => arns.administrator(one))
  const deny = (sid: string, spared: readonly string[], rest: object): Sourced => ({
    statement: {
      Sid: sid,
      Effect: 'Deny',
      Principal: '*',
      ...rest,
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalArn': spared.toSorted(compare) } },
    },
    sources: [declaredAt],
  })
  return [
    deny('MemberAndAdministratorsRead', [arns.user(name), ...administrators], {
      Action: 'secretsmanager:GetSecretValue',
    }),
    deny('MemberSees', [arns.user(name), arns.root, ...administrators], {
      Action: 'secretsmanager:DescribeSecret',
    }),
    deny('ChangedByAdministratorsOnly', [arns.root, ...administrators], { NotAction: ownKey }),
  ]
}
