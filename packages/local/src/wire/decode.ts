import { readJsonText } from './json.js'
import { MalformedInput } from './malformed.js'
import { readQueryInput } from './query-read.js'
import { parseScalar } from './scalar.js'
import type { OperationSchema } from './service-schema.js'
import type { Member, Shape, StructShape } from './shape.js'
import { parseXml } from './xml-parse.js'
import { readBodyMembers, readXml, requireMembers } from './xml-read.js'

/** The parts of a request that an input is made of. */
export interface InputParts {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: ReadonlyMap<string, string>
  /** The same as they were sent: a list is a parameter that comes more than once. */
  readonly queryPairs: readonly (readonly [string, string])[]
  /** Values of the path's labels by member name. */
  readonly labels: Readonly<Record<string, string>>
}

/** Whether the input has a member that is streamed, so that the body is not to be collected before the operation. */
export function streamedMember(schema: OperationSchema): Member | undefined {
  return bindingsOf(schema.input).streamed
}

/** The input of a REST operation without its body: enough to decide on a streamed upload. */
export function decodeBindings(schema: OperationSchema, parts: InputParts): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const member of bindingsOf(schema.input).bound) readBound(member, parts, input)
  return input
}

interface Bindings {
  readonly bound: readonly Member[]
  readonly body: readonly Member[]
  readonly payload: Member | undefined
  readonly streamed: Member | undefined
}
const bindingsByStruct = new WeakMap<StructShape, Bindings>()

function bindingsOf(shape: StructShape): Bindings {
  let found = bindingsByStruct.get(shape)
  if (found === undefined) {
    const payload = shape.members.find((member) => member.place === 'payload')
    found = {
      bound: shape.members.filter((member) => member.place !== 'body' && member.place !== 'payload'),
      body: shape.members.filter((member) => member.place === 'body'),
      payload,
      streamed: payload?.shape.type === 'stream' ? payload : undefined,
    }
    bindingsByStruct.set(shape, found)
  }
  return found
}

function readBound(member: Member, parts: InputParts, input: Record<string, unknown>): void {
  const { shape, name, placeName } = member
  switch (member.place) {
    case 'header': {
      const text = parts.headers[placeName]
      if (text !== undefined) input[name] = readHeader(shape, text, placeName)
      return
    }
    case 'query': {
      if (shape.type === 'list') {
        const texts = parts.queryPairs.filter(([given]) => given === placeName)
        if (texts.length > 0)
          input[name] = texts.map(([, text]) => readText(shape.item, text, 'date-time', placeName))
        return
      }
      const text = parts.query.get(placeName)
      if (text !== undefined) input[name] = readText(shape, text, 'date-time', placeName)
      return
    }
    case 'label':
      input[name] = parts.labels[name]
      return
    case 'prefixHeaders': {
      let found: Record<string, string> | undefined
      for (const header in parts.headers)
        if (header.startsWith(placeName))
          (found ??= {})[header.slice(placeName.length)] = parts.headers[header] ?? ''
      if (found) input[name] = found
      return
    }
    case 'queryParams':
      input[name] = Object.fromEntries(parts.query)
      return
    default:
  }
}

function readHeader(shape: Shape, text: string, place: string): unknown {
  if (shape.type === 'list')
    return text.split(',').map((part) => readText(shape.item, part.trim(), 'http-date', place))
  return readText(shape, text, 'http-date', place)
}

function readText(shape: Shape, text: string, format: 'date-time' | 'http-date', place: string): unknown {
  return parseScalar(shape, text, format, place)
}

/** Adds what the collected body holds. Throws `MalformedInput`. */
export function decodeRestBody(
  schema: OperationSchema,
  body: Uint8Array,
  input: Record<string, unknown>,
): Record<string, unknown> {
  const { payload, body: bodyMembers } = bindingsOf(schema.input)
  if (payload !== undefined) {
    if (payload.shape.type === 'blob' || payload.shape.type === 'stream') input[payload.name] = body
    else if (payload.shape.type === 'string') input[payload.name] = utf8(body)
    else if (body.length > 0) input[payload.name] = readPayload(schema, payload, utf8(body))
  } else if (bodyMembers.length > 0 && body.length > 0) {
    if (schema.protocol === 'restJson')
      Object.assign(input, readJsonText({ ...schema.input, members: bodyMembers }, utf8(body)))
    else Object.assign(input, readBodyMembers(schema.input, bodyMembers, parseXml(utf8(body))))
  }
  requireMembers(schema.input.members, input)
  return input
}

function readPayload(schema: OperationSchema, payload: Member, text: string): unknown {
  if (schema.protocol === 'restJson') return readJsonText(payload.shape, text)
  const root = parseXml(text)
  if (root.name !== payload.xmlName) throw new MalformedInput(`the root element must be ${payload.xmlName}`)
  return readXml(payload.shape, root)
}

/** The input of a query or JSON operation. Throws `MalformedInput`. */
export function decodeRpcInput(
  schema: OperationSchema,
  body: Uint8Array,
  query: ReadonlyMap<string, string>,
): Record<string, unknown> {
  if (schema.protocol === 'json') return readJsonText(schema.input, utf8(body))
  const form = parseForm(utf8(body))
  return readQueryInput(schema.input, form.length > 0 ? form : query)
}

/** `application/x-www-form-urlencoded` to pairs. Throws `MalformedInput` for what is not UTF-8. */
export function parseForm(text: string): readonly (readonly [string, string])[] {
  if (text === '') return []
  return text.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new MalformedInput('the form is not percent-encoded UTF-8')
  }
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true })

function utf8(bytes: Uint8Array): string {
  try {
    return utf8Decoder.decode(bytes)
  } catch {
    throw new MalformedInput('the body is not UTF-8')
  }
}
