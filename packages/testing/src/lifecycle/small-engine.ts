import { idFromArguments, repairPending, type StackState, type StateResource } from '@ringfence/pulumi/deploy'
import { isDeepStrictEqual } from 'node:util'
import { isObject, type Properties, unknownValue } from '../pulumi-resource-aws/properties.js'
import type { Provider } from '../pulumi-resource-aws/provider.js'
import {
  type FromAws,
  isFromAws,
  isMadeLater,
  isMadeOfAws,
  keyOf,
  keysIn,
  type Registration,
  textOf,
} from './registrations.js'

/** What the state has of one resource. */
interface Entry extends StateResource {
  readonly id: string
  readonly inputs: Properties
  readonly outputs: Properties
  /** URNs, as the state has them. */
  readonly dependencies: readonly string[]
  readonly created?: string
  readonly deletedWith: string | undefined
  /** Another one is in its place, and this one is still to be deleted. */
  readonly delete?: boolean
  /** It was deleted, and another one is to come into its place. */
  readonly pendingReplacement?: boolean
  /** What is encrypted of inputs and outputs. */
  readonly secret: readonly string[]
  /** By input, `keyOf` the resources that have told what it is made of. */
  readonly toldBy: Readonly<Record<string, readonly string[]>>
  readonly trigger?: unknown
  /** The inputs from which the outputs were found not to differ. */
  readonly sameAs?: Properties
}

type Pending = NonNullable<StackState['deployment']['pending_operations']>[number]

/** A whole number from 0 to below `below`. */
export type Pick = (below: number) => number

/**
 * What Pulumi's engine does with the registrations of a program, in its order, but in this process. A resource is
 * registered once all that it depends on is done: the SDK waits for the URNs of its dependencies, which the engine
 * answers when a step has been carried out; among those that could be next any may be, since the engine carries out
 * steps side by side. Deletions come after the last registration, dependents before what they depend on, by the
 * dependencies that the state has; what is deleted with something else that goes is only forgotten. One that takes another
 * one's place is made first, and the other one goes with the deletions; or, where the resource says so, the other one goes
 * first, after all that is replaced with it. Every step is noted as pending before it begins. Steps go one at a time: side by side, their calls would be those of some such order,
 * for each call is of one resource, and no step reads what another one writes before it has what it depends on.
 */
export class SmallEngine {
  readonly #entries = new Map<string, Entry>()
  /** Those that have another one in their place, and are still to be deleted. */
  #replaced: Entry[] = []
  #pending: Pending[] = []
  /** The output of the program that is noted when it has run to its end, before the deletions. */
  #noted: unknown

  constructor(
    private readonly provider: Provider,
    private readonly account: string,
    private readonly nowMs: () => number,
  ) {}

