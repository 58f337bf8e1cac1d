import * as pulumi from '@pulumi/pulumi'
import { Encrypter, armor } from 'age-encryption'

/**
 * Encrypts texts to an age recipient (`age1…`), armored. A recipient that is none is refused at once, before a
 * key exists whose secret nobody could read.
 */
export function encryptTo(recipient: string, user: string): (text: string) => Promise<string> {
  const encrypter = new Encrypter()
  try {
    encrypter.addRecipient(recipient)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new pulumi.RunError(
      `The access key of "${user}" cannot be encrypted to "${recipient}": ${why}.\n` +
        'Try: write the public key that "age-keygen" printed; it starts with "age1".',
    )
  }
  return async (text) => armor.encode(await encrypter.encrypt(text))
}
