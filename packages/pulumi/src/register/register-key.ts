import { Alias } from '@pulumi/aws/kms/alias.js'
import { Key } from '@pulumi/aws/kms/key.js'
import { KeyPolicy } from '@pulumi/aws/kms/keyPolicy.js'
import type * as pulumi from '@pulumi/pulumi'
import type { Resource } from '@ringfence/plan'
import { outputName } from './registered-plan.js'
import type { Registration } from './registration.js'

export function registerKey(
  planned: Extract<Resource, { type: 'kms.Key' }>,
  registration: Registration,
): void {
  const { id, description, policy, enableKeyRotation, deletionWindowInDays, tags } = planned
  const key = new Key(
    registration.childName(id),
    {
      description,
      policy: JSON.stringify(policy),
      enableKeyRotation,
      deletionWindowInDays,
      tags: { ...tags },
    },
    registration.options(planned),
  )
  registration.keep(id, key)
  registration.outputs.keyArns.set(outputName(id), key.arn)
}

export function registerAlias(
  planned: Extract<Resource, { type: 'kms.Alias' }>,
  registration: Registration,
): void {
  const { id, name, key } = planned
  const targetKeyId = isKeyArn(key) ? key : keyId(key, registration)
  const args = { name, targetKeyId }
  registration.keep(id, new Alias(registration.childName(id), args, registration.options(planned)))
}

/** The policy of a key that existed before; Pulumi leaves the key itself alone. */
export function registerKeyPolicy(
  planned: Extract<Resource, { type: 'kms.KeyPolicy' }>,
  registration: Registration,
): void {
  const { id, key, policy } = planned
  const args = { keyId: key, policy: JSON.stringify(policy) }
  const keyPolicy = new KeyPolicy(registration.childName(id), args, registration.options(planned))
  registration.keep(id, keyPolicy)
  registration.outputs.keyArns.set(outputName(id), keyPolicy.keyId)
}

const isKeyArn = (key: string): boolean => key.startsWith('arn:')

function keyId(id: string, registration: Registration): pulumi.Output<string> {
  const [key] = registration.find(id)
  if (!(key instanceof Key)) throw new Error(`the plan has an alias for ${id}, which is no key`)
  return key.keyId
}
