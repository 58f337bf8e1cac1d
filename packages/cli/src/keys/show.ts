import { saidOf } from '@ringfence/plan'
import type { Deployment, StackState } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import type { StackOptions } from '../deploy/options.js'
import { revealOutputs } from '../deploy/reveal-outputs.js'
import { withStack } from '../deploy/with-stack.js'
import type { DeployWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { printable } from '../output/printable.js'

export interface ShowOptions extends StackOptions {
  readonly member: string
}

/** A key with what is there of its secret. */
interface ShownKey {
  readonly id: string
  readonly generation?: number
  readonly encryptedSecretAccessKey?: string
  readonly secretAccessKey?: string
  /** Name of the secret in Secrets Manager that keeps it, and the label of its version. */
  readonly secret?: string
  readonly versionStage?: 'AWSCURRENT' | 'AWSPREVIOUS'
}

/**
 * Hands out the keys of a member: what is encrypted to the member anywhere, where Secrets Manager keeps it, and a secret
 * in the clear on a terminal alone. Asks nothing of AWS.
 */
export async function runKeysShow(options: ShowOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  return withStack(options, io, world, async (deployment, state) => {
    const keys = await keysOf(deployment, state, options, io)
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ formatVersion: 1, member: options.member, keys })}\n`
        : keys.map((key) => printKey(options.member, key)).join('\n'),
    )
    return exitCode.ok
  })
}

async function keysOf(
  deployment: Deployment,
  state: StackState,
  { member }: ShowOptions,
  io: Io,
): Promise<readonly ShownKey[]> {
  const { outputsOf } = await import('@ringfence/pulumi/deploy')
  const outputs = outputsOf(state)
  const ids = Object.entries(textsOf(outputs['accessKeyIds'])).filter(
    ([name]) => name === member || name.startsWith(`${member}/`),
  )
  if (ids.length === 0)
    throw new CliError('KEY_UNKNOWN', `the stack has no access key of ${printable(member)}`, {
      hint: 'declare `keys` of the member in the file, and run `ringfence up`',
      exitCode: exitCode.usage,
    })
  const secret = keptIn(state, member)
  if (secret !== undefined) return ids.map(([name, id]) => keptKey(id, generationOf(name, member), secret))
  const encrypted = textsOf(outputs['encryptedSecretAccessKeys'])
  const isClear = ids.some(([name]) => saidOf(encrypted, name) === undefined)
  const revealed = isClear ? await reveal(deployment, member, io) : {}
  return ids.map(([name, id]) => {
    return shownKey(id, generationOf(name, member), saidOf(encrypted, name), saidOf(revealed, name))
  })
}

/** The latest key goes by the member's name alone. */
function generationOf(name: string, member: string): number | undefined {
  return name === member ? undefined : Number(name.slice(member.length + 1))
}

/** The secret in Secrets Manager that the stack has for a member. */
function keptIn({ deployment }: StackState, member: string): string | undefined {
  const name = (deployment.resources ?? []).find(
    ({ type, urn }) =>
      type === 'aws:secretsmanager/secret:Secret' && urn.endsWith(`/member/${member}/secret`),
  )?.inputs?.['name']
  return typeof name === 'string' ? name : undefined
}

function keptKey(id: string, generation: number | undefined, secret: string): ShownKey {
  if (generation === undefined) return { id, secret, versionStage: 'AWSCURRENT' }
  return { id, generation, secret, versionStage: 'AWSPREVIOUS' }
}

function shownKey(
  id: string,
  generation: number | undefined,
  encryptedSecretAccessKey: string | undefined,
  secretAccessKey: string | undefined,
): ShownKey {
  return {
    id,
    ...(generation === undefined ? {} : { generation }),
    ...(encryptedSecretAccessKey === undefined ? {} : { encryptedSecretAccessKey }),
    ...(secretAccessKey === undefined ? {} : { secretAccessKey }),
  }
}

async function reveal(
  deployment: Deployment,
  member: string,
  io: Io,
): Promise<Readonly<Record<string, string>>> {
  const { secretAccessKeys } = await revealOutputs(deployment, io, {
    secret: `the secret key of ${printable(member)}`,
    hint: 'run it on a terminal; or declare `age` or `pgp` of the member, and rotate the key',
  })
  return (secretAccessKeys?.value ?? {}) as Readonly<Record<string, string>>
}

function textsOf(
  output: { readonly secret: boolean; readonly value?: unknown } | undefined,
): Record<string, string> {
  return output === undefined || output.secret ? {} : (output.value as Record<string, string>)
}

function printKey(
  member: string,
  { id, generation, encryptedSecretAccessKey, secret, secretAccessKey, versionStage }: ShownKey,
): string {
  const which = generation === undefined ? '' : ` (key ${generation}, on its way out)`
  return [
    `${printable(member)}${which}\n`,
    `aws_access_key_id = ${id}\n`,
    secretAccessKey === undefined ? '' : `aws_secret_access_key = ${secretAccessKey}\n`,
    secret === undefined
      ? ''
      : `in Secrets Manager:\naws secretsmanager get-secret-value --secret-id ${printable(secret)}` +
        `${versionStage === 'AWSPREVIOUS' ? ' --version-stage AWSPREVIOUS' : ''} --query SecretString --output text\n`,
    encryptedSecretAccessKey === undefined
      ? ''
      : `encrypted to the member:\n${encryptedSecretAccessKey.trimEnd()}\n`,
  ].join('')
}
