import * as pulumi from '@pulumi/pulumi'
import { planProgram } from '@ringfence/pulumi/deploy'
import type { Plan } from '@ringfence/plan'
import { withoutUndefined, type Properties } from '../pulumi-resource-aws/properties.js'
import type { Provider } from '../pulumi-resource-aws/provider.js'

/** What the state has of one resource. */
interface Entry {
  readonly urn: string
  readonly type: string
  readonly id: string
  readonly inputs: Properties
  readonly state: Properties
  readonly dependencies: readonly string[]
  readonly deletedWith: string
}

/** One change of the account. */
export interface Operation {
  readonly kind: 'create' | 'update' | 'delete'
  readonly type: string
  readonly name: string
}

/** Where an update is killed: in its n-th operation (from 0), before or after AWS has done it. */
export interface Kill {
  readonly operation: number
  readonly when: 'before' | 'after'
}

export interface UpdateOptions {
  /** A whole number from 0 to below `below`; decides which of the operations that could be next is. */
  readonly pick: (below: number) => number
  readonly kill?: Kill
  /** After every operation on AWS, also the one in which the update was killed. */
  readonly onOperation: (operation: Operation) => Promise<void>
}

/** A registration that waits for its turn. */
interface Waiting {
  readonly args: pulumi.runtime.MockResourceArgs
  readonly answer: (result: pulumi.runtime.MockResourceResult) => void
  readonly fail: (error: unknown) => void
}

/**
 * What the real engine does with a program, in its order, without its process: creations and updates as soon as what
 * a resource depends on is there, in any order otherwise; then deletions, dependents first. Pulumi's own SDK runs the
 * program and the stand-in provider changes the account, so that only the engine between them is small. It takes
 * thousands of updates where the real one takes dozens; the engine tests show that both leave the same.
 */
export class SmallEngine {
  readonly #entries = new Map<string, Entry>()
  #pending: Entry | undefined

  constructor(private readonly provider: Provider) {}

