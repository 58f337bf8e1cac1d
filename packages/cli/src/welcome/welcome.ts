import type { Access, Account } from '@ringfence/check'
import type { Declaration, Member } from '@ringfence/plan'
import type { Profile } from './profiles.js'
import type { SignIn } from './sign-in.js'

/** All that a joiner has to know, and nothing that has to be kept secret. */
export interface Welcome {
  readonly declaration: Declaration
  readonly member: Member
  readonly account: Account
  /** How answers call the member. */
  readonly called: string
  readonly access: readonly Access[]
  readonly signIns: readonly SignIn[]
  readonly profiles: readonly Profile[]
}

/** Where the account is, and when all access ends. */
export function aboutAccount({ declaration, member }: Welcome): string {
  const { account, region } = declaration
  const end = member.until === undefined ? '' : ` All access ends at ${member.until}.`
  return `AWS account ${account}, region ${region}.${end}`
}

export const noWayIn = 'There is no way in yet: the member is in no team that has a role.'
export const noProfile = 'None is needed: there is no way in for clients, only for the browser.'
