import { Secret } from '@pulumi/aws/secretsmanager/secret.js'
import { SecretPolicy } from '@pulumi/aws/secretsmanager/secretPolicy.js'
import { SecretVersion } from '@pulumi/aws/secretsmanager/secretVersion.js'
import * as pulumi from '@pulumi/pulumi'
import type {
  Secret as PlannedSecret,
  SecretPolicy as PlannedPolicy,
  SecretVersion as PlannedVersion,
} from '@ringfence/plan'
import { outputName } from './registered-plan.js'
import type { Registration } from './registration.js'

export function registerSecret(planned: PlannedSecret, registration: Registration): void {
  const { id, description, name, recoveryWindowInDays, tags } = planned
  const args = { name, description, recoveryWindowInDays, tags: { ...tags } }
  const secret = new Secret(registration.childName(id), args, registration.options(planned))
  registration.keep(id, secret)
  registration.outputs.keySecretNames.set(outputName(id), secret.name)
}

/** The fence goes with the secret and never before it: whatever is in it is not laid open on the way down. */
export function registerSecretPolicy(planned: PlannedPolicy, registration: Registration): void {
  const { id, policy, secret } = planned
  const holder = secretOf(secret, registration)
  const resource = new SecretPolicy(
    registration.childName(id),
    { secretArn: holder.arn, policy: JSON.stringify(policy), blockPublicPolicy: true },
    { ...registration.options(planned), deletedWith: holder },
  )
  registration.keep(id, resource)
}

/**
 * The key as the output of a `credential_process` (AWS CLI User Guide, "Sourcing credentials with an external
 * process"), so that a client can take it as it is. Pulumi keeps it as a secret. Another key is another version, which
 * Pulumi makes before it lets go of the one before; that one stays in the secret as AWS's previous one.
 */
export function registerSecretVersion(planned: PlannedVersion, registration: Registration): void {
  const { id, accessKey, secret } = planned
  const key = registration.accessKeys.get(accessKey)
  if (key === undefined) throw new Error(`the plan refers to ${accessKey} before it is registered`)
  const holder = secretOf(secret, registration)
  const secretString = pulumi
    .all([key.id, key.secret])
    .apply(([AccessKeyId, SecretAccessKey]) => JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey }))
  const resource = new SecretVersion(
    registration.childName(id),
    { secretId: holder.arn, secretString: pulumi.secret(secretString) },
    { ...registration.options(planned), deletedWith: holder },
  )
  registration.keep(id, resource)
}

function secretOf(id: string, registration: Registration): Secret {
  const [secret] = registration.find(id)
  if (!(secret instanceof Secret)) throw new Error(`${id} is no secret of the plan`)
  return secret
}
