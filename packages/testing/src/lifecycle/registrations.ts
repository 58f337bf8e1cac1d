import { createRequire } from 'node:module'
import {
  nothingKept,
  type IdentityCenterPlan,
  type Kept,
  type Plan,
  type PolicyDocument,
  type SourceSpan,
} from '@ringfence/plan'
import { planProgram } from '@ringfence/pulumi/deploy'
import { type CustomResourceOptions, Output, output, Resource, secret } from '@pulumi/pulumi'
import { isObject, withoutUndefined, type Properties } from '../pulumi-resource-aws/properties.js'

/** What the program of a plan asks the engine for: one resource, in the program's order. */
export interface Registration {
  readonly type: string
  readonly name: string
  /** False: a component, which is nothing on AWS. */
  readonly custom: boolean
  readonly inputs: Properties
  /** `keyOf` those that must be there before it. */
  readonly dependencies: readonly string[]
  /** `keyOf` the resource that takes this one along when it is deleted, or `undefined`. */
  readonly deletedWith: string | undefined
  readonly ignoreChanges: readonly string[]
  /** Whether a replacement deletes the one that is there first; `undefined`: the provider says. */
  readonly deleteBeforeReplace: boolean | undefined
  /** What of the outputs is secret beside what the provider says. */
  readonly secretOutputs: readonly string[]
  /** Another one than the last time replaces the resource; `undefined`: none. */
  readonly replacementTrigger: unknown
}

/** An output of the program. */
export interface ProgramOutput {
  readonly value: unknown
  readonly isSecret: boolean
}

/** All that a program asks for and gives out. */
interface Asked {
  readonly registrations: readonly Registration[]
  readonly outputs: Readonly<Record<string, ProgramOutput>>
}

/** What only AWS can tell: a property of a resource, once that is there; its `keyOf` and the property's name. */
export interface FromAws {
  readonly fromAws: readonly [key: string, property: string]
}

export function isFromAws(value: unknown): value is FromAws {
  return isObject(value) && 'fromAws' in value
}

/** A text that is made of what only AWS can tell: JSON, with a `FromAws` for each part of that. Always a secret. */
export interface MadeOfAws {
  readonly madeOf: string
}

export function isMadeOfAws(value: unknown): value is MadeOfAws {
  return isObject(value) && 'madeOf' in value
}

/** The text itself. `told`: what AWS has told. */
export function textOf({ madeOf }: MadeOfAws, told: (one: FromAws) => unknown): string {
  return madeOf.replaceAll(partOfText, (part) => JSON.stringify(told(JSON.parse(part) as FromAws)))
}

const partOfText = /\{"fromAws":\["[^"]+","[^"]+"\]\}/g

/** What the program makes of something that only AWS can tell, once that is told. */
export interface MadeLater {
  readonly made: { readonly of: FromAws; readonly by: (told: unknown) => unknown }
}

export function isMadeLater(value: unknown): value is MadeLater {
  return isObject(value) && isObject(value['made']) && isFromAws(value['made']['of'])
}

/** `keyOf` the resources of which a value is made. */
export function keysIn(value: unknown): readonly string[] {
  if (isFromAws(value)) return [value.fromAws[0]]
  if (isMadeLater(value)) return keysIn(value.made.of)
  if (!isMadeOfAws(value)) return []
  return Array.from(value.madeOf.matchAll(partOfText), ([part]) => (JSON.parse(part) as FromAws).fromAws[0])
}

/** A resource's name in a stack. */
export function keyOf(type: string, name: string): string {
  return `${type}::${name}`
}

/** The two functions by which Pulumi's resources reach the engine. */
interface Runtime {
  registerResource(
    resource: Resource,
    parent: Resource | undefined,
    type: string,
    name: string,
    custom: boolean,
    remote: boolean,
    newDependency: unknown,
    properties: Readonly<Record<string, unknown>>,
    options: CustomResourceOptions,
  ): void
  registerResourceOutputs(resource: Resource, outputs: unknown): void
}

const Traced = Resource as unknown as { stackTrace(skip: number): readonly unknown[] }
const runtime = createRequire(import.meta.url)('@pulumi/pulumi/runtime/resource.js') as Runtime

/** By the plan without its texts, what its program asks for. */
const askedByPlan = new Map<string, Asked>()

/**
 * What the program of a plan asks the engine for, and gives out. Policies and what is kept go through a program as they
 * are, so plans that differ in nothing else have it run once. Not to be called twice at the same time.
 */
