import { MalformedInput } from './malformed.js'
import { parseBase64 } from './scalar.js'
import type { Member, Shape } from './shape.js'
import { requireMembers } from './xml-read.js'

type Values = Readonly<Record<string, unknown>>
const maxDepth = 64

/** Parses JSON text and reads it by a shape; members that the shape does not know are refused. */
export function readJsonText(shape: Shape, text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new MalformedInput('the body is no JSON')
  }
  return readJson(shape, value, '', 0) as Record<string, unknown>
}

function readJson(shape: Shape, value: unknown, path: string, depth: number): unknown {
  if (depth > maxDepth) throw new MalformedInput(`${path} is nested too deeply`)
  switch (shape.type) {
    case 'struct':
      return readJsonMembers(shape.members, objectOf(value, path), path, depth, shape.union)
    case 'map': {
      const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>
      for (const [key, one] of Object.entries(objectOf(value, path)))
        if (one !== null) result[key] = readJson(shape.value, one, `${path}.${key}`, depth + 1)
      return result
    }
    case 'list':
      if (!Array.isArray(value)) throw new MalformedInput(`${path || 'the body'} must be a list`)
      return value.map((one, index) => readJson(shape.item, one, `${path}[${index}]`, depth + 1))
    case 'document':
      return value
    case 'unit':
      return {}
    default:
      return readJsonScalar(shape, value, path)
  }
}

/** Reads an object's members; `null` stands for absent. */
export function readJsonMembers(
  members: readonly Member[],
  value: Values,
  path: string,
  depth: number,
  union: boolean,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, one] of Object.entries(value)) {
    if (key === '__type' && union) continue
    const member = members.find((candidate) => candidate.jsonName === key || candidate.name === key)
    if (member === undefined) throw new MalformedInput(`unknown member ${path ? `${path}.` : ''}${key}`)
    if (one !== null)
      result[member.name] = readJson(member.shape, one, path ? `${path}.${key}` : key, depth + 1)
  }
  requireMembers(members, result)
  return result
}

function objectOf(value: unknown, path: string): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedInput(`${path || 'the body'} must be an object`)
  return value as Values
}

function readJsonScalar(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      break
    case 'number':
      if (typeof value === 'number') return value
      break
    case 'bigint':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
      break
    case 'timestamp': {
      const date =
        typeof value === 'number'
          ? new Date(value * 1000)
          : typeof value === 'string'
            ? new Date(value)
            : undefined
      if (date !== undefined && !Number.isNaN(date.getTime())) return date
      break
    }
    case 'blob':
    case 'stream':
      if (typeof value === 'string') return parseBase64(value, path)
      break
    default:
      break
  }
  throw new MalformedInput(`${path} must be a ${shape.type}`)
}

/** JSON text of an output by its shape. */
export function writeJsonText(members: readonly Member[], value: Values): string {
  return JSON.stringify(jsonOfMembers(members, value))
}

function jsonOfMembers(members: readonly Member[], value: Values): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const member of members) {
    const one = value[member.name]
    if (member.place === 'body' && one !== undefined && one !== null)
      result[member.jsonName] = jsonOf(member.shape, one)
  }
  return result
}

function jsonOf(shape: Shape, value: unknown): unknown {
  switch (shape.type) {
    case 'struct':
      return jsonOfMembers(shape.members, value as Values)
    case 'list':
      return (value as readonly unknown[]).map((one) => jsonOf(shape.item, one))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as Values).map(([key, one]) => [key, jsonOf(shape.value, one)]),
      )
    case 'timestamp': {
      const date = value as Date
      if (shape.format === 'date-time') return date.toISOString()
      if (shape.format === 'http-date') return date.toUTCString()
      return date.getTime() / 1000
    }
    case 'blob':
    case 'stream':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'bigint':
      return Number(value)
    default:
      return value
  }
}
