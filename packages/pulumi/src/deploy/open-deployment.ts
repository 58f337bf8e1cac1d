import type {
  EngineEvent,
  LocalWorkspace,
  LocalWorkspaceOptions,
  PulumiFn,
  Stack,
} from '@pulumi/pulumi/automation/index.js'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentBackend, fileBackend } from './backend.js'
import type { ResourceFailure } from './deploy-error.js'
import { DeployError } from './deploy-error.js'
import { createEventReader, type DeployEvent } from './engine-events.js'
import { findPulumi } from './pulumi-command.js'
import type { StackState } from './stack-state.js'
import { removeTornAttributes } from './torn-attributes.js'
import { translateError } from './translate-error.js'

/** One stack, and the program that says what is to be in it. */
export interface DeploymentSettings {
  readonly project: string
  readonly stack: string
  /** All of Pulumi's environment: `pulumiEnvironment` makes it. */
  readonly env: Readonly<Record<string, string>>
  /** Of a stack that does not exist yet; undefined for what is usual with the backend. */
  readonly secretsProvider?: string
  readonly program: PulumiFn
  /** The name before the plan's ids in URNs. */
  readonly component: string
}

/** How a run is watched and stopped. */
export interface Watch {
  readonly onEvent?: (event: DeployEvent) => void
  /** Lets what has begun end, keeps it, and rejects with `DEPLOYMENT_CANCELLED`. */
  readonly signal?: AbortSignal
}

/** What ringfence needs of Pulumi. Everything rejects with `DeployError` for what the user can mend. */
export interface Deployment {
  /** The same stack with another program: what it was opened with still belongs to the first. */
  withProgram(program: PulumiFn): Deployment
  /** Undefined: there is no such stack. */
  readState(): Promise<StackState | undefined>
  /** A stack that is there already is left as it is. */
  create(): Promise<void>
  preview(watch: Watch): Promise<void>
  up(watch: Watch): Promise<void>
  /** Brings the state to what AWS has: of everything, or of some URNs. */
  refresh(watch: Watch, urns?: readonly string[]): Promise<void>
  /** Everything, or some URNs with what depends on them. */
  destroy(watch: Watch, urns?: readonly string[]): Promise<void>
  /** Replaces the state, of which `readState` gave another version. */
  writeState(state: StackState): Promise<void>
  /** Outputs with their secrets in the clear. */
  revealOutputs(): Promise<Readonly<Record<string, { readonly value: unknown; readonly secret: boolean }>>>
  /** Removes the empty stack. */
  remove(): Promise<void>
  /** Removes the folder in which Pulumi worked. */
  close(): Promise<void>
}

