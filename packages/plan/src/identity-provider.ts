import type { Declaration } from './declaration.js'
import type { Reporter } from './reporter.js'
import type { OrganizationValue } from './schema.js'
import { regionPattern } from './schema.js'
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
  const kinds = [declared.saml, declared.oidc, declared.identityCenter].filter((one) => one !== undefined)
  if (kinds.length !== 1) {
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      path,
      'the identity provider is either "saml", "oidc" or "identityCenter"',
      { atKey: true },
    )
    return undefined
  }
  if (declared.identityCenter !== undefined)
    return resolveIdentityCenter(value, declared.identityCenter, declared.audience, reporter)
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

/** Identity Center API reference, InstanceMetadata: InstanceArn and IdentityStoreId. */
const instancePattern = /^arn:aws:sso:::instance\/(?:sso)?ins-[A-Za-z0-9.-]{16}$/
const identityStorePattern = /^d-[0-9a-f]{10}$/

function resolveIdentityCenter(
  value: OrganizationValue,
  declared: NonNullable<NonNullable<OrganizationValue['identityProvider']>['identityCenter']>,
  audience: string | undefined,
  reporter: Reporter,
): Declaration['identityProvider'] | undefined {
  const { identityStore, instance, provision = false, region = value.region } = declared
  const path = ['identityProvider', 'identityCenter']
  const wrong = (at: readonly string[], message: string, hint: string): void =>
    reporter.error('IDENTITY_PROVIDER_INVALID', at, message, { hint })
  const isRight = [
    instancePattern.test(instance) ||
      wrong(
        [...path, 'instance'],
        `${show(instance)} is not the ARN of an instance of Identity Center`,
        'Write arn:aws:sso:::instance/ssoins-…, as "aws sso-admin list-instances" tells it.',
      ),
    identityStorePattern.test(identityStore) ||
      wrong(
        [...path, 'identityStore'],
        `${show(identityStore)} is not the id of an identity store`,
        'Write d-…, as "aws sso-admin list-instances" tells it.',
      ),
    regionPattern.test(region) ||
      wrong(
        [...path, 'region'],
        `${show(region)} is not a region of the aws partition`,
        'Write the region in which Identity Center was enabled, such as eu-west-1.',
      ),
    audience === undefined ||
      wrong(
        ['identityProvider', 'audience'],
        'Identity Center has no audience of its own',
        'Remove "audience".',
      ),
  ].every((one) => one === true)
  if (!isRight) return undefined
  const declaredAt = reporter.locator.key(['identityProvider'])
  return { kind: 'identityCenter', instance, identityStore, region, provision, declaredAt }
}
