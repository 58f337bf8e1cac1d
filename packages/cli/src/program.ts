import { Command, type Option } from 'commander'
import type { CommandContext, CommandModule } from './command.js'
import { version } from './version.js'

/** A command by name; its module, and with it all that is heavy, is loaded only when it is asked for. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a commented file to start from',
    load: () => import('./commands/init.js'),
  },
  {
    name: 'plan',
    summary: 'show the AWS resources and policies that a declared file becomes',
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'check',
    summary: 'prove what a declared file promises, for all requests of everybody there can be',
    load: () => import('./commands/check.js'),
  },
  {
    name: 'fmt',
    summary: 'write relative ends (for: 30d) of a declared file as instants, and change nothing else',
    load: () => import('./commands/fmt.js'),
  },
  {
    name: 'grant',
    summary: 'add a grant to a declared file, and show who gains what',
    load: () => import('./commands/grant.js'),
  },
  {
    name: 'revoke',
    summary: 'take a grant, or a part of it, out of a declared file, and show who loses what',
    load: () => import('./commands/revoke.js'),
  },
  {
    name: 'extend',
    summary: 'set the end of a member, key, team or grant in a declared file',
    load: () => import('./commands/extend.js'),
  },
  {
    name: 'expiring',
    summary: 'list the members, keys, teams and grants that end soon',
    load: () => import('./commands/expiring.js'),
  },
  {
    name: 'roster',
    summary: 'show what a roster changes: who joins, moves and leaves, with their access; import one',
    load: () => import('./commands/roster.js'),
  },
  {
    name: 'export',
    summary: 'print the plan for CloudFormation or Terraform',
    load: () => import('./commands/export.js'),
  },
  {
    name: 'rehearse',
    summary: 'try a declared file out on a local AWS, as every member, and compare with what it declares',
    load: () => import('./commands/rehearse.js'),
  },
  {
    name: 'preview',
    summary: 'show who would gain and lose what, and which resources would change, on AWS',
    load: () => import('./commands/preview.js'),
  },
  {
    name: 'up',
    summary: 'bring AWS to what a declared file says, by Pulumi',
    load: () => import('./commands/up.js'),
  },
  {
    name: 'refresh',
    summary: 'show and note what was changed on AWS by other means',
    load: () => import('./commands/refresh.js'),
  },
  {
    name: 'offboard',
    summary: 'end all access of a member now: keys first, then everything, and the live sessions',
    load: () => import('./commands/offboard.js'),
  },
  {
    name: 'drift',
    summary: 'compare file, stack and account: name what nobody declared and what is missing, and mend it',
    load: () => import('./commands/drift.js'),
  },
  {
    name: 'destroy',
    summary: 'take everything of a stack down again',
    load: () => import('./commands/destroy.js'),
  },
  {
    name: 'outputs',
    summary: 'print what a stack gives out: names, ARNs, ids of keys',
    load: () => import('./commands/outputs.js'),
  },
  {
    name: 'keys',
    summary: 'list, rotate, revoke and hand out long-lived access keys',
    load: () => import('./commands/keys.js'),
  },
  {
    name: 'serve',
    summary: 'take members and groups from an identity provider by SCIM, and bring a stack to them',
    load: () => import('./commands/serve.js'),
  },
  {
    name: 'scim',
    summary: 'make, list and revoke the tokens of identity providers',
    load: () => import('./commands/scim.js'),
  },
  {
    name: 'status',
    summary: 'show what SCIM has brought, and how far it has taken effect',
    load: () => import('./commands/status.js'),
  },
  {
    name: 'doctor',
    summary: 'check what deploying needs: Pulumi, its plugin and backend, credentials, the clock',
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'simulate',
    summary: 'decide single requests against policies, with reasons',
    load: () => import('./commands/simulate.js'),
  },
  {
    name: 'who-can',
    summary: 'prove who can do something, and under which conditions',
    load: () => import('./commands/who-can.js'),
  },
  {
    name: 'can',
    summary: 'prove whether somebody can do something: when, or why not',
    load: () => import('./commands/can.js'),
  },
  {
    name: 'access',
    summary: 'prove all that somebody can do, and under which conditions',
    load: () => import('./commands/access.js'),
  },
  {
    name: 'welcome',
    summary: 'tell a joiner what they can reach and how to sign in, without any secret',
    load: () => import('./commands/welcome.js'),
  },
  {
    name: 'diff',
    summary: 'prove who gains and who loses what between two files, revisions or accounts',
    load: () => import('./commands/diff.js'),
  },
  {
    name: 'compare',
    summary: 'prove how what one policy allows relates to what another one does',
    load: () => import('./commands/compare.js'),
  },
  {
    name: 'import',
    summary: 'read an account that exists, from what AWS and other tools say of it',
    load: () => import('./commands/import.js'),
  },
  {
    name: 'local',
    summary: 'run a bare local AWS that verifies signatures and enforces IAM',
    load: () => import('./commands/local.js'),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of declared files',
    load: () => import('./commands/schema.js'),
  },
]

/**
 * The command line's grammar. `full` names the commands whose modules are loaded, so that they have their
 * options and actions; the others are listed with their summary only.
 */
export async function buildProgram(
  context: CommandContext,
  full: (entry: CommandEntry) => boolean,
): Promise<Command> {
  const program = new Command('ringfence')
    .description('Decide, try out and provision who may touch data, models and training platforms on AWS.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('Try: ringfence --help')
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.io.stdout.write(text),
      writeErr: (text) => context.io.stderr.write(text),
      getOutHelpWidth: () => context.io.stdout.columns ?? 100,
      getErrHelpWidth: () => context.io.stderr.columns ?? 100,
      getOutHasColors: () => context.io.stdout.color,
      getErrHasColors: () => context.io.stderr.color,
    })
  for (const entry of commands) {
    const command = program
      .command(entry.name)
      .description(entry.summary)
      .showHelpAfterError(`Try: ringfence help ${entry.name}`)
    if (full(entry)) (await entry.load()).register(command, context)
  }
  return program
}

/** A switch that is off unless it is given needs no word about its default. */
function describeOption(option: Option): string {
  return option.defaultValue === undefined || option.defaultValue === false
    ? option.description
    : `${option.description} (default: ${String(option.defaultValue)})`
}
