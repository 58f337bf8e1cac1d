import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'

/** Refuses a roster that gives the name of one person to another one. */
export function refuseTakenName([name]: readonly string[]): void {
  if (name === undefined) return
  throw new CliError(
    'NAME_TAKEN_OVER',
    `${JSON.stringify(name)} is the name of somebody else now, and the IAM user would keep the password, MFA device and keys of the one before`,
    {
      hint: 'give the new person another name, or remove the old one first, deploy that, and then add the new one',
      exitCode: exitCode.usage,
    },
  )
}
