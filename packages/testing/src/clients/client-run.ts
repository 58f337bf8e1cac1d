import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LocalAws, LocalCredentials } from '@ringfence/local'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..')

/** Where `scripts/install-clients.sh` puts the AWS CLI and boto3. */
const pythonBin = join(root, '.ringfence', 'clients', 'bin')

/** What a client that nobody here wrote said. */
export interface ClientRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a client against a local AWS with nothing of the surrounding configuration: no profile, no other
 * credentials. Ends it after two minutes.
 */
export async function runClient(
  program: 'aws' | 'python' | 'rclone' | 'bash',
  args: readonly string[],
  aws: LocalAws,
  credentials: LocalCredentials | 'anonymous',
  extra: Readonly<Record<string, string>> = {},
): Promise<ClientRun> {
  const isOfSystem = program === 'rclone' || program === 'bash'
  const command = isOfSystem ? program : join(pythonBin, program)
  if (!isOfSystem && !existsSync(command))
    throw new Error(`${program} is not installed.\nTry: bash scripts/install-clients.sh`)
  const env: Record<string, string> = {
    PATH: `${pythonBin}:${process.env['PATH'] ?? ''}`,
    HOME: join(root, '.ringfence', 'no-home'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_ENDPOINT_URL: aws.endpoint,
    ...(credentials === 'anonymous' ? {} : credentialVariables(credentials)),
    ...extra,
  }
  return spawnClient(command, args, env)
}

/** The Python of the SCIM client and its checks, in an environment of its own: they need other versions than boto3. */
const scimPython = join(root, '.ringfence', 'scim-clients', 'bin', 'python')

/** Runs a script of ours with the SCIM client, with nothing of the surrounding configuration. */
export async function runScimClient(args: readonly string[]): Promise<ClientRun> {
  if (!existsSync(scimPython))
    throw new Error('the SCIM client is not installed.\nTry: bash scripts/install-clients.sh')
  const env = { PATH: process.env['PATH'] ?? '', HOME: join(root, '.ringfence', 'no-home') }
  return spawnClient(scimPython, args, env)
}

function spawnClient(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ClientRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (cause) =>
      reject(new Error(`${command} could not be started.\nTry: bash scripts/install-clients.sh`, { cause })),
    )
    child.on('close', (code) => resolve({ status: code ?? -1, stdout, stderr }))
  })
}

function credentialVariables(credentials: LocalCredentials): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  }
}
