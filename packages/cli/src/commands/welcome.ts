import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { tellFindings } from '../output/diagnostics.js'

export interface WelcomeOptions {
  readonly member: string
  readonly file?: string
  readonly tokenFile: string
  readonly json: boolean
  readonly markdown: boolean
}

/** Adds the arguments, options and action of `welcome`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<member>', 'a member of the file')
    .argument('[file]', 'the declared file; default ringfence.yaml')
    .option(
      '--token-file <path>',
      'where the token of an OIDC provider is, for the profile',
      '/var/run/secrets/aws/token',
    )
    .option('--markdown', 'print Markdown, for a ticket or a page', false)
    .option(
      '--json',
      'print {"formatVersion":1,"member",…,"access":[…],"signIn":[…],"profiles":[…],"config"}',
      false,
    )
    .action(
      async (member: string, file: string | undefined, options: Omit<WelcomeOptions, 'member' | 'file'>) =>
        context.done(
          await runWelcome({ member, ...(file === undefined ? {} : { file }), ...options }, context.io),
        ),
    )
}

/** Tells a joiner what they can reach and how to sign in. Asks nothing of AWS, and has no secret to tell. */
export async function runWelcome(options: WelcomeOptions, io: Io): Promise<ExitCode> {
  const { defaultFile } = await import('../answers/asked-account.js')
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file ?? defaultFile, io)
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { makeWelcome } = await import('../welcome/make-welcome.js')
  const made = await makeWelcome(loaded, options, io)
  if ('problem' in made) {
    const { refuse } = await import('../answers/ask.js')
    return (refuse(made.problem, options, io), exitCode.usage)
  }
  io.stdout.write(await print(made.welcome, options, io))
  return exitCode.ok
}

type Welcome = import('../welcome/welcome.js').Welcome

async function print(welcome: Welcome, options: WelcomeOptions, io: Io): Promise<string> {
  if (options.json) return (await import('../welcome/welcome-json.js')).welcomeJson(welcome)
  if (options.markdown) return (await import('../welcome/welcome-markdown.js')).welcomeMarkdown(welcome)
  const [{ printWelcome }, { colorsOf }] = await Promise.all([
    import('../welcome/print-welcome.js'),
    import('../output/color.js'),
  ])
  return printWelcome(welcome, colorsOf(io.stdout))
}
