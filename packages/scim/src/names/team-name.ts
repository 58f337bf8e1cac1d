import { ScimError } from '../scim-error.js'
import { toAscii } from './to-ascii.js'

/** With the name of the organization it becomes part of a group's name in IAM (128 characters). */
const maxLength = 64

/**
 * The team that a group becomes: the `displayName` in lower case, accents dropped, and whatever is no letter or digit
 * made a `-`. So `AWS – Applied Research` becomes `aws-applied-research`,
 * `42 Crew` `team-42-crew`.
 */
export function teamNameOf(displayName: string): string {
  const bare = toAscii(displayName, 'displayName')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  // Names of teams begin with a letter.
  const name = /^[0-9]/.test(bare) ? `team-${bare}` : bare
  if (name === '')
    throw new ScimError(
      400,
      'invalidValue',
      'displayName has no letter or digit that a name could be made of',
    )
  if (name.length > maxLength)
    throw new ScimError(
      400,
      'invalidValue',
      `displayName becomes a team's name of more than ${maxLength} characters`,
    )
  return name
}
