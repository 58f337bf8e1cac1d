import { isAgeRecipient } from './age-recipient.js'
import type { Path } from './locator.js'
import { inspectPgpKey } from './pgp-key.js'
import type { KeyRecipient } from './plan.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'

/** What a file or a roster says of how the secret of an access key is handed over. */
interface Handover {
  readonly age?: string | undefined
  readonly pgp?: string | undefined
  readonly deliver?: 'secretsManager' | undefined
}

/** To whom the secret of a declared access key is encrypted; undefined where the file names nobody, or badly. */
export function resolveRecipient(
  { age, deliver, pgp }: Handover,
  path: Path,
  reporter: Reporter,
): KeyRecipient | undefined {
  if (deliver !== undefined && (age ?? pgp) !== undefined) {
    const recipient = age === undefined ? 'pgp' : 'age'
    reporter.error(
      'KEY_DELIVERY_INVALID',
      [...path, 'deliver'],
      `the secret is kept in Secrets Manager or encrypted to "${recipient}", not both`,
      {
        atKey: true,
        hint: `Remove "deliver" or "${recipient}": Secrets Manager keeps what programs can use, and nobody has the private key there.`,
      },
    )
    return undefined
  }
  if (age !== undefined && pgp !== undefined) {
    reporter.error('KEY_RECIPIENT_INVALID', path, 'the secret is encrypted either to "age" or to "pgp"', {
      atKey: true,
      hint: 'Remove one of them.',
    })
    return undefined
  }
  if (age !== undefined) return resolveAge(age, [...path, 'age'], reporter)
  return pgp === undefined ? undefined : resolvePgp(pgp, [...path, 'pgp'], reporter)
}

function resolveAge(age: string, path: Path, reporter: Reporter): KeyRecipient | undefined {
  if (isAgeRecipient(age)) return { kind: 'age', key: age }
  const form = age.startsWith('age1') && age.length === 62
  reporter.error(
    'KEY_RECIPIENT_INVALID',
    path,
    `${show(age)} is not a recipient of age${form ? ': its checksum is wrong' : ''}`,
    { hint: 'Write the public key that "age-keygen" prints: age1 and 58 letters and digits.' },
  )
  return undefined
}

function resolvePgp(pgp: string, path: Path, reporter: Reporter): KeyRecipient | undefined {
  const found = inspectPgpKey(pgp)
  if (found === 'public') return { kind: 'pgp', key: pgp }
  const hint = 'Write what "gpg --export KEY | base64 -w0" prints: one line of base64, without armour.'
  if (found === 'secret') {
    reporter.error('SECRET_IN_FILE', path, 'the OpenPGP key holds secret material', {
      sensitive: true,
      hint: `Remove it, and revoke the key if the file was ever shared. ${hint}`,
    })
    return undefined
  }
  if (found === 'signing') {
    reporter.error(
      'KEY_RECIPIENT_INVALID',
      path,
      'the OpenPGP key can only sign: nothing can be encrypted to it',
      {
        hint: `Export it with its subkey for encryption, or make one ("gpg --quick-add-key"). ${hint}`,
      },
    )
    return undefined
  }
  reporter.error('KEY_RECIPIENT_INVALID', path, `${show(pgp)} is not an OpenPGP public key in base64`, {
    hint,
  })
  return undefined
}
