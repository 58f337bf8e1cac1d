import { connectAws, type Aws } from './aws.js'
import type { FunctionType } from './function-type.js'
import { faultsOf, sameValue, unknownName } from './kinds.js'
import { hasUnknown, unknownValue, type Properties } from './properties.js'
import { faultsOfConfig, readConfig } from './provider-config.js'
import type { Argument, ResourceType } from './resource-type.js'

export interface Fault {
  readonly property: string
  readonly reason: string
}

/** How one argument differs from what is recorded. */
export interface Difference {
  readonly argument: string
  readonly kind: 'add' | 'delete' | 'update'
  readonly replaces: boolean
}

export interface Diff {
  readonly differences: readonly Difference[]
  readonly deleteBeforeReplace: boolean
}

/** Thrown when a resource was made and is not as it should be yet: the engine has to know of it. */
export class PartlyMade extends Error {
  constructor(
    readonly id: string,
    readonly state: Properties,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause))
  }
}

/**
 * The stand-in for the AWS provider: what it answers to the engine, free of the wire. Rejects with what AWS
 * answers, and with an error that names the type for every type that it does not know.
 */
export class Provider {
  readonly #types: ReadonlyMap<string, ResourceType>
  readonly #functions: ReadonlyMap<string, FunctionType>
  #aws: Aws | undefined

  /** `aws`: instead of what `configure` connects to. */
  constructor(types: readonly ResourceType[], functions: readonly FunctionType[] = [], aws?: Aws) {
    this.#types = new Map(types.map((type) => [type.token, type]))
    this.#functions = new Map(functions.map((one) => [one.token, one]))
    this.#aws = aws
  }

  checkConfig(inputs: Properties): readonly Fault[] {
    return faultsOfConfig(inputs)
  }

