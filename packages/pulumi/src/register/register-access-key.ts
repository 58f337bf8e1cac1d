import { AccessKey } from '@pulumi/aws/iam/accessKey.js'
import * as pulumi from '@pulumi/pulumi'
import type { IamAccessKey as PlannedKey, KeyRecipient } from '@ringfence/plan'
import { encryptTo } from './age.js'
import { outputName } from './registered-plan.js'
import type { Registration } from './registration.js'

/**
 * An access key, its secret for whom the file says: the member's PGP or age key, or else a secret output. The
 * plain secret is a Pulumi secret in every case; with PGP it never reaches the state.
 */
export function registerAccessKey(planned: PlannedKey, registration: Registration): void {
  const { id, user, generation = 1, status = 'active' } = planned
  const { outputs } = registration
  const name =
    registration.newestKeys.get(user) === generation ? outputName(id) : `${outputName(id)}/${generation}`
  const { encryptTo: recipient, secret } = planned
  const encrypt = recipient?.kind === 'age' ? encryptTo(recipient.key, user) : undefined
  const key = new AccessKey(
    registration.childName(id),
    {
      user,
      ...(recipient?.kind === 'pgp' ? { pgpKey: recipient.key } : {}),
      ...(status === 'active' ? {} : { status: 'Inactive' }),
    },
    {
      ...registration.options(planned),
      additionalSecretOutputs: ['secret', 'sesSmtpPasswordV4'],
      // Encrypted with PGP to somebody else a key is another one. AWS makes no third, and there may be two already: of a
      // rotation, or what an update that was killed has replaced and not deleted.
      deleteBeforeReplace: true,
    },
  )
  registration.keep(id, key)
  registration.accessKeys.set(id, key)
  outputs.accessKeyIds.set(name, key.id)
  // Secrets Manager hands it over, and nothing else.
  if (secret !== undefined) return
  if (recipient === undefined) outputs.secretAccessKeys.set(name, pulumi.secret(key.secret))
  else if (encrypt === undefined) outputs.encryptedSecretAccessKeys.set(name, key.encryptedSecret)
  else outputs.encryptedSecretAccessKeys.set(name, keptCiphertext(id, key, recipient, encrypt, registration))
}

/**
 * Every encryption with age gives another text, so the first one is kept in the state: later ones are ignored
 * until the key or its recipient is another.
 */
function keptCiphertext(
  id: string,
  key: AccessKey,
  recipient: KeyRecipient,
  encrypt: (secret: string) => Promise<string>,
  registration: Registration,
): pulumi.Output<string> {
  const stash = new pulumi.Stash(
    `${registration.childName(id)}/encrypted-secret`,
    // What only the recipient can read is no secret.
    { input: pulumi.unsecret(key.secret.apply(encrypt)) },
    {
      parent: key,
      ignoreChanges: ['input'],
      replacementTrigger: pulumi.all([key.id, recipient.key]),
    },
  )
  registration.keep(id, stash)
  return stash.output.apply(String)
}