export async function askedBy(plan: Plan): Promise<Asked> {
  const { emptied, texts } = withoutTexts(plan)
  const key = JSON.stringify([emptied.resources, emptied.kept === undefined, emptied.identityCenter])
  let asked = askedByPlan.get(key)
  if (asked === undefined) {
    const byProgram = await askedByProgram(emptied)
    asked = { ...byProgram, registrations: byProgram.registrations.map(same) }
    askedByPlan.set(key, asked)
  }
  return { ...asked, registrations: asked.registrations.map((one) => withTexts(one, texts, plan.kept)) }
}

/** A plan whose policies only say whether they allow or deny, and those policies' texts by what stands for them. */
function withoutTexts(plan: Plan): { readonly emptied: Plan; readonly texts: ReadonlyMap<string, string> } {
  const texts = new Map<string, string>()
  const empty = (policy: PolicyDocument): PolicyDocument => {
    const effects = [...new Set(policy.Statement.map(({ Effect }) => Effect))].toSorted()
    const Statement = effects.map((Effect) => ({ Sid: `Text${texts.size}`, Effect }))
    const emptied = { ...policy, Statement }
    texts.set(JSON.stringify(emptied), JSON.stringify(policy))
    return emptied
  }
  const resources = plan.resources.map((resource) => ({
    ...resource,
    declaredAt: nowhere,
    ...('policy' in resource ? { policy: empty(resource.policy) } : {}),
    ...('assumeRolePolicy' in resource ? { assumeRolePolicy: empty(resource.assumeRolePolicy) } : {}),
  }))
  const emptied = {
    ...plan,
    resources,
    ...(plan.kept === undefined ? {} : { kept: nothingKept }),
    ...(plan.identityCenter === undefined ? {} : { identityCenter: withoutPlaces(plan.identityCenter) }),
  }
  return { emptied, texts }
}

function withoutPlaces(plan: IdentityCenterPlan): IdentityCenterPlan {
  const resources = plan.resources.map((one) => Object.assign({}, one, { declaredAt: nowhere }))
  return { ...plan, resources }
}

const nowhere: SourceSpan = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 }

function withTexts(
  registration: Registration,
  texts: ReadonlyMap<string, string>,
  kept: Kept | undefined,
): Registration {
  const { inputs, type } = registration
  if (type === 'pulumi:index:Stash' && registration.name.endsWith('/kept'))
    return { ...registration, inputs: { ...inputs, input: kept } }
  for (const name of ['policy', 'assumeRolePolicy', 'content']) {
    const text = texts.get(String(inputs[name]))
    if (text !== undefined) return withText(registration, name, text)
  }
  return registration
}

/** By the registration without its text. */
const withTheirText = new WeakMap<Registration, Map<string, Registration>>()

function withText(registration: Registration, name: string, text: string): Registration {
  const known = withTheirText.get(registration) ?? new Map<string, Registration>()
  const one = known.get(text) ?? same({ ...registration, inputs: { ...registration.inputs, [name]: text } })
  withTheirText.set(registration, known.set(text, one))
  return one
}

const registrations = new Map<string, Registration>()

/** The same object for the same registration. */
function same(registration: Registration): Registration {
  const key = JSON.stringify(registration)
  const first = registrations.get(key) ?? registration
  registrations.set(key, first)
  return first
}

/**
 * Runs the program of a plan with Pulumi's own resource classes, and takes down what they hand to Pulumi's runtime
 * instead of letting that speak to an engine: the same as an engine would be asked for, in a twentieth of the time.
 * What a resource tells is what was put into it, and else stands for what AWS will tell; a program that makes something of
 * that which is no secret is refused.
 */
async function askedByProgram(plan: Plan): Promise<Asked> {
  const { registerResource, registerResourceOutputs } = runtime
  const recorder = new Recorder()
  runtime.registerResource = (resource, parent, type, name, custom, _remote, _new, properties, options) =>
    recorder.register({ resource, parent, type, name, custom, properties, options })
  runtime.registerResourceOutputs = () => {}
  const { stackTrace } = Traced
  // Where in a program each resource was made is told to engines, and takes as long as all the rest.
  Traced.stackTrace = () => []
  try {
    const outputs = (await planProgram(plan, {})()) ?? {}
    return { registrations: await recorder.settled(), outputs: await settledOutputs(outputs) }
  } finally {
    Traced.stackTrace = stackTrace
    Object.assign(runtime, { registerResource, registerResourceOutputs })
  }
}

interface Request {
  readonly resource: Resource
  readonly parent: Resource | undefined
  readonly type: string
  readonly name: string
  readonly custom: boolean
  readonly properties: Readonly<Record<string, unknown>>
  readonly options: CustomResourceOptions
}

/** What the SDK itself asks of an output. */
interface InsideOfOutput {
  readonly isSecret: Promise<boolean>
  readonly promise: () => Promise<unknown>
}

