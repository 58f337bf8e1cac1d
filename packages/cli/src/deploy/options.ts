import { type Command, InvalidArgumentError, Option } from 'commander'

/** What all commands on a stack take. */
export interface StackOptions {
  readonly file: string
  readonly stack: string
  readonly target: 'aws' | 'local'
  readonly json: boolean
}

/** What those take that call AWS. */
export interface DeployOptions extends StackOptions {
  readonly managementProfile?: string
  /** Default: `managementProfile`. */
  readonly identityCenterProfile?: string
}

/** Adds what all commands on a stack take; `json` says what `--json` prints. */
export function addStackOptions(command: Command, json: string): Command {
  return command
    .argument('<file>', 'the declared file: .yaml, .yml, .json, .ts, .mts, .js or .mjs')
    .requiredOption(
      '--stack <name>',
      'the stack, such as dev or prod; with Pulumi Cloud also ORG/NAME',
      stackName,
    )
    .addOption(
      new Option('--target <name>', 'aws, or local: an embedded AWS that keeps its data beside the file')
        .choices(['aws', 'local'])
        .default('aws'),
    )
    .option('--json', json, false)
}

/** Whose credentials what is made in other accounts takes. */
export function addProfileOptions(command: Command): Command {
  return command
    .option(
      '--management-profile <name>',
      "profile of the AWS configuration for the organization's management account, which sets the guardrail",
    )
    .option(
      '--identity-center-profile <name>',
      'profile for the account that administers Identity Center; default: that of --management-profile',
    )
}

/** Pulumi's own rule for names of stacks; it names folders as well. */
function stackName(text: string): string {
  const parts = text.split('/')
  if (parts.length <= 2 && parts.every((part) => /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part)))
    return text
  throw new InvalidArgumentError('A stack has a name of letters, digits, ".", "_" and "-", or ORG/NAME.')
}
