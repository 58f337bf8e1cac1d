import type { ResponseBody } from '../http/response-body.js'
import { writeJsonText } from './json.js'
import { printScalar } from './scalar.js'
import type { OperationSchema } from './service-schema.js'
import type { Member, StructShape } from './shape.js'
import { escapeXml, xmlElement, writeMembers, writeStruct } from './xml-write.js'

/** An answer, ready to be sent. */
export interface WireResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | ResponseBody
}

type Values = Readonly<Record<string, unknown>>

/** An output of an operation as its protocol's answer. */
export function encodeOutput(schema: OperationSchema, output: Values, requestId: string): WireResponse {
  switch (schema.protocol) {
    case 'query':
      return encodeQuery(schema, output, requestId)
    case 'json':
      return {
        status: 200,
        headers: { 'x-amzn-requestid': requestId, 'content-type': 'application/x-amz-json-1.1' },
        body: schema.output.members.length > 0 ? writeJsonText(schema.output.members, output) : '',
      }
    case 'restXml':
    case 'restJson':
      return encodeRest(schema, output, requestId)
  }
}

function encodeQuery(schema: OperationSchema, output: Values, requestId: string): WireResponse {
  const result =
    schema.output.members.length > 0 ? writeStruct(schema.output, output, `${schema.name}Result`) : ''
  const body =
    `<${schema.name}Response xmlns="${schema.xmlNamespace}">${result}` +
    `<ResponseMetadata>${xmlElement('RequestId', requestId)}</ResponseMetadata></${schema.name}Response>`
  return { status: 200, headers: { 'x-amzn-requestid': requestId, 'content-type': 'text/xml' }, body }
}

const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

interface Bindings {
  readonly headers: readonly Member[]
  readonly payload: Member | undefined
  readonly hasBody: boolean
}
const bindingsByStruct = new WeakMap<StructShape, Bindings>()

function bindingsOf(shape: StructShape): Bindings {
  let found = bindingsByStruct.get(shape)
  if (found === undefined) {
    found = {
      headers: shape.members.filter((one) => one.place === 'header' || one.place === 'prefixHeaders'),
      payload: shape.members.find((one) => one.place === 'payload'),
      hasBody: shape.members.some((one) => one.place === 'body'),
    }
    bindingsByStruct.set(shape, found)
  }
  return found
}

function encodeRest(schema: OperationSchema, output: Values, requestId: string): WireResponse {
  const { headers: headerMembers, payload, hasBody } = bindingsOf(schema.output)
  const headers: Record<string, string> = {
    [schema.protocol === 'restXml' ? 'x-amz-request-id' : 'x-amzn-requestid']: requestId,
  }
  for (const member of headerMembers) {
    const value = output[member.name]
    if (value !== undefined && value !== null) writeHeader(member, value, headers)
  }
  const status = schema.http?.status ?? 200
  if (payload !== undefined) {
    const value = output[payload.name]
    return { status, headers, body: value === undefined ? '' : payloadBody(schema, payload, value, headers) }
  }
  if (!hasBody) return { status, headers, body: '' }
  if (schema.protocol === 'restJson') {
    headers['content-type'] = 'application/json'
    return { status, headers, body: writeJsonText(schema.output.members, output) }
  }
  headers['content-type'] = 'application/xml'
  return { status, headers, body: xmlDeclaration + rootOf(schema, output) }
}

/** GetBucketLocation's root holds the text itself. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
function rootOf(schema: OperationSchema, output: Values): string {
  const root = schema.output.xmlName ?? schema.output.name
  const xmlns = ` xmlns="${schema.xmlNamespace}"`
  if (schema.service === 's3' && schema.name === 'GetBucketLocation') {
    const location = output['LocationConstraint']
    return location === undefined
      ? `<${root}${xmlns}/>`
      : `<${root}${xmlns}>${escapeXml(String(location))}</${root}>`
  }
  return `<${root}${xmlns}>${writeMembers(schema.output.members, output)}</${root}>`
}

function payloadBody(
  schema: OperationSchema,
  payload: Member,
  value: unknown,
  headers: Record<string, string>,
): string | ResponseBody {
  const { shape } = payload
  if (shape.type === 'stream') return value as ResponseBody
  if (shape.type === 'blob') return [value as Uint8Array]
  if (shape.type === 'string') {
    headers['content-type'] ??= 'application/json'
    return value as string
  }
  if (shape.type !== 'struct') throw new Error(`payload of ${schema.name} cannot be written`)
  if (schema.protocol === 'restJson') {
    headers['content-type'] = 'application/json'
    return writeJsonText(shape.members, value as Values)
  }
  headers['content-type'] = 'application/xml'
  return (
    xmlDeclaration + writeStruct(shape, value as Values, payload.xmlName, ` xmlns="${schema.xmlNamespace}"`)
  )
}

function writeHeader(member: Member, value: unknown, headers: Record<string, string>): void {
  const { shape, placeName } = member
  if (member.place === 'prefixHeaders') {
    for (const [key, one] of Object.entries(value as Values)) headers[placeName + key] = String(one)
  } else if (shape.type === 'list') {
    headers[placeName] = (value as readonly unknown[])
      .map((one) => printScalar(shape.item, one, 'http-date'))
      .join(', ')
  } else {
    headers[placeName] = printScalar(shape, value, 'http-date')
  }
}
