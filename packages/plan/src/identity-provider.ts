import type { Declaration } from './declaration.js'
import type { Reporter } from './reporter.js'
import type { OrganizationValue } from './schema.js'
import { show } from './secrets.js'

const samlAudience = 'https://signin.aws.amazon.com/saml'

/** What may follow `…-provider/` in an ARN; for OIDC the host and path of the issuer. */
const providerNames = {
  saml: /^[A-Za-z0-9_.-]{1,128}$/,
  oidc: /^[A-Za-z0-9.-]+\.[A-Za-z0-9.-]+(\/[A-Za-z0-9._~/-]*)?$/,
} as const

const providerHints = {
  saml: 'Write its name or its ARN.',
  oidc: 'Write the host (and path) of its issuer, or its ARN.',
} as const

/** The ARN of a provider of the account, written as its name or ARN; undefined where it cannot be one. */
export function providerArn(kind: 'saml' | 'oidc', written: string, account: string): string | undefined {
  const start = `arn:aws:iam::${account}:${kind}-provider/`
  const arn = written.startsWith('arn:') ? written : start + written.replace(/^https:\/\//, '')
  return arn.startsWith(start) && providerNames[kind].test(arn.slice(start.length)) ? arn : undefined
}

/** The same, with a report where the text names none. */
export function resolveProviderArn(
  kind: 'saml' | 'oidc',
  written: string,
  { account }: OrganizationValue,
  path: readonly (string | number)[],
  reporter: Reporter,
): string | undefined {
  const arn = providerArn(kind, written, account)
  if (arn === undefined)
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      path,
      `${show(written)} is not ${kind === 'saml' ? 'a SAML' : 'an OIDC'} provider of the account ${account}`,
      { hint: providerHints[kind] },
    )
  return arn
}

/** How people sign in who have no IAM user. */
export function resolveIdentityProvider(
  value: OrganizationValue,
  reporter: Reporter,
): Declaration['identityProvider'] | undefined {
  const declared = value.identityProvider
  if (declared === undefined) return undefined
  const path = ['identityProvider']
  const declaredAt = reporter.locator.key(path)
  if ((declared.saml === undefined) === (declared.oidc === undefined)) {
    reporter.error('IDENTITY_PROVIDER_INVALID', path, 'the identity provider is either "saml" or "oidc"', {
      atKey: true,
    })
    return undefined
  }
  const kind = declared.saml === undefined ? 'oidc' : 'saml'
  const arn = resolveProviderArn(kind, declared.saml ?? declared.oidc ?? '', value, [...path, kind], reporter)
  if (arn === undefined) return undefined
  if (kind === 'oidc' && declared.audience === undefined) {
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      path,
      'an OIDC provider needs an "audience": the client id that tokens are made for',
      { atKey: true },
    )
    return undefined
  }
  if (kind === 'saml' && declared.audience !== undefined && declared.audience !== samlAudience) {
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      [...path, 'audience'],
      `for SAML the audience is always ${samlAudience}`,
      { hint: 'Remove "audience".' },
    )
    return undefined
  }
  return { kind, arn, audience: declared.audience ?? samlAudience, declaredAt }
}
