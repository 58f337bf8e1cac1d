import type { Deployment, DeployEvent, ResourceChange, StackState } from '@ringfence/pulumi/deploy'
import type { AccountKey } from '@ringfence/lifecycle'
import type { DeployWorld } from './world.js'

/** The administrator whom the files of these tests declare. */
export const administratorArn = 'arn:aws:sts::111122223333:assumed-role/platform-admin/ada'

/** What a fake of AWS and Pulumi does, and what it was asked. */
export interface FakeWorld extends DeployWorld {
  /** `create`, `preview`, `up`, …, in order; those of the stack that is only compared as `scratch.…`. */
  readonly calls: string[]
}

export interface FakeOptions {
  /** Undefined: there is no such stack. */
  readonly state?: StackState
  readonly changes?: readonly ResourceChange[]
  /** What the runs of the engine reject with, by name. */
  readonly fails?: Readonly<Record<string, Error>>
  readonly answer?: boolean
  readonly caller?: string
  readonly accountKeys?: readonly AccountKey[]
  readonly outputs?: Awaited<ReturnType<Deployment['revealOutputs']>>
  /** Why permission sets could not be brought to their roles. */
  readonly unprovisioned?: readonly string[]
  readonly stored?: { readonly filled: readonly string[]; readonly unseen: readonly string[] }
}

/** AWS and Pulumi that do as told. */
export function fakeWorld(options: FakeOptions = {}): FakeWorld {
  const calls: string[] = []
  const { changes = [], caller = administratorArn } = options
  return {
    calls,
    open: async () => fakeDeployment('', calls, options),
    openScratch: async () => fakeDeployment('scratch.', calls, options),
    identify: async () => ({ account: caller.split(':')[4] ?? '', arn: caller }),
    findManagementAccount: async () => '999999999999',
    checkIdentityCenter: async ({ instance }, { profile }) =>
      void calls.push(`check ${instance} by ${profile}`),
    startLocal: () => Promise.reject(new Error('no local AWS in these tests')),
    idFinder: () => async () => undefined,
    provisionSets: async (sets, { profile }, account) => {
      const called = sets.map(({ PermissionSetArn }) => PermissionSetArn).join(', ')
      calls.push(`provision ${called} in ${account} by ${profile}`)
      return options.unprovisioned ?? []
    },
    findStoredObjects: async () => options.stored ?? { filled: [], unseen: [] },
    readAccountKeys: async (_, users) =>
      (options.accountKeys ?? []).filter(({ user }) => users?.includes(user) ?? true),
    deactivateAccountKey: async (_, user, id) => void calls.push(`deactivate ${user} ${id}`),
    ask: async (question) => {
      calls.push(`ask ${question}`)
      return options.answer ?? false
    },
    inspectPulumi: async () => ({
      version: '3.258.0',
      path: '/bin/pulumi',
      plugin: { version: '7.48.0' },
      backend: { url: 'file:///state', user: `ada with ${changes.length} changes` },
    }),
  }
}

function fakeDeployment(prefix: string, calls: string[], options: FakeOptions): Deployment {
  const { changes = [], fails = {} } = options
  const run =
    (name: string, kinds: readonly ('planned' | 'begun' | 'done')[]): Deployment['up'] =>
    async ({ onEvent }) => {
      calls.push(`${prefix}${name}`)
      for (const kind of kinds) {
        for (const resource of changes) onEvent?.({ kind, resource } satisfies DeployEvent)
      }
      const failure = fails[name]
      if (failure !== undefined) throw failure
    }
  const note = (name: string) => async () => void calls.push(`${prefix}${name}`)
  const deployment: Deployment = {
    withProgram: () => deployment,
    readState: async () => options.state,
    create: note('create'),
    preview: run('preview', ['planned']),
    up: run('up', ['begun', 'done']),
    refresh: run('refresh', ['done']),
    destroy: run('destroy', ['begun', 'done']),
    writeState: note('writeState'),
    revealOutputs: async () =>
      options.outputs ?? { secretAccessKeys: { value: { bot: 'in the clear' }, secret: true } },
    remove: note('remove'),
    close: note('close'),
  }
  return deployment
}
