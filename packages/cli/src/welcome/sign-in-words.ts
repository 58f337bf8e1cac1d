import { printable } from '../output/printable.js'
import type { Profile } from './profiles.js'
import type { SignIn } from './sign-in.js'

/** How to sign in, for the one who is to do it: a sentence or two, and commands for a terminal. */
export interface SignInWords {
  readonly text: string
  readonly commands: readonly string[]
}

export function signInWords(signIn: SignIn, profiles: readonly Profile[]): SignInWords {
  switch (signIn.way) {
    case 'console':
      return {
        text: `In the browser at ${signIn.url}, as the user ${printable(signIn.userName)}, with the password that an administrator gives you. Change it, and add an MFA device, at once.`,
        commands: [],
      }
    case 'key':
      return keyWords(signIn, profiles[0]?.name ?? '')
    case 'saml':
      return {
        text: `By your identity provider (${lastPart(signIn.provider)}): choose AWS there, and the role ${lastPart(signIn.roleArn)}. The AWS CLI does not speak SAML by itself: a tool of the provider, such as saml2aws, puts a session of the role ${signIn.roleArn} into the profile.`,
        commands: [],
      }
    case 'identityCenter':
      return {
        text: `By IAM Identity Center at ${signIn.startUrl}: choose the account there, and ${printable(signIn.permissionSet)}. Clients sign in for some hours by the browser. If your organization has given the portal another address, put that into the profile.`,
        commands: [`aws sso login --profile ${profileOf(signIn, profiles)}`],
      }
    case 'oidc':
      return {
        text: `With a token of ${issuerOf(signIn.provider)} for the audience ${printable(signIn.audience)}${subjectWords(signIn.subjects)}, in the file that the profile names: clients trade it for a session of the role ${lastPart(signIn.roleArn)} by themselves.`,
        commands: [],
      }
  }
}

function keyWords(signIn: Extract<SignIn, { way: 'key' }>, profile: string): SignInWords {
  const end = `It ends at ${signIn.until}.`
  const configure = `aws configure --profile ${profile}`
  switch (signIn.handedOver) {
    case 'byAdministrator':
      return {
        text: `With an access key that an administrator hands you on a safe way, and which you put beside the profile. ${end}`,
        commands: [configure],
      }
    case 'age':
      return {
        text: `With an access key that an administrator sends you encrypted to your key of age, and which you put beside the profile. ${end}`,
        commands: ['age --decrypt --identity KEY-FILE RECEIVED-FILE', configure],
      }
    case 'pgp':
      return {
        text: `With an access key that an administrator sends you encrypted to your OpenPGP key, and which you put beside the profile. ${end}`,
        commands: ['base64 --decode RECEIVED-FILE | gpg --decrypt', configure],
      }
    case 'secretsManager':
      return {
        text: `With an access key in Secrets Manager. An administrator hands you the first one, which you put beside the profile; once it is rotated, it fetches the next one. ${end}`,
        commands: [
          configure,
          `aws secretsmanager get-secret-value --profile ${profile} --secret-id ${printable(signIn.secret ?? '')} --query SecretString --output text`,
        ],
      }
  }
}

/** The profile that uses the permission set. */
function profileOf(
  { permissionSet }: Extract<SignIn, { way: 'identityCenter' }>,
  profiles: readonly Profile[],
): string {
  const uses = ({ settings }: Profile): boolean =>
    settings.some(([name, value]) => name === 'sso_role_name' && value === permissionSet)
  return profiles.find(uses)?.name ?? ''
}

function subjectWords(subjects: readonly string[] | undefined): string {
  return subjects === undefined ? '' : ` and the subject ${subjects.map(printable).join(' or ')}`
}

function lastPart(arn: string): string {
  return printable(arn.slice(arn.lastIndexOf('/') + 1))
}

function issuerOf(provider: string): string {
  return printable(provider.slice(provider.indexOf('/') + 1))
}
