import { linesOf } from '@ringfence/check'
import { joinAnswers } from '../answers/print-answers.js'
import { escaped } from '../changes/markdown.js'
import pico from 'picocolors'
import { printProfiles } from './profiles.js'
import { signInWords } from './sign-in-words.js'
import { aboutAccount, noProfile, noWayIn, type Welcome } from './welcome.js'

/** For a ticket or a page: what people can reach is a table, and commands and profiles are code. */
export function welcomeMarkdown(welcome: Welcome): string {
  const { access, account, declaration, member, profiles, signIns } = welcome
  const lines = linesOf(account)
  const plain = pico.createColors(false)
  const rows = access.map(({ answer, can, on }) => {
    const { text } = joinAnswers([answer], lines, plain)
    const when = text.map((line) => line.replace(/^yes  /, '')).join('; ')
    return `| ${[on, can, when].map(escaped).join(' | ')} |\n`
  })
  const reach =
    rows.length === 0 ? 'Nothing yet.\n' : `| On  | You can | When |\n| --- | --- | --- |\n${rows.join('')}`
  const ways = signIns.map((signIn) => {
    const { commands, text } = signInWords(signIn, profiles)
    return `${escaped(text)}\n${commands.length === 0 ? '' : `\n${fenced('shell', `${commands.join('\n')}\n`)}`}`
  })
  return [
    `# Welcome to ${escaped(declaration.organization)}, ${escaped(member.name)}\n\n${aboutAccount(welcome)}\n`,
    `## What you can reach\n\n${reach}`,
    `## How to sign in\n\n${ways.length === 0 ? `${noWayIn}\n` : ways.join('\n')}`,
    `## For \`~/.aws/config\`\n\n${profiles.length === 0 ? `${noProfile}\n` : fenced('ini', printProfiles(profiles))}`,
  ].join('\n')
}

/** Nothing in it has backticks: names, ARNs and paths that the file's own rules let through have none. */
function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\`\`\`\n`
}
