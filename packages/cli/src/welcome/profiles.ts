import type { Declaration, Member } from '@ringfence/plan'
import type { SignIn } from './sign-in.js'

/** A section of `~/.aws/config`. */
export interface Profile {
  readonly name: string
  /** A session of Identity Center, to which profiles refer; absent: a profile. */
  readonly section?: 'sso-session'
  readonly settings: readonly (readonly [name: string, value: string])[]
}

/**
 * A profile for each way that a client of AWS can take (AWS CLI User Guide, "Configuration and credential file
 * settings"). A key is put beside it by `aws configure`, and a session by the tool of the identity provider: neither
 * is ever in a profile from here.
 */
export function profilesOf(
  { account, organization, region }: Declaration,
  { name }: Member,
  signIns: readonly SignIn[],
  tokenFile: string,
): readonly Profile[] {
  const own = profileName(`${organization}-${name}`)
  const profiles = signIns.flatMap((signIn): readonly Profile[] => {
    switch (signIn.way) {
      case 'console':
        return []
      case 'key':
        return [{ name: own, settings: [['region', region]] }]
      case 'saml':
        return [{ name: profileName(`${organization}-${signIn.team}`), settings: [['region', region]] }]
      case 'identityCenter':
        return [
          {
            name: profileName(`${organization}-${signIn.team}`),
            settings: [
              ['region', region],
              ['sso_session', organization],
              ['sso_account_id', account],
              ['sso_role_name', signIn.permissionSet],
            ],
          },
        ]
      case 'oidc':
        return [
          {
            name: signIn.team === undefined ? own : profileName(`${organization}-${signIn.team}`),
            settings: [
              ['region', region],
              ['role_arn', signIn.roleArn],
              ['role_session_name', name.length < 2 ? `${organization}-${name}` : name],
              ['web_identity_token_file', tokenFile],
            ],
          },
        ]
    }
  })
  return [...sessionsOf(organization, signIns), ...profiles]
}

/** The session that all profiles of Identity Center share. */
function sessionsOf(organization: string, signIns: readonly SignIn[]): readonly Profile[] {
  const center = signIns.find(({ way }) => way === 'identityCenter')
  if (center?.way !== 'identityCenter') return []
  return [
    {
      name: organization,
      section: 'sso-session',
      settings: [
        ['sso_start_url', center.startUrl],
        ['sso_region', center.region],
        ['sso_registration_scopes', 'sso:account:access'],
      ],
    },
  ]
}

/** Characters that every client's reader of the file takes. */
function profileName(text: string): string {
  return text.replace(/[^A-Za-z0-9_.@+-]/g, '-')
}

/** The text of the file, ending in a line break. */
export function printProfiles(profiles: readonly Profile[]): string {
  return profiles
    .map(
      ({ name, section = 'profile', settings }) =>
        `[${section} ${name}]\n${settings.map(([key, value]) => `${key} = ${value}\n`).join('')}`,
    )
    .join('\n')
}
