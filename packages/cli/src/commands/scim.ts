import type { StoredToken, Tokens } from '@ringfence/scim'
import { Argument, type Command, InvalidArgumentError } from 'commander'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { existingScimFolder, scimDataOption, scimFolder } from '../scim/data-folder.js'
import { instant } from '../scim/log-line.js'

export interface ScimOptions {
  readonly action: 'create' | 'list' | 'revoke'
  readonly file: string
  readonly name?: string
  readonly days?: number
  readonly scimData?: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `scim`. */
export function register(command: Command, context: CommandContext): void {
  command
    .addArgument(new Argument('<what>', 'what it is about').choices(['token']))
    .addArgument(new Argument('<action>', 'what is done').choices(['create', 'list', 'revoke']))
    .argument('<file>', 'the declared file that the directory belongs to')
    .option(
      '--name <name>',
      'the name of the token, by which the journal tells who changed something',
      tokenName,
    )
    .option('--days <number>', 'after how many days a new token ends (default: never)', days)
    .option(...scimDataOption)
    .option('--json', 'print as JSON', false)
    .action(
      async (
        _what: string,
        action: ScimOptions['action'],
        file: string,
        options: Omit<ScimOptions, 'file' | 'action'>,
      ) => {
        context.done(await runScim({ action, file, ...options }, context.io))
      },
    )
}

/** Makes, lists and revokes the tokens of a directory; a server that runs takes note at once. */
export async function runScim(options: ScimOptions, io: Io): Promise<ExitCode> {
  const { openDirectory } = await import('@ringfence/scim')
  const name = options.action === 'list' ? '' : requireName(options.name)
  // A token that is looked for in a folder that is not there is not ended, but looked for in the wrong one.
  const folder = options.action === 'create' ? scimFolder(options, io) : existingScimFolder(options, io)
  const directory = openDirectory(folder)
  try {
    const { tokens } = directory
    switch (options.action) {
      case 'create':
        io.stdout.write(create(tokens, name, options, io))
        break
      case 'list':
        io.stdout.write(printTokens(tokens.list(), options, io))
        if (tokens.list().length === 0 && !options.json) io.stderr.write('there are no tokens\n')
        break
      case 'revoke':
        revoke(tokens, name)
        io.stderr.write(`the token ${name} is refused from now on\n`)
        break
    }
  } finally {
    await directory.close()
  }
  return exitCode.ok
}

const dayMs = 24 * 60 * 60 * 1000

function create(tokens: Tokens, name: string, { days: given, json }: ScimOptions, io: Io): string {
  const nowMs = io.nowMs()
  const endsMs = given === undefined ? undefined : nowMs + given * dayMs
  const token = tokens.create(name, nowMs, endsMs)
  if (token === undefined) {
    throw new CliError('SCIM_TOKEN_EXISTS', `there is a token called ${name} already`, {
      hint: 'take another name for the new one, and revoke the old one once the provider uses the new one',
      exitCode: exitCode.usage,
    })
  }
  const ends = endsMs === undefined ? {} : { ends: instant(endsMs) }
  return json ? `${JSON.stringify({ formatVersion: 1, name, token, ...ends })}\n` : `${token}\n`
}

function revoke(tokens: Tokens, name: string): void {
  if (tokens.revoke(name)) return
  const known = tokens.list().map((token) => token.name)
  throw new CliError('SCIM_TOKEN_UNKNOWN', `there is no token called ${name}`, {
    hint: known.length === 0 ? 'there are no tokens' : `there are ${known.join(', ')}`,
    exitCode: exitCode.usage,
  })
}

function printTokens(tokens: readonly StoredToken[], { json }: ScimOptions, io: Io): string {
  const described = tokens.map(({ name, createdMs, endsMs, usedMs }) => ({
    name,
    created: instant(createdMs),
    ...(endsMs === undefined ? {} : { ends: instant(endsMs) }),
    ...(usedMs === undefined ? {} : { lastUsed: instant(usedMs) }),
    hasEnded: endsMs !== undefined && io.nowMs() >= endsMs,
  }))
  if (json) return `${JSON.stringify({ formatVersion: 1, tokens: described })}\n`
  return described
    .map(({ name, created, ends, lastUsed, hasEnded }) => {
      const end = ends === undefined ? 'no end' : `${hasEnded ? 'ended' : 'ends'} ${ends}`
      return `${name}  created ${created}, ${end}, ${lastUsed === undefined ? 'never used' : `last used ${lastUsed}`}\n`
    })
    .join('')
}

function requireName(name: string | undefined): string {
  if (name !== undefined) return name
  throw new CliError('SCIM_TOKEN_UNKNOWN', 'which token is meant is not said', {
    hint: 'name it with --name',
    exitCode: exitCode.usage,
  })
}

function tokenName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(text)) return text
  throw new InvalidArgumentError('A token has a name of letters, digits, ".", "_" and "-".')
}

function days(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Days are a whole number from 1 to 9999.')
}