  get resources(): readonly StateResource[] {
    return [...this.#entries.values(), ...this.#replaced]
  }

  /** All that the state says of resources in the clear. */
  get clear(): string {
    const pending = this.#pending.map(({ resource }) => resource as Partial<Entry>)
    return [...this.#entries.values(), ...this.#replaced, ...pending].map(clearText).join('\n')
  }

  get state(): StackState {
    return { version: 3, deployment: { resources: this.resources, pending_operations: this.#pending } }
  }

  get noted(): unknown {
    return this.#noted
  }

  /**
   * As the command does before an update: what an update that was killed left open is looked for on AWS. `findId`: of
   * what AWS names itself.
   */
  async repair(findId: (resource: StateResource) => Promise<string | undefined>): Promise<void> {
    const repaired = await repairPending(
      this.state,
      async (resource) => (await findId(resource)) ?? idFromArguments(resource, this.account),
    )
    if (repaired === undefined) return
    const refreshed = new Set(repaired.urns)
    const entries = (repaired.state.deployment.resources ?? []) as readonly Entry[]
    const found = entries.filter((one) => refreshed.has(one.urn) && one.delete !== true)
    for (const entry of found) {
      const { initErrors: _, sameAs: _same, ...rest } = entry
      const { urn, id, inputs } = rest
      const outputs = await this.provider.read(urn, id, entry.outputs)
      if (outputs === undefined) this.#entries.delete(keyOfUrn(urn))
      else
        this.#entries.set(keyOfUrn(urn), {
          ...rest,
          outputs,
          inputs: this.provider.inputsOf(urn, outputs, inputs),
        })
    }
    this.#pending = []
  }

  /** Brings the account to what is registered. Rejects with what AWS answers. */
  async update(registrations: readonly Registration[], note: unknown, pick: Pick): Promise<void> {
    const registered = new Map(registrations.map((one) => [keyOf(one.type, one.name), one]))
    const waitingFor = new Map<string, Set<string>>()
    const next: string[] = []
    const neededBy = new Map<string, string[]>()
    for (const [key, { dependencies }] of registered) {
      const open = dependencies.filter((needed) => registered.has(needed))
      if (open.length === 0) next.push(key)
      else waitingFor.set(key, new Set(open))
      for (const needed of open) neededBy.set(needed, [...(neededBy.get(needed) ?? []), key])
    }
    for (let done = 0; done < registered.size; done += 1) {
      const key = oneOf(next, pick)
      next.splice(next.indexOf(key), 1)
      await this.#register(key, registered.get(key)!)
      for (const one of neededBy.get(key) ?? []) {
        const open = waitingFor.get(one)
        open?.delete(key)
        if (open?.size === 0) next.push(one)
      }
    }
    this.#noted = note
    await this.#deleteAllBut(registered, pick)
  }

  async #register(key: string, registration: Registration): Promise<void> {
    const { custom, dependencies, deletedWith, ignoreChanges, type } = registration
    if (!custom) return
    if (type.startsWith('pulumi:')) return this.#stash(key, registration)
    const urn = urnOf(key)
    const inputs = await this.#withTold(registration.inputs)
    const toldBy = toldByOf(registration.inputs)
    const secret = [
      ...this.provider.secretsOf(urn),
      ...registration.secretOutputs,
      ...this.#secretsOf(registration),
    ]
    const asked = { urn, type, inputs, dependencies: dependencies.map(urnOf), deletedWith, secret, toldBy }
    const present = this.#entries.get(key)
    if (present === undefined || present.pendingReplacement === true) await this.#create(key, asked)
    else if (present.sameAs !== inputs) {
      const diff = this.provider.diff(urn, present.outputs, inputs, ignoreChanges)
      const { differences } = diff
      if (differences.some(({ replaces }) => replaces)) {
        if (registration.deleteBeforeReplace ?? diff.deleteBeforeReplace) {
          await this.#deleteFirst(present)
          await this.#create(key, asked)
        } else await this.#replace(key, asked, present)
      } else if (differences.length === 0) this.#entries.set(key, { ...present, ...asked, sameAs: inputs })
      else
        await this.#step({ type: 'updating', resource: present }, async () => {
          const outputs = await this.provider.update(urn, present.id, present.outputs, inputs)
          const { created, id } = present
          this.#entries.set(key, { ...asked, id, outputs, ...(created && { created }) })
        })
    }
  }

  async #create(key: string, asked: Omit<Entry, 'id' | 'outputs'>): Promise<void> {
    const { inputs, urn } = asked
    const faults = this.provider.check(urn, inputs)
    if (faults.length > 0) throw new Error(`${urn}: ${JSON.stringify(faults)}`)
    await this.#step({ type: 'creating', resource: asked }, async () => {
      const { id, state } = await this.provider.create(urn, inputs)
      this.#entries.set(key, { ...asked, id, outputs: state, created: this.#now() })
    })
  }

  #now(): string {
    return new Date(this.nowMs()).toISOString()
  }

  /** The new one comes first, and the old one waits for its deletion, after all that is made. */
  async #replace(key: string, asked: Omit<Entry, 'id' | 'outputs'>, present: Entry): Promise<void> {
    await this.#create(key, asked)
    this.#replaced.push({ ...present, delete: true })
  }

  /** What is deleted keeps its place in the state until another one is in it. */
  async #deleteFirst(present: Entry): Promise<void> {
    const doomed = [present]
    for (const one of doomed)
      for (const entry of this.#entries.values())
        if (!doomed.includes(entry) && this.#isReplacedWith(one, entry)) doomed.push(entry)
    for (const one of doomed.toReversed()) {
      const { id, outputs, urn } = one
      if (one.pendingReplacement === true) continue
      await this.#step({ type: 'deleting', resource: one }, () => this.provider.delete(urn, id, outputs))
      this.#entries.set(keyOfUrn(urn), { ...one, pendingReplacement: true })
    }
  }

  /** Whether a resource would be another one if nobody knew what one that it depends on tells. */
  #isReplacedWith(one: Entry, { inputs, outputs, toldBy, type, urn }: Entry): boolean {
    const key = keyOfUrn(one.urn)
    const open = Object.keys(toldBy).filter((name) => toldBy[name]?.includes(key))
    if (open.length === 0 || type.startsWith('pulumi:')) return false
    const unknown = { ...inputs, ...Object.fromEntries(open.map((name) => [name, unknownValue])) }
    return this.provider.diff(urn, outputs, unknown, []).differences.some(({ replaces }) => replaces)
  }

  /** A stash is nothing on AWS; its output is what its input was when it was made. */
  async #stash(key: string, registration: Registration): Promise<void> {
    const { dependencies, deletedWith, ignoreChanges, type } = registration
    const trigger = await this.tell(registration.replacementTrigger)
    const present = this.#entries.get(key)
    const stays = present !== undefined && isDeepStrictEqual(present.trigger, trigger)
    const asked = {
      urn: urnOf(key),
      type,
      id: key,
      dependencies: dependencies.map(urnOf),
      deletedWith,
      trigger,
    }
    const { inputs, toldBy, secret } =
      stays && ignoreChanges.includes('input')
        ? present
        : {
            inputs: await this.#withTold(registration.inputs),
            toldBy: toldByOf(registration.inputs),
            secret: this.#secretsOf(registration),
          }
    const outputs = { input: inputs['input'], output: stays ? present.outputs['output'] : inputs['input'] }
    this.#entries.set(key, { ...asked, inputs, outputs, secret, toldBy })
  }

  /** Those inputs that are secret: what is told is, where it is one of the outputs that are. */
  #secretsOf({ inputs }: Registration): readonly string[] {
    const isSecret = (value: unknown) =>
      isFromAws(value) && this.#entries.get(value.fromAws[0])?.secret.includes(value.fromAws[1])
    return Object.keys(inputs).filter((name) => isMadeOfAws(inputs[name]) || isSecret(inputs[name]))
  }

  /** With what AWS has told of other resources in its place; the same object where nothing was to be told. */
  async #withTold(inputs: Properties): Promise<Properties> {
    if (!Object.values(inputs).some((value) => isFromAws(value) || isMadeOfAws(value) || isMadeLater(value)))
      return inputs
    return (await this.tell(inputs)) as Properties
  }

  /** A value with what AWS has told in the place of what stands for it. */
  async tell(value: unknown): Promise<unknown> {
    const told = ({ fromAws: [key, property] }: FromAws) => {
      const entry = this.#entries.get(key)
      return property === 'id' ? entry?.id : entry?.outputs[property]
    }
    if (isFromAws(value)) return told(value)
    if (isMadeOfAws(value)) return textOf(value, told)
    if (isMadeLater(value)) return value.made.by(told(value.made.of))
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.tell(one)))
    if (!isObject(value)) return value
    const all = Object.entries(value).map(async ([name, one]) => [name, await this.tell(one)] as const)
    return Object.fromEntries(await Promise.all(all))
  }

  async #deleteAllBut(registered: ReadonlyMap<string, Registration>, pick: Pick): Promise<void> {
    for (const old of this.#replaced) {
      const { id, outputs, urn } = old
      await this.#step({ type: 'deleting', resource: old }, () => this.provider.delete(urn, id, outputs))
      this.#replaced = this.#replaced.filter((one) => one !== old)
    }
    const doomed = new Map([...this.#entries].filter(([key]) => !registered.has(key)))
    while (doomed.size > 0) {
      const needed = new Set([...doomed.values()].flatMap(({ dependencies }) => dependencies))
      const [key, entry] = oneOf(
        [...doomed].filter(([, { urn }]) => !needed.has(urn)),
        pick,
      )
      const { deletedWith, id, outputs, type, urn } = entry
      const goesAnyway =
        entry.pendingReplacement === true ||
        type.startsWith('pulumi:') ||
        (deletedWith !== undefined && !registered.has(deletedWith))
      if (!goesAnyway)
        await this.#step({ type: 'deleting', resource: entry }, () => this.provider.delete(urn, id, outputs))
      this.#entries.delete(key)
      doomed.delete(key)
    }
  }

  /** A step that does not come to its end stays pending. */
  async #step(pending: Pending, work: () => Promise<void>): Promise<void> {
    this.#pending.push(pending)
    await work()
    this.#pending.pop()
  }
}

function toldByOf(inputs: Properties): Entry['toldBy'] {
  const told = Object.entries(inputs).map(([name, value]) => [name, keysIn(value)] as const)
  return Object.fromEntries(told.filter(([, keys]) => keys.length > 0))
}

const clearTexts = new WeakMap<Partial<Entry>, string>()

function clearText(entry: Partial<Entry>): string {
  const { inputs, outputs, secret } = entry
  const text = clearTexts.get(entry) ?? JSON.stringify([without(inputs, secret), without(outputs, secret)])
  clearTexts.set(entry, text)
  return text
}

function without(properties: Properties = {}, names: readonly string[] = []): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))
}

function oneOf<Item>(items: readonly Item[], pick: Pick): Item {
  const item = items[pick(items.length)]
  if (item === undefined) throw new Error('resources depend on each other in a circle')
  return item
}

export function urnOf(key: string): string {
  return `urn:pulumi:small::small::${key}`
}

function keyOfUrn(urn: string): string {
  const [, , type = '', name = ''] = urn.split('::')
  return keyOf(type, name)
}
