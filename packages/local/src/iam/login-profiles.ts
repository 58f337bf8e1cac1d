import { AwsError } from '../aws-error.js'
import { alreadyExists, noSuchEntity } from './errors.js'
import type { IamOperations } from './operation.js'
import { getUser, namedOrCalling, putUser, required } from './operation.js'
import type { UserRecord } from './records.js'

/** Passwords are checked for AWS's default rules and then forgotten: there is no console to sign in to. */
export const loginProfileOperations = {
  CreateLoginProfile(input, call, { tables, write }) {
    const name = namedOrCalling(input.UserName, call)
    checkPassword(required(input.Password, 'password'))
    return write(() => {
      const user = getUser(tables, call.caller.account, name)
      if (user.loginProfile !== undefined) {
        throw alreadyExists(`Login Profile for user ${user.name} already exists.`)
      }
      const profile = { createdMs: call.timeMs, resetRequired: input.PasswordResetRequired ?? false }
      putUser(tables, { ...user, loginProfile: profile })
      return { LoginProfile: describeProfile({ ...user, loginProfile: profile }) }
    })
  },

  GetLoginProfile(input, call, { tables }) {
    const user = getUser(tables, call.caller.account, namedOrCalling(input.UserName, call))
    return { LoginProfile: describeProfile(user) }
  },

  UpdateLoginProfile(input, call, { tables, write }) {
    if (input.Password !== undefined) checkPassword(input.Password)
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      const profile = user.loginProfile
      if (profile === undefined) throw noProfile(user.name)
      const resetRequired = input.PasswordResetRequired ?? profile.resetRequired
      putUser(tables, { ...user, loginProfile: { ...profile, resetRequired } })
      return {}
    })
  },

  DeleteLoginProfile(input, call, { tables, write }) {
    return write(() => {
      const user = getUser(tables, call.caller.account, namedOrCalling(input.UserName, call))
      const { loginProfile, ...rest } = user
      if (loginProfile === undefined) throw noProfile(user.name)
      putUser(tables, rest)
      return {}
    })
  },
} satisfies IamOperations

function describeProfile(user: UserRecord) {
  const profile = user.loginProfile
  if (profile === undefined) throw noProfile(user.name)
  return {
    UserName: user.name,
    CreateDate: new Date(profile.createdMs),
    PasswordResetRequired: profile.resetRequired,
  }
}

/** AWS's default: 8 to 128 characters of three kinds (IAM User Guide, "Default password policy"). */
function checkPassword(password: string): void {
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length
  if (password.length >= 8 && password.length <= 128 && kinds >= 3) return
  throw new AwsError(
    'PasswordPolicyViolation',
    'Password should have 8 to 128 characters of at least three of: upper case, lower case, numbers, symbols.',
    400,
  )
}

function noProfile(name: string): AwsError {
  return noSuchEntity(`Login Profile for User ${name} cannot be found.`)
}