  /** What the state has, as `rolesLeft` reads it. */
  recorded(): readonly { readonly urn: string; readonly type: string; readonly inputs: Properties }[] {
    return [...this.#entries.values()]
  }

  /** Brings the account to a plan; false where it was killed. Rejects with what AWS answers. */
  async update(plan: Plan, options: UpdateOptions): Promise<boolean> {
    await this.#repair()
    const run = new Run(options)
    const registered = new Set<string>()
    const { stackTraceLimit } = Error
    // The SDK takes a stack trace of every promise, which costs more than all the rest.
    Error.stackTraceLimit = 0
    try {
      await this.#runProgram(plan, run, registered)
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
    await this.#deleteOthers(registered, run)
    return !run.isKilled
  }

  async #runProgram(plan: Plan, run: Run, registered: Set<string>): Promise<void> {
    const waiting: Waiting[] = []
    let failure: unknown
    let isPumping = false
    const pump = async (): Promise<void> => {
      isPumping = true
      // The SDK hands in all that is ready before one of them is chosen.
      for (await settled(); waiting.length > 0; await settled()) {
        const [next] = waiting.splice(run.pick(waiting.length), 1)
        if (next === undefined) break
        try {
          registered.add(keyOf(next.args.type, next.args.name))
          next.answer(await this.#register(next.args, run))
        } catch (error) {
          // The program ends as if it had been killed; nothing that waits for this resource must hang.
          failure ??= error
          run.isKilled = true
          next.answer(unknownResult(next.args))
        }
      }
      isPumping = false
    }
    await pulumi.runtime.setMocks(
      {
        newResource: (args) =>
          new Promise((answer, fail) => {
            waiting.push({ args, answer, fail })
            if (!isPumping) void pump()
          }),
        call: ({ inputs }) => inputs as Record<string, unknown>,
      },
      'small',
      'small',
    )
    rememberRequests(run.requests)
    await planProgram(plan, {})()
    await pulumi.runtime.disconnect()
    if (failure !== undefined) throw failure
  }

  async #register(
    args: pulumi.runtime.MockResourceArgs,
    run: Run,
  ): Promise<pulumi.runtime.MockResourceResult> {
    const { type, name } = args
    const inputs = withoutUndefined(args.inputs as Properties) as Properties
    if (args.custom !== true || type.startsWith('pulumi:'))
      return { id: name, state: { ...inputs, output: inputs['input'] } }
    if (run.isKilled) return unknownResult(args)
    const key = keyOf(type, name)
    const urn = `urn:pulumi:small::small::${key}`
    const request = run.requests.get(key)
    if (request === undefined) throw new Error(`${key} was not asked for`)
    const links = {
      dependencies: request.getDependenciesList().map(keyOfUrn),
      deletedWith: keyOfUrn(request.getDeletedwith()),
    }
    const present = this.#entries.get(key)
    if (present === undefined) {
      await run.operation({ kind: 'create', type, name }, async (isKilled) => {
        const faults = this.provider.check(urn, inputs)
        if (faults.length > 0) throw new Error(`${urn}: ${JSON.stringify(faults)}`)
        const { id, state } = await this.provider.create(urn, inputs)
        const entry = { urn, type, id, inputs, state, ...links }
        if (isKilled) this.#pending = entry
        else this.#entries.set(key, entry)
      })
    } else {
      const { differences } = this.provider.diff(urn, present.state, inputs, request.getIgnorechangesList())
      const replaced = differences.find(({ replaces }) => replaces)
      if (replaced !== undefined) throw new Error(`${urn}: the small engine replaces nothing`)
      if (differences.length === 0) this.#entries.set(key, { ...present, inputs, ...links })
      else
        await run.operation({ kind: 'update', type, name }, async (isKilled) => {
          const state = await this.provider.update(urn, present.id, present.state, inputs)
          if (!isKilled) this.#entries.set(key, { ...present, inputs, state, ...links })
        })
    }
    const made = this.#entries.get(key)
    return made === undefined ? unknownResult(args) : { id: made.id, state: { ...made.state } }
  }

  async #deleteOthers(registered: ReadonlySet<string>, run: Run): Promise<void> {
    const doomed = new Map([...this.#entries].filter(([key]) => !registered.has(key)))
    while (doomed.size > 0 && !run.isKilled) {
      const needed = new Set([...doomed.values()].flatMap(({ dependencies }) => dependencies))
      const free = [...doomed].filter(([key]) => !needed.has(key))
      const [key, entry] = free[run.pick(free.length)] ?? []
      if (key === undefined || entry === undefined)
        throw new Error('resources depend on each other in a circle')
      doomed.delete(key)
      const { urn, type, id, state, deletedWith } = entry
      if (this.#entries.has(deletedWith) && !registered.has(deletedWith)) {
        this.#entries.delete(key)
        continue
      }
      await run.operation({ kind: 'delete', type, name: key.slice(type.length + 2) }, async (isKilled) => {
        await this.provider.delete(urn, id, state)
        if (!isKilled) this.#entries.delete(key)
      })
    }
  }

  /** As the command does before the next update: what was made is adopted, and a key of no known secret deleted. */
  async #repair(): Promise<void> {
    const entry = this.#pending
    this.#pending = undefined
    if (entry === undefined) return
    const { urn, type, id, state } = entry
    if (type === 'aws:iam/accessKey:AccessKey') await this.provider.delete(urn, id, state)
    else this.#entries.set(keyOfUrn(urn), entry)
  }
}

/** One update: counts its operations, and kills it where it is to be killed. */
class Run {
  isKilled = false
  /** By key, what the program asked for. */
  readonly requests = new Map<string, Request>()
  #done = 0

  constructor(private readonly options: UpdateOptions) {}

  pick(below: number): number {
    return this.options.pick(below)
  }

  async operation(operation: Operation, work: (isKilled: boolean) => Promise<void>): Promise<void> {
    const { kill, onOperation } = this.options
    this.isKilled = kill?.operation === this.#done
    this.#done += 1
    if (this.isKilled && kill?.when === 'before') return
    await work(this.isKilled)
    await onOperation(operation)
  }
}

/** The mocks are not told of dependencies and options: these are taken from the requests themselves. */
function rememberRequests(requests: Map<string, Request>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor
  const register = monitor.registerResource.bind(monitor)
  monitor.registerResource = (request, answer) => {
    requests.set(keyOf(request.getType(), request.getName()), request)
    return register(request, answer)
  }
}

interface Monitor {
  registerResource(request: Request, answer: unknown): unknown
}

interface Request {
  getType(): string
  getName(): string
  getDependenciesList(): string[]
  getDeletedwith(): string
  getIgnorechangesList(): string[]
}

function unknownResult({ name, inputs }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  return { id: name, state: inputs as Record<string, unknown> }
}

function keyOf(type: string, name: string): string {
  return `${type}::${name}`
}

function keyOfUrn(urn: string): string {
  const [, , types = '', name = ''] = urn.split('::')
  return keyOf(types.slice(types.lastIndexOf('$') + 1), name)
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve))
  })
}
