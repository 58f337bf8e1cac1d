import { NormalizedSchema } from '@smithy/core/schema'

/** A type of the wire, made from the runtime schema of the SDK. */
export type Shape =
  | { readonly type: 'string' | 'boolean' | 'number' | 'bigint' | 'blob' | 'stream' | 'document' | 'unit' }
  | { readonly type: 'timestamp'; readonly format: TimestampFormat | undefined }
  | ListShape
  | MapShape
  | StructShape

/** What a timestamp looks like where the schema says so; otherwise the place decides (header, XML, JSON). */
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds'

export interface ListShape {
  readonly type: 'list'
  readonly item: Shape
  /** The element of one item, where the list is not flattened. */
  readonly itemName: string
}

export interface MapShape {
  readonly type: 'map'
  readonly value: Shape
  readonly keyName: string
  readonly valueName: string
}

export interface StructShape {
  readonly type: 'struct'
  readonly name: string
  /** The XML root that the schema asks for. */
  readonly xmlName: string | undefined
  readonly union: boolean
  readonly members: readonly Member[]
}

/** Where a member of an HTTP-bound structure travels. */
export type Place =
  'body' | 'payload' | 'header' | 'prefixHeaders' | 'query' | 'queryParams' | 'label' | 'status'

export interface Member {
  /** The SDK's name. */
  readonly name: string
  /** Its element in XML and its key in the query protocol. */
  readonly xmlName: string
  readonly jsonName: string
  readonly shape: Shape
  readonly place: Place
  /** Lower-case header name or prefix, or the query parameter. */
  readonly placeName: string
  readonly required: boolean
  readonly flat: boolean
  readonly attribute: boolean
  readonly sensitive: boolean
  readonly idempotencyToken: boolean
  /** `[prefix, uri]` of a namespace declared on this element. */
  readonly xmlns: readonly [string, string] | undefined
}

const shapes = new Map<unknown, Shape>()

/** The shape of a schema; the same object for the same schema, so recursive types are finite. */
export function shapeOf(schema: NormalizedSchema): Shape {
  const raw: unknown = schema.getSchema()
  const known = typeof raw === 'object' && shapes.get(raw)
  if (known) return known
  const made = makeShape(schema)
  if (typeof raw === 'object') shapes.set(raw, made)
  return made
}

function makeShape(schema: NormalizedSchema): Shape {
  if (schema.isUnitSchema()) return { type: 'unit' }
  if (schema.isStructSchema()) return new LazyStruct(schema)
  if (schema.isListSchema()) return new LazyList(schema)
  if (schema.isMapSchema()) return new LazyMap(schema)
  if (schema.isTimestampSchema()) return { type: 'timestamp', format: timestampFormat(schema) }
  if (schema.isStreaming()) return { type: 'stream' }
  if (schema.isBlobSchema()) return { type: 'blob' }
  if (schema.isBooleanSchema()) return { type: 'boolean' }
  if (schema.isBigIntegerSchema()) return { type: 'bigint' }
  if (schema.isNumericSchema() || schema.isBigDecimalSchema()) return { type: 'number' }
  if (schema.isDocumentSchema()) return { type: 'document' }
  return { type: 'string' }
}

/** Smithy's numbers for timestamps: 5 date-time, 6 http-date, 7 epoch seconds; 4 leaves it to the place. */
function timestampFormat(schema: NormalizedSchema): TimestampFormat | undefined {
  switch (schema.getSchema()) {
    case 5:
      return 'date-time'
    case 6:
      return 'http-date'
    case 7:
      return 'epoch-seconds'
    default:
      return undefined
  }
}

class LazyStruct implements StructShape {
  readonly type = 'struct'
  readonly name: string
  readonly xmlName: string | undefined
  readonly union: boolean
  private made: readonly Member[] | undefined

  constructor(private readonly schema: NormalizedSchema) {
    this.name = schema.getName() ?? ''
    const own = schema.getOwnTraits() as { readonly xmlName?: string }
    this.xmlName = own.xmlName
    this.union = schema.isUnionSchema()
  }

