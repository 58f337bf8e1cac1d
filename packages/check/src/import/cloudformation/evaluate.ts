import { field, type Fields, isFields } from '../fields.js'
import type { Scope } from '../inventory.js'
import { findUndetermined, Undetermined } from '../undetermined.js'

/** The value of `AWS::NoValue`: the property that has it is not there. */
const noValue = Symbol('AWS::NoValue')

/** A template has at most a megabyte, and a policy 20 kilobytes. */
const maxTextLength = 1_048_576

/** What `Ref` and `Fn::GetAtt` give of a resource of the template. */
export interface References {
  readonly ref: (logicalId: string, evaluator: Evaluator) => unknown
  readonly attribute: (logicalId: string, name: string, evaluator: Evaluator) => unknown
}

/**
 * Resolves what the functions of a template give, as far as the template and the account determine it; the rest is an
 * `Undetermined`. [intrinsic-function-reference]
 */
export class Evaluator {
  /** What is being evaluated. */
  private readonly open = new Set<string>()
  private readonly known = new Map<string, unknown>()
  /** Parameters whose defaults were taken. */
  readonly defaults = new Set<string>()

  constructor(
    readonly template: Fields,
    readonly scope: Scope,
    private readonly references: References,
  ) {}

  /** A value without functions. Undefined: it is not there. */
  value(node: unknown): unknown {
    const value = this.resolve(node)
    return value === noValue ? undefined : value
  }

  /** The properties of a resource. */
  properties(logicalId: string): Fields | Undetermined {
    const properties = this.value(field(this.resource(logicalId), 'Properties'))
    if (properties instanceof Undetermined) return properties
    return isFields(properties) ? properties : {}
  }

  /** A resource as it is written. */
  resource(logicalId: string): unknown {
    return field(field(this.template, 'Resources'), logicalId)
  }

  /** Whether a condition of the template holds. */
  condition(name: string): boolean | Undetermined {
    const node = field(field(this.template, 'Conditions'), name)
    if (node === undefined) return new Undetermined(`the template has no condition ${name}`)
    return this.once(`condition ${name}`, () => this.truth(node)) as boolean | Undetermined
  }

  private resolve(node: unknown): unknown {
    const value = this.functionsOf(node)
    return typeof value === 'string' && value.includes('{{resolve:')
      ? new Undetermined('a dynamic reference, {{resolve:…}}, is read at deployment')
      : value
  }

