import { createWriteStream } from 'node:fs'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProviderArgs } from '@pulumi/aws/provider.js'
import {
  LocalWorkspace,
  type EngineEvent,
  type OpMap,
  type PulumiFn,
  type Stack,
} from '@pulumi/pulumi/automation/index.js'
import { startLocalAws, type LocalAws, type LocalAwsOptions, type LocalCredentials } from '@ringfence/local'

const standIn = join(import.meta.dirname, '..', '..', 'bin')
const project = 'ringfence-engine-test'
const passphrase = 'correct horse battery staple'

/** A local AWS, and a Pulumi engine of its own that deploys to it by the stand-in for the AWS provider. */
export interface EngineRun {
  readonly aws: LocalAws
  /** Holds all that the engine keeps and prints: `state`, `home`, `logs`, `work`. */
  readonly folder: string
  /** For a process that is to deploy to the local AWS: `pulumi` and the stand-in on PATH, backend, credentials. */
  readonly environment: Readonly<Record<string, string>>
  /** Points a provider of `@pulumi/aws` to the local AWS. */
  readonly providerArgs: ProviderArgs
  /** A stack of the run's project with this program; made when there is none of that name. */
  stack(program: PulumiFn, name?: string): Promise<EngineStack>
  /** Adds a profile of these credentials to the files that the environment names. */
  addProfile(name: string, credentials: LocalCredentials): Promise<void>
  /** Ends the local AWS and removes the folder. */
  close(): Promise<void>
}

/** One stack. Each operation writes what the engine prints to a file of its own under `logs`. */
export interface EngineStack {
  readonly stack: Stack
  up(): Promise<Deployed>
  preview(): Promise<Operation>
  refresh(): Promise<Operation>
  destroy(): Promise<Operation>
}

export interface Operation {
  /** How many resources of which operation, of the provider and the stack too. */
  readonly changes: OpMap
  /** By name: what was done to each resource that did not stay the same, and because of which arguments. */
  readonly steps: Readonly<Record<string, string>>
  /** All but debug messages. */
  readonly events: readonly EngineEvent[]
}
export interface Deployed extends Operation {
  readonly outputs: Readonly<Record<string, unknown>>
}

export interface EngineRunOptions extends Partial<LocalAwsOptions> {
  /** The local AWS to deploy to, left to the caller to close. Default: one of the run's own. */
  readonly aws?: LocalAws
  /** Who deploys. Default: the account's root. */
  readonly deployAs?: (aws: LocalAws) => LocalCredentials | Promise<LocalCredentials>
}

/** Starts a local AWS and prepares a folder for the engine. */
export async function startEngineRun(options: EngineRunOptions = {}): Promise<EngineRun> {
  const { deployAs, aws: given, ...awsOptions } = options
  const aws = given ?? (await startLocalAws({ account: '111122223333', region: 'eu-west-1', ...awsOptions }))
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-engine-'))
  for (const name of ['state', 'home', 'logs', 'work', 'user']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'aws-config'), '')
  const credentials = (await deployAs?.(aws)) ?? aws.root
  const environment = environmentOf(folder, credentials)
  let operations = 0
  const logFile = (name: string) => {
    operations += 1
    return join(folder, 'logs', `${operations}-${name}.log`)
  }
  // The Automation API looks for `pulumi` on the PATH of its own process.
  process.env['PULUMI_SKIP_UPDATE_CHECK'] = 'true'
  return {
    aws,
    folder,
    environment,
    providerArgs: providerArgsOf(aws),
    stack: async (program, name = 'dev') => {
      const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: name, projectName: project, program },
        { workDir: join(folder, 'work'), pulumiHome: join(folder, 'home'), envVars: { ...environment } },
      )
      return engineStack(stack, logFile)
    },
    addProfile: (name, { accessKeyId, secretAccessKey }) =>
      appendFile(
        join(folder, 'aws-credentials'),
        `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
        { mode: 0o600 },
      ),
    close: async () => {
      if (given === undefined) await aws.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function environmentOf(folder: string, credentials: LocalCredentials): Record<string, string> {
  return {
    PATH: `${standIn}:${process.env['PATH'] ?? ''}`,
    HOME: join(folder, 'user'),
    PULUMI_HOME: join(folder, 'home'),
    PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_CONFIG_FILE: join(folder, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PROFILE: '',
  }
}

function providerArgsOf({ account, endpoint, region }: LocalAws): ProviderArgs {
  return {
    region: region as 'eu-west-1',
    allowedAccountIds: [account],
    s3UsePathStyle: true,
    endpoints: [
      {
        iam: endpoint,
        identitystore: endpoint,
        kms: endpoint,
        organizations: endpoint,
        s3: endpoint,
        s3control: endpoint,
        sagemaker: endpoint,
        secretsmanager: endpoint,
        ssoadmin: endpoint,
        sts: endpoint,
      },
    ],
  }
}

function engineStack(stack: Stack, logFile: (name: string) => string): EngineStack {
  const operate = async <Result>(
    name: string,
    run: (callbacks: {
      onOutput: (text: string) => void
      onError: (text: string) => void
      onEvent: (event: EngineEvent) => void
    }) => Promise<Result>,
  ): Promise<Operation & { readonly result: Result }> => {
    const log = createWriteStream(logFile(name))
    const events: EngineEvent[] = []
    const write = (text: string) => void log.write(text)
    try {
      const result = await run({
        onOutput: write,
        onError: write,
        onEvent: (event) => {
          // Pulumi's SDK tells in its debug messages what the engine answered, secrets in the clear.
          const severity: string | undefined = event.diagnosticEvent?.severity
          if (severity === 'debug') return
          events.push(event)
          write(`${JSON.stringify(event)}\n`)
        },
      })
      const changes = events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent
        ?.resourceChanges
      return { result, changes: (changes ?? {}) as OpMap, steps: stepsOf(events), events }
    } finally {
      await new Promise((resolve) => log.end(resolve))
    }
  }
  return {
    stack,
    up: async () => {
      const { result, ...operation } = await operate('up', (callbacks) => stack.up(callbacks))
      const outputs = Object.entries(result.outputs).map(([name, { value }]) => [name, value as unknown])
      return { ...operation, outputs: Object.fromEntries(outputs) }
    },
    preview: () => operate('preview', (callbacks) => stack.preview(callbacks)),
    refresh: () => operate('refresh', (callbacks) => stack.refresh(callbacks)),
    destroy: () => operate('destroy', (callbacks) => stack.destroy(callbacks)),
  }
}

function stepsOf(events: readonly EngineEvent[]): Record<string, string> {
  const steps: Record<string, string> = {}
  for (const { resOutputsEvent, resourcePreEvent } of events) {
    const step = (resOutputsEvent ?? resourcePreEvent)?.metadata
    if (
      step === undefined ||
      step.op === 'same' ||
      step.op === 'refresh' ||
      step.type === 'pulumi:pulumi:Stack'
    )
      continue
    // A replacement is told as a creation and a deletion, too.
    if (step.op === 'create-replacement' || step.op === 'delete-replaced') continue
    const name = step.urn.slice(step.urn.lastIndexOf('::') + 2)
    const because = (step.diffs ?? []).toSorted().join(', ')
    steps[name] = because === '' ? step.op : `${step.op}: ${because}`
  }
  return steps
}