  /** Asks AWS who the credentials belong to, unless told not to, and refuses accounts that are not allowed. */
  async configure(inputs: Properties): Promise<void> {
    const config = readConfig(inputs)
    const aws = connectAws(config)
    const { allowedAccountIds, skipCredentialsValidation, skipRequestingAccountId } = config
    if (!skipRequestingAccountId && (!skipCredentialsValidation || allowedAccountIds.length > 0)) {
      const account = await aws.accountId()
      if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(account))
        throw new Error(`the credentials are of account ${account}, which is not one of allowedAccountIds`)
    }
    this.#aws = aws
  }

  check(urn: string, inputs: Properties): readonly Fault[] {
    return faultsOfInputs(this.#typeOf(urn).arguments, inputs)
  }

  /** What a function of the provider answers. Rejects with what is wrong with its arguments. */
  async invoke(token: string, inputs: Properties): Promise<Properties> {
    const called = this.#functions.get(token)
    if (called === undefined) throw new Error(`the stand-in for the AWS provider has no function ${token}`)
    const [fault] = faultsOfInputs(called.arguments, inputs)
    if (fault !== undefined) throw new Error(`${token}: ${fault.property} ${fault.reason}`)
    return called.call(inputs, this.#connected())
  }

  diff(urn: string, state: Properties, inputs: Properties, ignored: readonly string[]): Diff {
    const type = this.#typeOf(urn)
    const after = withDefaults(type, inputs)
    const differences = Object.entries(type.arguments)
      .filter(([name]) => !ignored.includes(name))
      .filter(([name, argument]) => differs(argument, state[name], after[name]))
      .map(([name, argument]): Difference => {
        if (argument.fixed === true)
          throw new Error(`${urn}: the stand-in does not change '${name}' of a ${type.token}`)
        const kind = after[name] === undefined ? 'delete' : state[name] === undefined ? 'add' : 'update'
        return { argument: name, kind, replaces: argument.replaces === true }
      })
    const { uniqueName } = type
    const keepsName = uniqueName !== undefined && !differences.some(({ argument }) => argument === uniqueName)
    return { differences, deleteBeforeReplace: keepsName && differences.some(({ replaces }) => replaces) }
  }

  /** What would be there after a creation, as far as that is known before it. */
  previewCreate(urn: string, inputs: Properties): Properties {
    const type = this.#typeOf(urn)
    const given = withDefaults(type, inputs)
    const open = Object.entries(type.arguments)
      .filter(([name, { computed }]) => computed === true && given[name] === undefined)
      .map(([name]) => name)
    return { ...given, ...Object.fromEntries([...type.outputs, ...open].map((name) => [name, unknownValue])) }
  }

  previewUpdate(urn: string, state: Properties, inputs: Properties): Properties {
    const type = this.#typeOf(urn)
    return afterUpdate(type, state, withDefaults(type, inputs))
  }

  async create(urn: string, inputs: Properties): Promise<{ id: string; state: Properties }> {
    const type = this.#typeOf(urn)
    const given = withDefaults(type, inputs)
    const { id, once, finish } = await type.create(given, this.#connected())
    const known = { ...given, ...once }
    try {
      await finish?.()
    } catch (error) {
      throw new PartlyMade(id, (await this.#stateOf(type, id, known)) ?? known, error)
    }
    const state = await this.#stateOf(type, id, known)
    if (state === undefined) throw new PartlyMade(id, known, new Error(`${id} was made and is not there`))
    return { id, state }
  }

  /** `undefined` when the thing is gone. */
  async read(urn: string, id: string, known: Properties): Promise<Properties | undefined> {
    return this.#stateOf(this.#typeOf(urn), id, known)
  }

  /** The inputs that stand for a state that was read: of those that were given, or of all on an import. */
  inputsOf(urn: string, state: Properties, given: Properties): Properties {
    const type = this.#typeOf(urn)
    const known = Object.keys(given).filter((name) => type.arguments[name] !== undefined)
    const names = known.length > 0 ? known : Object.keys(type.arguments)
    return Object.fromEntries(names.map((name) => [name, state[name]]))
  }

  async update(urn: string, id: string, state: Properties, inputs: Properties): Promise<Properties> {
    const type = this.#typeOf(urn)
    if (type.update === undefined) throw new Error(`a ${type.token} cannot be changed in place`)
    const before = withDefaults(type, state)
    const after = withDefaults(type, inputs)
    const changed = (name: string) => {
      const argument = type.arguments[name]
      return argument !== undefined && differs(argument, before[name], after[name])
    }
    await type.update(id, { before, after, changed }, this.#connected())
    const known = afterUpdate(type, state, after)
    const updated = await this.#stateOf(type, id, known)
    if (updated === undefined) throw new Error(`${id} was changed and is not there`)
    return updated
  }

  async delete(urn: string, id: string, state: Properties): Promise<void> {
    await this.#typeOf(urn).delete(id, state, this.#connected())
  }

  /** The names of those outputs that are secret. */
  secretsOf(urn: string): readonly string[] {
    return this.#typeOf(urn).secrets ?? []
  }

  /** What AWS tells; where it means what was known, as it was written. */
  async #stateOf(type: ResourceType, id: string, known: Properties): Promise<Properties | undefined> {
    const found = await type.read(id, this.#connected(), known)
    if (found === undefined) return undefined
    const state: Record<string, unknown> = {}
    for (const name of [...Object.keys(type.arguments), ...type.outputs]) {
      const argument = type.arguments[name]
      const unchanged = argument !== undefined && known[name] !== undefined
      if (!(name in found)) state[name] = known[name]
      else if (unchanged && isSame(argument, known[name], found[name])) state[name] = known[name]
      else state[name] = found[name]
    }
    return state
  }

  #typeOf(urn: string): ResourceType {
    const token = urn.split('::')[2]?.split('$').at(-1) ?? ''
    const type = this.#types.get(token)
    if (type === undefined)
      throw new Error(
        `the stand-in for the AWS provider has no ${token}; it has ${[...this.#types.keys()].join(', ')}`,
      )
    return type
  }

  #connected(): Aws {
    if (this.#aws === undefined) throw new Error('the provider was not configured')
    return this.#aws
  }
}

function faultsOfInputs(known: Readonly<Record<string, Argument>>, inputs: Properties): readonly Fault[] {
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required === true && inputs[name] === undefined)
    .map(([property]) => ({ property, reason: 'is missing; the stand-in makes up no values' }))
  const wrong = Object.entries(inputs).flatMap(([property, value]) => {
    const kind = known[property]?.kind
    if (kind === undefined) return [{ property, reason: unknownName(property, Object.keys(known)) }]
    return faultsOf(kind, value, property)
  })
  return [...missing, ...wrong]
}

function withDefaults(type: ResourceType, inputs: Properties): Properties {
  const defaults = Object.entries(type.arguments)
    .filter(([name, argument]) => argument.default !== undefined && inputs[name] === undefined)
    .map(([name, argument]) => [name, argument.default])
  return { ...inputs, ...Object.fromEntries(defaults) }
}

/** An argument that is not given any more is gone, unless it is AWS's to decide. */
function afterUpdate(type: ResourceType, state: Properties, after: Properties): Properties {
  const known: Record<string, unknown> = {}
  for (const [name, argument] of Object.entries(type.arguments))
    known[name] = after[name] ?? (argument.computed === true ? state[name] : undefined)
  for (const name of type.outputs) known[name] ??= state[name]
  return known
}

function differs(argument: Argument, before: unknown, after: unknown): boolean {
  if (hasUnknown(after)) return true
  if (after === undefined && argument.computed === true) return false
  return !isSame(argument, before, after)
}

function isSame(argument: Argument, one: unknown, other: unknown): boolean {
  if (sameValue(argument.kind, one, other)) return true
  const { same } = argument
  return same !== undefined && typeof one === 'string' && typeof other === 'string' && same(one, other)
}