  private functionsOf(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.resolve(item)).filter((item) => item !== noValue)
    if (!isFields(node)) return node
    const [key, ...more] = Object.keys(node)
    if (key !== undefined && more.length === 0 && (key === 'Ref' || key.startsWith('Fn::')))
      return this.call(key, node[key])
    const entries = Object.entries(node).map(([name, value]) => [name, this.resolve(value)] as const)
    const loop = entries.find(([name]) => name.startsWith('Fn::'))
    if (loop) return new Undetermined(`${loop[0]} is not evaluated`)
    return Object.fromEntries(entries.filter(([, value]) => value !== noValue))
  }

  private call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.ref(argument)
      case 'Fn::GetAtt':
        return this.attribute(argument)
      case 'Fn::If':
        return this.choose(argument)
      case 'Fn::Sub':
        return this.substitute(argument)
      case 'Fn::Join':
        return this.join(this.resolve(argument))
      case 'Fn::Select':
        return this.select(this.resolve(argument))
      case 'Fn::Split':
        return this.split(this.resolve(argument))
      case 'Fn::FindInMap':
        return this.find(this.resolve(argument))
      case 'Fn::ToJsonString': {
        const value = this.value(argument)
        return findUndetermined(value) ?? bounded(JSON.stringify(value) ?? '')
      }
      case 'Fn::Equals':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return this.truth({ [name]: argument })
      default:
        return new Undetermined(`${name} is not determined by the template`)
    }
  }

  private ref(name: unknown): unknown {
    if (typeof name !== 'string') return new Undetermined('a Ref does not name anything')
    if (name.startsWith('AWS::')) return this.pseudoParameter(name)
    const parameter = field(field(this.template, 'Parameters'), name)
    if (parameter !== undefined) {
      const value = defaultOf(name, parameter)
      if (!(value instanceof Undetermined)) this.defaults.add(name)
      return value
    }
    if (this.resource(name) === undefined) return new Undetermined(`the template has nothing called ${name}`)
    return this.once(`reference ${name}`, () => this.references.ref(name, this))
  }

  private pseudoParameter(name: string): unknown {
    const { account, partition, region } = this.scope
    switch (name) {
      case 'AWS::NoValue':
        return noValue
      case 'AWS::AccountId':
        return account
      case 'AWS::Partition':
        return partition
      case 'AWS::Region':
        return region ?? new Undetermined('the region is not known (AWS::Region)')
      case 'AWS::URLSuffix':
        return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
      default:
        return new Undetermined(`${name} is known at deployment only`)
    }
  }

  private attribute(argument: unknown): unknown {
    const path = typeof argument === 'string' ? /^([^.]*)\.(.*)$/.exec(argument)?.slice(1) : argument
    const [name, attribute] = Array.isArray(path) ? path : []
    const key: unknown = this.value(attribute)
    if (typeof name !== 'string' || typeof key !== 'string')
      return new Undetermined('a GetAtt does not name an attribute')
    if (this.resource(name) === undefined) return new Undetermined(`the template has nothing called ${name}`)
    return this.once(`attribute ${name}.${key}`, () => this.references.attribute(name, key, this))
  }

  private choose(argument: unknown): unknown {
    const [name, then, otherwise] = Array.isArray(argument) ? (argument as unknown[]) : []
    const holds = typeof name === 'string' ? this.condition(name) : new Undetermined('an If has no condition')
    if (holds instanceof Undetermined) return holds
    return this.resolve(holds ? then : otherwise)
  }

  private substitute(argument: unknown): unknown {
    const [text, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument]
    if (typeof text !== 'string') return new Undetermined('a Sub has no text')
    let undetermined: Undetermined | undefined
    const result = text.replaceAll(/\$\{([^}]*)\}/g, (whole, inner: string) => {
      // `${!Name}` stands for `${Name}` itself, e.g. a policy variable.
      if (inner.startsWith('!')) return `\${${inner.slice(1)}}`
      const name = inner.trim()
      const given = field(variables, name)
      const value =
        given === undefined
          ? name.includes('.')
            ? this.attribute(name)
            : this.ref(name)
          : this.resolve(given)
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return String(value)
      undetermined ??= findUndetermined(value) ?? new Undetermined(`\${${name}} of a Sub is no text`)
      return whole
    })
    return undetermined ?? bounded(result)
  }

  private join(argument: unknown): unknown {
    const [delimiter, items] = Array.isArray(argument) ? (argument as unknown[]) : []
    const undetermined = findUndetermined(argument)
    if (undetermined) return undetermined
    if (typeof delimiter !== 'string' || !Array.isArray(items)) return new Undetermined('a Join has no list')
    return bounded(items.map(String).join(delimiter))
  }

  private select(argument: unknown): unknown {
    const [index, items] = Array.isArray(argument) ? (argument as unknown[]) : []
    const undetermined = findUndetermined(index) ?? (items instanceof Undetermined ? items : undefined)
    if (undetermined) return undetermined
    const item: unknown = Array.isArray(items) ? items[Number(index)] : undefined
    return item ?? new Undetermined('a Select picks nothing')
  }

  private split(argument: unknown): unknown {
    const [delimiter, text] = Array.isArray(argument) ? (argument as unknown[]) : []
    const undetermined = findUndetermined(argument)
    if (undetermined) return undetermined
    if (typeof delimiter !== 'string' || typeof text !== 'string')
      return new Undetermined('a Split has no text')
    return text.split(delimiter)
  }

  private find(argument: unknown): unknown {
    const [map, first, second, rest] = Array.isArray(argument) ? (argument as unknown[]) : []
    const undetermined = findUndetermined([map, first, second])
    if (undetermined) return undetermined
    const found = field(
      field(field(field(this.template, 'Mappings'), String(map)), String(first)),
      String(second),
    )
    return (
      found ?? field(rest, 'DefaultValue') ?? new Undetermined(`the mapping ${String(map)} has no such entry`)
    )
  }

  private truth(node: unknown): boolean | Undetermined {
    if (!isFields(node)) return new Undetermined('a condition is no function')
    const [name] = Object.keys(node)
    const argument: unknown = name === undefined ? undefined : node[name]
    const parts = Array.isArray(argument) ? (argument as unknown[]) : []
    switch (name) {
      case 'Condition':
        return this.condition(String(argument))
      case 'Fn::Equals': {
        const [one, other] = [this.value(parts[0]), this.value(parts[1])]
        return findUndetermined([one, other]) ?? String(one) === String(other)
      }
      case 'Fn::Not':
        return negate(this.truth(parts[0]))
      case 'Fn::Or':
        return this.any(parts, true)
      case 'Fn::And':
        return this.any(parts, false)
      default:
        return new Undetermined(`the condition ${name ?? ''} is not understood`)
    }
  }

  /** `decisive` as soon as one part is it; otherwise its opposite, if all are told. */
  private any(parts: readonly unknown[], decisive: boolean): boolean | Undetermined {
    const results = parts.map((part) => this.truth(part))
    if (results.includes(decisive)) return decisive
    return results.find((result) => result instanceof Undetermined) ?? !decisive
  }

  /** Evaluates it once, however often it is named. What refers to itself has no value. */
  private once(key: string, evaluate: () => unknown): unknown {
    if (this.known.has(key)) return this.known.get(key)
    if (this.open.has(key)) return new Undetermined(`${key} refers to itself`)
    this.open.add(key)
    const value = evaluate()
    this.open.delete(key)
    this.known.set(key, value)
    return value
  }
}

/** Texts that are put together of texts double with each step. */
function bounded(text: string): string | Undetermined {
  return text.length > maxTextLength ? new Undetermined('a text of the template is too long') : text
}

function negate(value: boolean | Undetermined): boolean | Undetermined {
  return value instanceof Undetermined ? value : !value
}

/** A template is read with the defaults of its parameters. */
function defaultOf(name: string, parameter: unknown): unknown {
  const type = field(parameter, 'Type')
  const value = field(parameter, 'Default')
  if (value === undefined) return new Undetermined(`the parameter ${name} has no default`)
  if (typeof type === 'string' && type.startsWith('AWS::SSM::'))
    return new Undetermined(`the parameter ${name} is read from Systems Manager at deployment`)
  const isList = type === 'CommaDelimitedList' || (typeof type === 'string' && type.startsWith('List<'))
  return isList
    ? String(value)
        .split(',')
        .map((item) => item.trim())
    : String(value)
}
