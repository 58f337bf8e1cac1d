import type { PulumiCommand } from '@pulumi/pulumi/automation/index.js'
import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError } from './deploy-error.js'
import { PulumiFailure } from './pulumi-failure.js'

/** What the Automation API asks of its command; in its own types it is internal. */
export interface CommandRunner {
  run(
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }>
}

/** The oldest Pulumi CLI that is driven: from here on it sends its events by gRPC. */
export const minimumPulumi = [3, 206, 0] as const

/**
 * The Pulumi CLI on PATH, run by `runPulumi` instead of as a child that shares our terminal. Rejects with
 * `DeployError` where there is none, or an old one. `env` is all of its environment.
 */
export async function findPulumi(env: Readonly<Record<string, string>>): Promise<PulumiCommand> {
  const { PulumiCommand } = await import('@pulumi/pulumi/automation/index.js')
  const command = await PulumiCommand.get({ skipVersionCheck: true }).catch((cause: unknown) => {
    throw new DeployError('PULUMI_NOT_FOUND', 'the Pulumi CLI is not on PATH', {
      hint: 'install it (https://www.pulumi.com/docs/install/), or put the folder of `pulumi` on PATH',
      cause,
    })
  })
  const { version } = command
  const found = version === null ? [0, 0, 0] : [version.major, version.minor, version.patch]
  if (isOlder(found, minimumPulumi)) {
    const wanted = minimumPulumi.join('.')
    throw new DeployError(
      'PULUMI_TOO_OLD',
      `the Pulumi CLI on PATH is ${version?.version ?? 'of no version that can be read'}; ${wanted} is needed`,
      { hint: 'install a newer one: https://www.pulumi.com/docs/install/' },
    )
  }
  const runner: CommandRunner = {
    run: (args, cwd, additional, onOutput, onError, signal) =>
      runPulumi({ command: command.command, args, cwd, env: { ...env, ...additional }, signal }),
  }
  return Object.assign(command, runner)
}

function isOlder(found: readonly number[], wanted: readonly number[]): boolean {
  const index = wanted.findIndex((number, place) => found[place] !== number)
  return index !== -1 && (found[index] ?? 0) < (wanted[index] ?? 0)
}

interface PulumiRun {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

/** What changes or compares resources. */
const updates: ReadonlySet<string> = new Set(['up', 'preview', 'refresh', 'destroy'])

let runs = 0

/**
 * Runs the CLI in a process group of its own: a Ctrl-C of the terminal then reaches us alone, and we pass on one
 * SIGINT (on a second Pulumi stops half way). An update writes into files, not into pipes: should we be killed,
 * Pulumi does not die of a broken pipe but notices that its program is gone, finishes what it has begun, saves its
 * state and releases its lock. What may print secrets goes through pipes only.
 */
async function runPulumi(run: PulumiRun): Promise<{ stdout: string; stderr: string; code: number }> {
  const name = run.args.slice(0, run.args[0] === 'stack' ? 2 : 1).join(' ')
  // Every command names its stack; selecting one would leave a file in Pulumi's home for each of our folders.
  if (name === 'stack select') return { stdout: '', stderr: '', code: 0 }
  const result = updates.has(name) ? await runIntoFiles(run) : await runIntoPipes(run)
  if (result.code === 0) return { ...result, code: 0 }
  throw new PulumiFailure(name, result.code, result.stderr, result.stdout)
}

interface RunResult {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

async function runIntoFiles(run: PulumiRun): Promise<RunResult> {
  const paths = ['stdout', 'stderr'].map((name) => join(run.cwd, `${(runs += 1)}.${name}`))
  const files: FileHandle[] = []
  try {
    for (const path of paths) files.push(await open(path, 'w', 0o600))
    const child = start(run, ['ignore', ...files.map(({ fd }) => fd)])
    const code = await ended(child, run.signal)
    const [stdout = '', stderr = ''] = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
    return { code, stdout, stderr }
  } finally {
    for (const file of files) await file.close()
  }
}

async function runIntoPipes(run: PulumiRun): Promise<RunResult> {
  const child = start(run, ['ignore', 'pipe', 'pipe'])
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    const chunks: Buffer[] = []
    for await (const chunk of stream ?? []) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString('utf8')
  })
  const [code, stdout = '', stderr = ''] = await Promise.all([ended(child, run.signal), ...texts])
  return { code, stdout, stderr }
}

function start({ command, args, cwd, env }: PulumiRun, stdio: ('ignore' | 'pipe' | number)[]): ChildProcess {
  return spawn(command, [...args, '--non-interactive'], {
    cwd,
    env: { ...env, PULUMI_AUTOMATION_API: 'true' },
    detached: true,
    stdio,
  })
}

/** Its exit code. Cancels it when `signal` says so; ends it with us if we end before it. */
function ended(child: ChildProcess, signal: AbortSignal | undefined): Promise<number | undefined> {
  const cancel = (): void => void child.kill('SIGINT')
  // Our end before its own, once it was told to stop, is a second Ctrl-C: then nothing is waited for.
  const leave = (): void => {
    if (child.pid === undefined) return
    if (signal?.aborted === true) killGroup(child.pid)
    else cancel()
  }
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal?.removeEventListener('abort', cancel)
      process.off('exit', leave)
    }
    process.on('exit', leave)
    if (signal?.aborted === true) cancel()
    else signal?.addEventListener('abort', cancel, { once: true })
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('exit', (code) => {
      settle()
      resolve(code ?? undefined)
    })
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
  }
}
