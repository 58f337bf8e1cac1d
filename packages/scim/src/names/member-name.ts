import { ScimError } from '../scim-error.js'
import { toAscii } from './to-ascii.js'

/** Names of IAM users have at most 64 characters (IAM API reference, CreateUser: UserName). */
const maxLength = 64

/**
 * The member that a user becomes: what stands before the `@` of the `userName`, in lower case, accents dropped, and
 * whatever no user name of IAM has made a `-`. So `Ada.Lovelace@acme.example` becomes `ada.lovelace`.
 */
export function memberNameOf(userName: string): string {
  const at = userName.indexOf('@')
  const local = at > 0 ? userName.slice(0, at) : userName
  const name = toAscii(local, 'userName')
    .replaceAll(/[^a-z0-9_+=,.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  if (name === '')
    throw new ScimError(400, 'invalidValue', 'userName has no letter or digit that a name could be made of')
  if (name === '__proto__')
    throw new ScimError(400, 'invalidValue', 'userName becomes "__proto__", which cannot be a name')
  if (name.length > maxLength)
    throw new ScimError(400, 'invalidValue', `userName is longer than ${maxLength} characters before the @`)
  return name
}
