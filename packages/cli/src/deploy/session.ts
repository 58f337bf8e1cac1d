import type { ProofCache } from '@ringfence/check'
import type { Declaration, Kept, Plan, Roster } from '@ringfence/plan'
import type { Deployment, DeploymentSettings, StackState } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { tellFindings } from '../output/diagnostics.js'
import {
  checkCaller,
  checkManagement,
  hasGuardrail,
  requireIdentityCenterProfile,
  requireManagementProfile,
} from './check-caller.js'
import { cliErrorOf } from './cli-error-of.js'
import { openLocalTarget } from './local-target.js'
import type { DeployOptions } from './options.js'
import { awsTarget, type Target } from './target.js'
import type { DeployWorld } from './world.js'

/** A stack that may be worked on: who deploys has been checked. */
export interface Session {
  readonly declaration: Declaration
  /** Of the file, and of what the stack keeps beside it. */
  readonly plan: Plan
  /** What the stack keeps beside the file, as its state says. */
  readonly kept: Kept
  /** Whether members come from a roster. */
  readonly hasRoster: boolean
  readonly target: Target
  /** How far AWS's clock is ahead of this machine's, in milliseconds; 0 where AWS did not tell. */
  readonly awsAheadMs: number
  readonly settings: DeploymentSettings
  readonly deployment: Deployment
  /** Of Pulumi, as its own settings name it; undefined where they name none. */
  readonly backend: string | undefined
  /** Undefined: there is no such stack yet. */
  readonly state: StackState | undefined
}

/** What a command does with a stack. */
export type SessionWork = (session: Session) => Promise<ExitCode>

export interface SessionOptions extends DeployOptions {
  readonly secretsProvider?: string
  /** First of all, prove what the file promises, and go on only if nothing is refuted. Default false. */
  readonly isChecked?: boolean
  /** Of the run before, where one process has several. */
  readonly proofs?: ProofCache
}

/**
 * Reads the file, builds the plan, checks account and identity, opens the stack and lets `work` do the rest. Before
 * `work` nothing is changed anywhere, but in the local AWS's own folder.
 */
export async function withSession(
  options: SessionOptions,
  io: Io,
  world: DeployWorld,
  work: SessionWork,
): Promise<ExitCode> {
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file, { ...io, scimStack: options.stack })
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { plan } = loaded
  if (options.isChecked === true) {
    const { holdsBefore } = await import('../check/check-loaded.js')
    if (!(await holdsBefore(loaded, io, options))) return exitCode.guaranteeViolated
  }
  if (options.target === 'aws') {
    requireManagementProfile(plan, options.managementProfile)
    requireIdentityCenterProfile(plan, options)
  }
  try {
    return await withTarget(loaded, options, io, world, work)
  } catch (error) {
    throw cliErrorOf(error)
  }
}

interface FilePlan {
  readonly declaration: Declaration
  readonly plan: Plan
  readonly roster?: Roster
}

async function withTarget(
  { declaration, plan, roster }: FilePlan,
  options: SessionOptions,
  io: Io,
  world: DeployWorld,
  work: SessionWork,
): Promise<ExitCode> {
  const [{ currentBackend }, { nothingKept }, { replanFromState }] = await Promise.all([
    import('@ringfence/pulumi/deploy'),
    import('@ringfence/plan'),
    import('./replan.js'),
  ])
  const own = await currentBackend(io.env)
  const local = { file: options.file, stack: options.stack, backend: own }
  const target =
    options.target === 'local'
      ? await openLocalTarget(local, plan, io, world.startLocal)
      : awsTarget(plan, options, io.env)
  try {
    const answeredAtMs = await checkIdentity(plan, target, options, world)
    const awsAheadMs = answeredAtMs === undefined ? 0 : answeredAtMs - io.nowMs()
    const settings = await settingsOf(plan, target, options, io)
    const deployment = await world.open(settings)
    try {
      const state = await deployment.readState()
      await checkSecretsProvider(state, options)
      const backend = settings.env['PULUMI_BACKEND_URL'] ?? own
      const opened = { declaration, plan, kept: nothingKept, hasRoster: roster !== undefined }
      const session = { ...opened, target, awsAheadMs, settings, deployment, backend, state }
      return await work(await replanFromState(session, state))
    } finally {
      await deployment.close()
    }
  } finally {
    await target.close()
  }
}

/** Gives what time it is for AWS, where it tells. */
async function checkIdentity(
  plan: Plan,
  target: Target,
  options: DeployOptions,
  world: DeployWorld,
): Promise<number | undefined> {
  const caller = await world.identify(target.account)
  checkCaller(caller, plan)
  if (plan.identityCenter !== undefined && target.identityCenter !== undefined)
    await world.checkIdentityCenter(plan.identityCenter, target.identityCenter)
  if (target.management === undefined || !hasGuardrail(plan)) return caller.answeredAtMs
  const manager = await world.identify(target.management)
  const account = await world.findManagementAccount(target.management)
  checkManagement(manager, account, plan, options.managementProfile ?? 'management')
  return caller.answeredAtMs
}

async function settingsOf(
  plan: Plan,
  target: Target,
  options: SessionOptions,
  io: Io,
): Promise<DeploymentSettings> {
  const { planProgram, projectOf, pulumiEnvironment } = await import('@ringfence/pulumi/deploy')
  return {
    project: projectOf(plan),
    stack: options.stack,
    env: pulumiEnvironment({ ...io.env, ...target.env }, io.cwd),
    program: planProgram(plan, target.program),
    component: plan.organization,
    ...(options.secretsProvider === undefined ? {} : { secretsProvider: options.secretsProvider }),
  }
}

/** A stack keeps the secrets provider that it was made with. */
async function checkSecretsProvider(
  state: StackState | undefined,
  { secretsProvider, stack }: SessionOptions,
): Promise<void> {
  if (secretsProvider === undefined || state === undefined) return
  const { secretsProviderOf } = await import('@ringfence/pulumi/deploy')
  const kept = secretsProviderOf(state)
  if (kept === undefined || kept === secretsProvider) return
  throw new CliError(
    'SECRETS_PROVIDER_OTHER',
    `the secrets of the stack ${stack} are kept with ${kept}, not with ${secretsProvider}`,
    {
      hint: 'leave out `--secrets-provider`: the stack remembers its own; `pulumi stack change-secrets-provider` changes it',
      exitCode: exitCode.usage,
    },
  )
}