  get members(): readonly Member[] {
    this.made ??= [...this.schema.structIterator()].map(([name, member], index) =>
      makeMember(name, member, index < requiredCount(this.schema)),
    )
    return this.made
  }
}

class LazyList implements ListShape {
  readonly type = 'list'
  readonly itemName: string
  private made: Shape | undefined
  constructor(private readonly schema: NormalizedSchema) {
    this.itemName = traitsOf(schema.getValueSchema()).xmlName ?? 'member'
  }
  get item(): Shape {
    return (this.made ??= shapeOf(this.schema.getValueSchema()))
  }
}

class LazyMap implements MapShape {
  readonly type = 'map'
  readonly keyName: string
  readonly valueName: string
  private made: Shape | undefined
  constructor(private readonly schema: NormalizedSchema) {
    this.keyName = traitsOf(schema.getKeySchema()).xmlName ?? 'key'
    this.valueName = traitsOf(schema.getValueSchema()).xmlName ?? 'value'
  }
  get value(): Shape {
    return (this.made ??= shapeOf(this.schema.getValueSchema()))
  }
}

interface Traits {
  readonly xmlName?: string
  readonly jsonName?: string
  readonly xmlFlattened?: unknown
  readonly xmlAttribute?: unknown
  readonly xmlNamespace?: readonly [string, string]
  readonly sensitive?: unknown
  readonly idempotencyToken?: unknown
  readonly httpHeader?: string
  readonly httpPrefixHeaders?: string
  readonly httpQuery?: string
  readonly httpQueryParams?: unknown
  readonly httpLabel?: unknown
  readonly httpPayload?: unknown
  readonly httpResponseCode?: unknown
}

function traitsOf(schema: NormalizedSchema): Traits {
  return schema.getMergedTraits() as Traits
}

/** Structure schemas carry, after names and schemas, how many of their first members are required. */
function requiredCount(schema: NormalizedSchema): number {
  const raw = schema.getSchema() as unknown as readonly unknown[]
  return typeof raw[6] === 'number' ? raw[6] : 0
}

function makeMember(name: string, schema: NormalizedSchema, required: boolean): Member {
  const traits = traitsOf(schema)
  const own = schema.getMemberTraits() as Traits
  const payload = traits.httpPayload !== undefined
  const shape = shapeOf(schema)
  const structName = shape.type === 'struct' ? shape.name : name
  return {
    name,
    xmlName: payload ? (traits.xmlName ?? structName) : (own.xmlName ?? traits.xmlName ?? name),
    jsonName: traits.jsonName ?? name,
    shape: schema.isStreaming() && shape.type === 'blob' ? { type: 'stream' } : shape,
    ...placeOf(traits),
    required,
    flat: traits.xmlFlattened !== undefined,
    attribute: traits.xmlAttribute !== undefined,
    sensitive: traits.sensitive !== undefined,
    idempotencyToken: traits.idempotencyToken !== undefined,
    xmlns: traits.xmlNamespace,
  }
}

function placeOf(traits: Traits): { place: Place; placeName: string } {
  if (traits.httpPayload !== undefined) return { place: 'payload', placeName: '' }
  if (traits.httpHeader !== undefined) return { place: 'header', placeName: traits.httpHeader.toLowerCase() }
  if (traits.httpPrefixHeaders !== undefined)
    return { place: 'prefixHeaders', placeName: traits.httpPrefixHeaders.toLowerCase() }
  if (traits.httpQuery !== undefined) return { place: 'query', placeName: traits.httpQuery }
  if (traits.httpQueryParams !== undefined) return { place: 'queryParams', placeName: '' }
  if (traits.httpLabel !== undefined) return { place: 'label', placeName: '' }
  if (traits.httpResponseCode !== undefined) return { place: 'status', placeName: '' }
  return { place: 'body', placeName: '' }
}
