import { printAccess } from '../answers/print-answers.js'
import type { Colors } from '../output/color.js'
import { printable } from '../output/printable.js'
import { printProfiles } from './profiles.js'
import { signInWords } from './sign-in-words.js'
import { aboutAccount, noProfile, noWayIn, type Welcome } from './welcome.js'

/** For a terminal, or as the text of a message. */
export function printWelcome(welcome: Welcome, colors: Colors): string {
  const { access, account, called, declaration, member, profiles, signIns } = welcome
  const ways = signIns.map((signIn) => {
    const { commands, text } = signInWords(signIn, profiles)
    return [text, ...commands.map((command) => `  ${command}`)].join('\n')
  })
  return [
    `${colors.bold(`Welcome to ${printable(declaration.organization)}, ${printable(member.name)}`)}\n${aboutAccount(welcome)}\n`,
    printAccess(called, access, account, colors),
    `${colors.bold('How to sign in')}\n\n${ways.length === 0 ? noWayIn : ways.join('\n\n')}\n`,
    `${colors.bold('For ~/.aws/config')}\n\n${profiles.length === 0 ? `${noProfile}\n` : printProfiles(profiles)}`,
  ].join('\n')
}
