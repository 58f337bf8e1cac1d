import type { ServiceSignIn } from './declaration.js'
import { describeStrangeCharacter } from './characters.js'
import { resolveProviderArn } from './identity-provider.js'
import type { Path } from './locator.js'
import type { Reporter } from './reporter.js'
import type { MemberValue, OrganizationValue } from './schema.js'
import { show } from './secrets.js'
import { unboundedBecause } from './subject-bounds.js'

/** OpenID Connect Core, section 2: a `sub` has at most 255 ASCII characters. */
const maxSubject = 255
/** Printable ASCII that means itself in a policy: no `${`, which begins a variable. */
const plain = /^(?!.*\$\{)[\x20-\x7E]+$/

/** How a service gets into its own role without a key: by tokens of one issuer, for one audience, of these subjects. */
export function resolveOidc(
  value: OrganizationValue,
  declared: NonNullable<MemberValue['oidc']>,
  path: Path,
  reporter: Reporter,
): ServiceSignIn | undefined {
  const arn = resolveProviderArn('oidc', declared.provider, value, [...path, 'provider'], reporter)
  const audience = plain.test(declared.audience) ? declared.audience : undefined
  if (audience === undefined)
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      [...path, 'audience'],
      `${show(declared.audience)} is no audience`,
      {
        hint: 'Write the client id that the tokens are made for, such as sts.amazonaws.com.',
      },
    )
  const listed = typeof declared.subject !== 'string'
  const texts = typeof declared.subject === 'string' ? [declared.subject] : declared.subject
  const issuer = arn?.slice(arn.indexOf('/') + 1)
  const subjects = texts.filter((subject, index) => {
    const at = listed ? [...path, 'subject', index] : [...path, 'subject']
    return checkSubject(subject, issuer, texts.indexOf(subject) < index, at, reporter)
  })
  if (arn === undefined || audience === undefined || subjects.length < texts.length) return undefined
  return { arn, audience, subjects }
}

function checkSubject(
  subject: string,
  issuer: string | undefined,
  repeated: boolean,
  at: Path,
  reporter: Reporter,
): boolean {
  const wrong = (message: string, hint: string): false => {
    reporter.error('SUBJECT_INVALID', at, message, { hint })
    return false
  }
  if (!plain.test(subject) || subject.length > maxSubject) {
    const strange = describeStrangeCharacter(subject)
    return wrong(
      `${show(subject)} is no subject of a token${strange === undefined ? '' : `; it contains ${strange}`}`,
      `Write the "sub" of the token as it is: up to ${maxSubject} printable ASCII characters, without "\${".`,
    )
  }
  if (repeated) return wrong(`the subject ${show(subject)} is listed twice`, 'Remove one of them.')
  const why = issuer === undefined ? undefined : unboundedBecause(subject, issuer)
  if (why === undefined) return true
  return wrong(
    `the subject ${show(subject)} is not bounded: ${why}`,
    'Write the whole subject, such as repo:acme/trainer:environment:production, or a list of them.',
  )
}
