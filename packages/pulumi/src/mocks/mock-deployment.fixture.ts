import * as pulumi from '@pulumi/pulumi'
import { mockCall, mockResource } from './mock-resource.fixture.js'

/** A resource as the engine would have been asked for it. */
export interface Registered {
  readonly type: string
  readonly name: string
  readonly urn: string
  readonly inputs: Readonly<Record<string, unknown>>
  /** URN of the parent. */
  readonly parent: string
  /** URN of the provider, or empty for the default one. */
  readonly provider: string
  /** URNs, sorted. */
  readonly dependencies: readonly string[]
  readonly deletedWith: string
  readonly secretOutputs: readonly string[]
  readonly ignoreChanges: readonly string[]
  readonly replacementTrigger: unknown
  readonly deleteBeforeReplace: boolean
}

/** What a program registered, awaited to the last URN. */
export interface MockDeployment {
  readonly registered: readonly Registered[]
  /** The values of what the program returned. */
  readonly values: Readonly<Record<string, unknown>>
  /** Which of them are secrets. */
  readonly secrets: readonly string[]
  byName(name: string): Registered
}

type Program = () => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

/** Runs a Pulumi program against mocks; every resource gets what AWS would compute, as far as it is given out. */
export async function deployWithMocks(
  program: Program,
  config: Readonly<Record<string, string>> = {},
): Promise<MockDeployment> {
  const registered = await startMocks(config)
  const values: Record<string, unknown> = {}
  const secrets: string[] = []
  for (const [name, value] of Object.entries(await program())) {
    const output = pulumi.output(value)
    values[name] = await promiseOf(output)
    if (await pulumi.isSecret(output)) secrets.push(name)
  }
  // What no value waits for is awaited here: every URN is known then.
  await pulumi.runtime.disconnect()
  return {
    registered,
    values,
    secrets,
    byName: (name) => {
      const found = registered.find((one) => one.name === name)
      if (found === undefined)
        throw new Error(`no ${name} among ${registered.map((one) => one.name).join(', ')}`)
      return found
    },
  }
}

/** The error of a program that must not run, and must register nothing. */
export async function refusal(program: () => unknown): Promise<Error> {
  const registered = await startMocks({})
  try {
    program()
  } catch (error) {
    await pulumi.runtime.disconnect()
    if (!(error instanceof Error)) throw error
    if (registered.length === 0) return error
    throw new Error(`${registered[0]?.name} is registered in spite of it`, { cause: error })
  }
  throw new Error('the program ran through')
}

async function startMocks(config: Readonly<Record<string, string>>): Promise<Registered[]> {
  const registered: Registered[] = []
  await pulumi.runtime.setMocks({ newResource: mockResource, call: mockCall }, 'project', 'stack')
  pulumi.runtime.setAllConfig({ ...config })
  recordRegistrations(registered)
  return registered
}

function promiseOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    output.apply(resolve)
  })
}

interface Request {
  getType(): string
  getName(): string
  getCustom(): boolean
  getParent(): string
  getProvider(): string
  getDeletedwith(): string
  getDependenciesList(): string[]
  getAdditionalsecretoutputsList(): string[]
  getIgnorechangesList(): string[]
  getDeletebeforereplace(): boolean
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined
  getObject(): { toJavaScript(): Record<string, unknown> }
}
type Answer = (error: Error | null, response?: { getUrn(): string }) => void
interface Monitor {
  registerResource(request: Request, callback: Answer): unknown
}

/** The mocks are not told of parents, dependencies and options: these are taken from the requests themselves. */
function recordRegistrations(registered: Registered[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor
  const register = monitor.registerResource.bind(monitor)
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response !== undefined) {
        registered.push({
          type: request.getType(),
          name: request.getName(),
          urn: response.getUrn(),
          inputs: request.getObject().toJavaScript(),
          parent: request.getParent(),
          provider: request.getProvider().replace(/::[^:]*$/, ''),
          dependencies: request.getDependenciesList().toSorted(),
          deletedWith: request.getDeletedwith(),
          secretOutputs: request.getAdditionalsecretoutputsList(),
          ignoreChanges: request.getIgnorechangesList(),
          replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
          deleteBeforeReplace: request.getDeletebeforereplace(),
        })
      }
      callback(error, response)
    })
}