class Recorder {
  readonly #registrations: Registration[] = []
  readonly #keys = new WeakMap<object, string>()
  readonly #settling: Promise<void>[] = []
  /** Outputs that were asked of a resource: what they stand for, and whose they are. */
  readonly #known = new WeakMap<object, { readonly value: unknown; readonly key: string }>()

  register({ resource, parent, type, name, custom, properties, options }: Request): void {
    const key = keyOf(type, name)
    this.#keys.set(resource, key)
    const isOfAws = custom && !type.startsWith('pulumi:providers:')
    const needed = new Set<string>()
    const inputs = isOfAws ? this.#plain(properties, needed) : {}
    const dependsOn = (options.dependsOn ?? []) as readonly Resource[]
    for (const one of [...dependsOn, options.provider, parent])
      if (one !== undefined) needed.add(this.#keyOf(one))
    this.#registrations.push({
      type,
      name,
      custom: isOfAws,
      inputs: inputs as Properties,
      dependencies: [...needed],
      deletedWith: options.deletedWith === undefined ? undefined : this.#keyOf(options.deletedWith),
      ignoreChanges: options.ignoreChanges ?? [],
      deleteBeforeReplace: options.deleteBeforeReplace,
      secretOutputs: options.additionalSecretOutputs ?? [],
      replacementTrigger: options.replacementTrigger,
    })
    lazily(resource, 'urn', () => output(`urn:pulumi:small::small::${key}`))
    lazily(resource, 'id', () => this.#outputOf(key, {}, 'id'))
    const secrets = options.additionalSecretOutputs ?? []
    for (const property of Object.keys(properties)) {
      const get = () => this.#outputOf(key, inputs, property, secrets.includes(property))
      Object.defineProperty(resource, property, { get })
    }
  }

  #outputOf(key: string, inputs: unknown, property: string, isSecret = false): Output<unknown> {
    const marked = (value: unknown): Output<unknown> => (isSecret ? secret(value) : output(value))
    const value = (inputs as Properties)[property] ?? ({ fromAws: [key, property] } satisfies FromAws)
    const asked = marked(value)
    // Nothing is made of what stands for a value.
    const apply = (by: MadeLater['made']['by']) => marked({ made: { of: value, by } })
    if (isFromAws(value)) Object.assign(asked, { apply })
    this.#known.set(asked, { value, key })
    return asked
  }

  /** The values that outputs stand for; adds whose they are. */
  #plain(value: unknown, needed: Set<string>): unknown {
    if (Output.isInstance(value)) {
      const known = this.#known.get(value)
      if (known === undefined) return this.#made(value)
      needed.add(known.key)
      return known.value
    }
    if (Array.isArray(value)) return value.map((one) => this.#plain(one, needed))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#plain(one, needed)]))
  }

  /** What the program makes of outputs is there only once it has run: see `settled`. */
  #made(some: Output<unknown>): MadeOfAws | MadeLater {
    const made = {}
    const settle = async () => {
      const { isSecret, value } = await settledOutput(some)
      // What is made of one thing need be no secret.
      if (isMadeLater(value) && !isSecret) Object.assign(made, value)
      else if (typeof value === 'string' && isSecret) Object.assign(made, { madeOf: value })
      else throw new Error('an input is made of what only AWS can tell, and is no secret text')
    }
    this.#settling.push(settle())
    return made as MadeOfAws | MadeLater
  }

  async settled(): Promise<readonly Registration[]> {
    await Promise.all(this.#settling)
    const settled = this.#registrations.map(async (one): Promise<Registration> => {
      const inputs = withoutUndefined(one.inputs) as Properties
      const { value: replacementTrigger } = await settledOutput(output(one.replacementTrigger))
      return { ...one, inputs, replacementTrigger }
    })
    return Promise.all(settled)
  }

  #keyOf(resource: unknown): string {
    const key = this.#keys.get(resource as object)
    if (key === undefined) throw new Error('a resource depends on one that was not registered')
    return key
  }
}

async function settledOutput(some: Output<unknown>): Promise<ProgramOutput> {
  const { isSecret, promise } = some as unknown as InsideOfOutput
  return { value: await promise(), isSecret: await isSecret }
}

async function settledOutputs(some: Readonly<Record<string, unknown>>): Promise<Asked['outputs']> {
  const settled = Object.entries(some).flatMap(([name, one]) =>
    Output.isInstance(one) ? [settledOutput(one).then((value) => [name, value] as const)] : [],
  )
  return Object.fromEntries(await Promise.all(settled))
}

function lazily(resource: Resource, name: string, make: () => Output<unknown>): void {
  let made: Output<unknown> | undefined
  Object.defineProperty(resource, name, { get: () => (made ??= make()) })
}
