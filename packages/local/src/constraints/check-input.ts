import { readFileSync } from 'node:fs'
import { AwsError } from '../aws-error.js'
import type { ServiceName } from '../call.js'
import { matchesPattern } from './match-pattern.js'

/** What the service's model says of a shape beyond its type. `min` and `max` are of lengths or of numbers. */
interface Shape {
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly required?: readonly string[]
  readonly members?: Readonly<Record<string, string>>
  readonly item?: string
}

interface Model {
  /** Operation to the name of its input's shape. */
  readonly operations: Readonly<Record<string, string>>
  readonly shapes: Readonly<Record<string, Shape>>
}

interface Failure {
  readonly path: string
  readonly value?: string
  readonly constraint: string
}

/** Where the code is not that of most JSON services. */
const codes: Partial<Readonly<Record<ServiceName, string>>> = {
  iam: 'ValidationError',
  sts: 'ValidationError',
  organizations: 'InvalidInputException',
}

const maximumFailures = 10
const secretName = /password|secret|token|plaintext|document|code/i

let models: Readonly<Record<string, Model>> | undefined

function readModels(): Readonly<Record<string, Model>> {
  const file = new URL('../../data/constraints.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { services: Readonly<Record<string, Model>> }).services
}

/**
 * Refuses an input that breaks a length, range, pattern, enumeration or requirement of the service's model, in
 * AWS's words. Operations that the models do not hold are not limited here.
 */
export function checkInput(service: ServiceName, operation: string, input: unknown): void {
  models ??= readModels()
  const model = models[service]
  const shape = model?.operations[operation]
  if (model === undefined || shape === undefined) return
  const failures: Failure[] = []
  check(model, shape, input, '', failures)
  if (failures.length === 0) return
  const one = failures.length === 1
  const list = failures.map(
    ({ path, value, constraint }) =>
      `Value ${value === undefined ? '' : `'${value}' `}at '${path}' failed to satisfy constraint: ${constraint}`,
  )
  const text = `${failures.length} validation error${one ? '' : 's'} detected: ${list.join('; ')}`
  throw new AwsError(codes[service] ?? 'ValidationException', text, 400)
}

function check(model: Model, name: string, value: unknown, path: string, failures: Failure[]): void {
  const shape = model.shapes[name]
  if (shape === undefined || failures.length >= maximumFailures) return
  const fail = (constraint: string, shown?: string) =>
    failures.push({ path, constraint, ...(shown === undefined ? {} : { value: shown }) })
  if (typeof value === 'string') checkText(shape, value, path, fail)
  else if (typeof value === 'number') checkRange(shape, value, 'value', fail, String(value))
  else if (value instanceof Uint8Array) checkRange(shape, value.length, 'length', fail)
  else if (Array.isArray(value)) {
    checkRange(shape, value.length, 'length', fail)
    if (shape.item === undefined) return
    for (const [index, item] of value.entries()) {
      check(model, shape.item, item, `${path}.${index + 1}.member`, failures)
    }
  } else if (typeof value === 'object' && value !== null && shape.members !== undefined) {
    checkMembers(model, shape, value as Readonly<Record<string, unknown>>, path, failures)
  }
}

function checkMembers(
  model: Model,
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  failures: Failure[],
): void {
  for (const member of shape.required ?? []) {
    if (value[member] !== undefined) continue
    failures.push({ path: join(path, member), value: 'null', constraint: 'Member must not be null' })
  }
  for (const [member, target] of Object.entries(shape.members ?? {})) {
    if (value[member] !== undefined) check(model, target, value[member], join(path, member), failures)
  }
}

type Fail = (constraint: string, shown?: string) => void

function checkText(shape: Shape, text: string, path: string, fail: Fail): void {
  const shown = secretName.test(path) ? undefined : text.slice(0, 256)
  const before = fail
  let failed = false
  const note: Fail = (constraint) => {
    failed = true
    before(constraint, shown)
  }
  checkRange(shape, text.length, 'length', note)
  if (failed) return
  if (shape.pattern !== undefined && !matchesPattern(shape.pattern, text)) {
    note(`Member must satisfy regular expression pattern: ${shape.pattern}`)
  }
  if (shape.enum !== undefined && !shape.enum.includes(text)) {
    note(`Member must satisfy enum value set: [${shape.enum.join(', ')}]`)
  }
}

function checkRange(shape: Shape, size: number, what: 'length' | 'value', fail: Fail, shown?: string): void {
  if (shape.min !== undefined && size < shape.min) {
    fail(`Member must have ${what} greater than or equal to ${shape.min}`, shown)
  }
  if (shape.max !== undefined && size > shape.max) {
    fail(`Member must have ${what} less than or equal to ${shape.max}`, shown)
  }
}

function join(path: string, member: string): string {
  const name = member.slice(0, 1).toLowerCase() + member.slice(1)
  return path === '' ? name : `${path}.${name}`
}