/** Finds the Pulumi CLI and gives it a folder of its own to work in. Nothing is asked of the backend yet. */
export async function openDeployment(settings: DeploymentSettings): Promise<Deployment> {
  const command = await findPulumi(settings.env)
  const { LocalWorkspace } = await import('@pulumi/pulumi/automation/index.js')
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-pulumi-'))
  try {
    const options: LocalWorkspaceOptions = {
      workDir: folder,
      pulumiCommand: command,
      program: settings.program,
      projectSettings: {
        name: settings.project,
        runtime: 'nodejs',
        description: 'Made by ringfence from a declared file',
      },
      ...(settings.secretsProvider === undefined ? {} : { secretsProvider: settings.secretsProvider }),
    }
    return new PulumiDeployment(settings, await LocalWorkspace.create(options), folder)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * A stack of the same name in a backend of its own, which `close` removes: what a stack that does not exist would
 * become can be seen without making it.
 */
export async function openScratchDeployment(settings: DeploymentSettings): Promise<Deployment> {
  const backend = await mkdtemp(join(tmpdir(), 'ringfence-scratch-'))
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _, ...env } = settings.env
  const { secretsProvider: __, ...rest } = settings
  const remove = () => rm(backend, { recursive: true, force: true })
  try {
    const deployment = await openDeployment({
      ...rest,
      env: {
        ...env,
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString('base64url'),
      },
    })
    const close = deployment.close.bind(deployment)
    await deployment.create()
    return Object.assign(deployment, { close: async () => close().finally(remove) })
  } catch (error) {
    await remove()
    throw error
  }
}

class PulumiDeployment implements Deployment {
  #stack: Stack | undefined

  constructor(
    private readonly settings: DeploymentSettings,
    private readonly workspace: LocalWorkspace,
    private readonly folder: string,
  ) {}

  withProgram(program: PulumiFn): Deployment {
    return new PulumiDeployment({ ...this.settings, program }, this.workspace, this.folder)
  }

  async readState(): Promise<StackState | undefined> {
    const read = () => this.#guard(() => this.workspace.exportStack(this.settings.stack))
    try {
      return (await read().catch(async (error: unknown) => {
        if (await this.#mendBackend(error)) return read()
        throw error
      })) as StackState
    } catch (error) {
      if (error instanceof DeployError && error.code === 'STACK_NOT_FOUND') return undefined
      throw error
    }
  }

  /** Whether a state that could not be read may be readable now. */
  async #mendBackend(error: unknown): Promise<boolean> {
    const { env, project, stack } = this.settings
    if (!(error instanceof DeployError && /failed to load checkpoint: .*EOF/.test(error.message)))
      return false
    const backend = await currentBackend(env)
    const folder = backend === undefined ? undefined : fileBackend(backend, '/')
    if (folder === undefined) return false
    return (await removeTornAttributes(folder, project, stack)).length > 0
  }

  async create(): Promise<void> {
    await this.#guard(() => this.workspace.createStack(this.settings.stack)).catch((error: unknown) => {
      // Another command has made it since we looked: which of the two goes on is for the lock to say.
      if (!(error instanceof DeployError && /stack '.*' already exists/.test(error.message))) throw error
    })
  }

  async preview(watch: Watch): Promise<void> {
    const { program } = this.settings
    await this.#watched(watch, (stack, options) => stack.preview({ ...options, program }))
  }

  async up(watch: Watch): Promise<void> {
    await this.#keepSecretsProvider()
    const { program } = this.settings
    await this.#watched(watch, (stack, options) => stack.up({ ...options, program }))
  }

  async refresh(watch: Watch, urns: readonly string[] = []): Promise<void> {
    const target = urns.length === 0 ? {} : { target: [...urns] }
    await this.#watched(watch, (stack, options) => stack.refresh({ ...options, ...target }))
  }

  async destroy(watch: Watch, urns: readonly string[] = []): Promise<void> {
    const target = urns.length === 0 ? {} : { target: [...urns], targetDependents: true }
    await this.#watched(watch, (stack, options) => stack.destroy({ ...options, ...target }))
  }

  async writeState(state: StackState): Promise<void> {
    const { version, deployment } = state
    await this.#guard(() => this.workspace.importStack(this.settings.stack, { version, deployment }))
  }

  async revealOutputs(): Promise<Readonly<Record<string, { value: unknown; secret: boolean }>>> {
    const outputs = await this.#guard(() => this.workspace.stackOutputs(this.settings.stack))
    return outputs as Record<string, { value: unknown; secret: boolean }>
  }

  async remove(): Promise<void> {
    await this.#guard(() => this.workspace.removeStack(this.settings.stack))
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  /**
   * A stack that was made but never brought up has no secrets provider in its state yet, and the folder in which
   * its making noted one is gone: it is noted again. Afterwards the state holds it.
   */
  async #keepSecretsProvider(): Promise<void> {
    const { stack, secretsProvider } = this.settings
    if (secretsProvider === undefined) return
    const noted = await this.workspace.stackSettings(stack).catch(() => undefined)
    if (noted?.secretsProvider !== undefined || noted?.encryptionSalt !== undefined) return
    const state = await this.readState()
    if (state?.deployment.secrets_providers !== undefined) return
    await this.workspace.saveStackSettings(stack, { secretsProvider })
  }

  async #watched(
    watch: Watch,
    work: (stack: Stack, options: WatchedOptions) => Promise<unknown>,
  ): Promise<void> {
    const failures: ResourceFailure[] = []
    const read = createEventReader(this.settings.component)
    const onEvent = (raw: EngineEvent): void => {
      for (const event of read(raw)) {
        if (event.kind === 'failed') failures.push(event.failure)
        watch.onEvent?.(event)
      }
    }
    const options: WatchedOptions = { onEvent, color: 'never' }
    if (watch.signal !== undefined) options.signal = watch.signal
    await this.#guard(async () => work(await this.#select(), options), failures, watch.signal)
  }

  async #select(): Promise<Stack> {
    const { Stack } = await import('@pulumi/pulumi/automation/index.js')
    return (this.#stack ??= await Stack.select(this.settings.stack, this.workspace))
  }

  async #guard<Value>(
    work: () => Promise<Value>,
    failures: readonly ResourceFailure[] = [],
    signal?: AbortSignal,
  ): Promise<Value> {
    try {
      return await work()
    } catch (error) {
      const { stack } = this.settings
      throw translateError(error, { stack, failures, cancelled: signal?.aborted === true })
    }
  }
}

interface WatchedOptions {
  onEvent: (event: EngineEvent) => void
  color: 'never'
  signal?: AbortSignal
}
