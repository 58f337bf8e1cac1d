import type { LocalAws, LocalAwsOptions } from '@ringfence/local'
import { buildPlan, parseDeclaration, type Plan } from '@ringfence/plan'
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EngineRun, startEngineRun } from './engine-run.js'

const bin = join(import.meta.dirname, '../../../cli/bin/ringfence.js')

/** How a run of the command ended. */
export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of the command that goes on. */
export interface RunningCli {
  readonly child: ChildProcess
  readonly ended: Promise<CliResult>
  /** Waits until it has written something to stderr. */
  said(text: string | RegExp): Promise<void>
  /** The Pulumi that it has started. */
  pulumi(): readonly number[]
  /** Kills it with its Pulumi, which would else end by itself, and the providers of that. */
  kill(): void
}

/** Variables beside those of the run; undefined takes one away. */
type Environment = Readonly<Record<string, string | undefined>>

/** The command as a process, deploying to a local AWS of its own as the administrator of the file. */
export interface CliRun {
  readonly engine: EngineRun
  readonly aws: LocalAws
  /** Writes `ringfence.yaml`. */
  declare(text: string): Promise<void>
  start(argv: readonly string[], env?: Environment): RunningCli
  /** Outputs of the stack `dev` as Pulumi's own command gives them out: ringfence shows a secret on a terminal alone. */
  revealOutputs<Outputs>(): Promise<Outputs>
  run(argv: readonly string[], env?: Environment): Promise<CliResult>
  close(): Promise<void>
}

/** Starts a local AWS, with a clock of its own if there is one, that has what the declared file relies on. */
export async function startCliRun(
  text: string,
  options: Pick<LocalAwsOptions, 'nowMs'> = {},
): Promise<CliRun> {
  const plan = planOf(text)
  const engine = await startEngineRun({ ...options, deployAs: (aws) => signIn(aws, plan) })
  const cwd = join(engine.folder, 'work')
  const { aws } = engine
  const start: CliRun['start'] = (argv, env = {}) =>
    watch(
      spawn(process.execPath, [bin, ...argv], {
        cwd,
        env: { ...engine.environment, AWS_ENDPOINT_URL: aws.endpoint, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
  const declare = (file: string) => writeFile(join(cwd, 'ringfence.yaml'), file)
  const revealOutputs = async <Outputs>(): Promise<Outputs> => {
    const stack = `organization/ringfence-${plan.organization}/dev`
    const argv = ['stack', 'output', '--json', '--show-secrets', '--non-interactive', '--stack', stack]
    const { stdout } = await promisify(execFile)('pulumi', argv, { cwd, env: engine.environment })
    return JSON.parse(stdout) as Outputs
  }
  await declare(text)
  return {
    engine,
    aws,
    declare,
    start,
    run: (argv, env) => start(argv, env).ended,
    revealOutputs,
    close: engine.close,
  }
}

/** The plan of a file's text. */
export function planOf(text: string): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.now() })
  const plan = declaration.ok ? buildPlan(declaration.value) : declaration
  if (!plan.ok) throw new Error(plan.diagnostics.map(({ message }) => message).join('\n'))
  return plan.value
}

async function signIn(aws: LocalAws, plan: Plan) {
  await aws.loadExternal(plan)
  return aws.issueRoleSession({
    roleArn: `arn:aws:iam::${plan.account}:role/platform-admin`,
    sessionName: 'test',
    principal: `arn:aws:iam::${plan.account}:root`,
    action: 'sts:AssumeRole',
  })
}

function watch(child: ChildProcess): RunningCli {
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (written[name] += text))
  }
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...written }))
  })
  const said = async (text: string | RegExp): Promise<void> => {
    while (!(typeof text === 'string' ? written.stderr.includes(text) : text.test(written.stderr))) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`it ended without saying ${String(text)}:\n${written.stdout}${written.stderr}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const pulumi = () => childrenOf(child.pid, '-x', 'pulumi')
  const kill = (): void => {
    const running = pulumi()
    // A provider that is left would repeat the call whose answer it did not get.
    const providers = running.flatMap((pid) => childrenOf(pid))
    for (const pid of [...running, ...providers]) process.kill(pid, 'SIGKILL')
    child.kill('SIGKILL')
  }
  return { child, ended, said, pulumi, kill }
}

function childrenOf(pid: number | undefined, ...which: readonly string[]): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid), ...which], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}
