import type { Member, Shape, StructShape } from '../wire/shape.js'

/** Members whose values clients check or turn into host names before they send. */
const particular: Readonly<Record<string, unknown>> = {
  Bucket: 'bucket-of-samples',
  AccountId: '111122223333',
  CopySource: 'bucket-of-samples/key',
  ContentLength: 5,
  ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==',
  Expires: undefined,
  ExpiresString: undefined,
  ChecksumAlgorithm: 'CRC32',
  ChecksumMode: undefined,
  // The client hashes these keys and sends their digest beside them.
  SSECustomerKey: undefined,
  SSECustomerKeyMD5: undefined,
  CopySourceSSECustomerKey: undefined,
  CopySourceSSECustomerKeyMD5: undefined,
  RequestRoute: 'route',
  RequestToken: 'token',
  EventStream: undefined,
}
const maxDepth = 4

/** A value that fills every member of a shape, so that nothing can be lost unnoticed. */
export function sampleStruct(shape: StructShape, depth = 0): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const members = shape.union ? shape.members.slice(0, 1) : shape.members
  for (const member of members) {
    const one =
      member.name in particular && depth === 0 ? particular[member.name] : sampleMember(member, depth)
    if (one !== undefined) value[member.name] = one
  }
  return value
}

function sampleMember(member: Member, depth: number): unknown {
  if (depth > maxDepth && !member.required) return undefined
  return sample(member.shape, member.name, depth + 1, member.place)
}

function sample(shape: Shape, name: string, depth: number, place: Member['place']): unknown {
  switch (shape.type) {
    case 'struct':
      return depth > maxDepth + 2 ? undefined : sampleStruct(shape, depth)
    case 'list': {
      const item = sample(shape.item, name, depth, place)
      return item === undefined ? undefined : [item, item]
    }
    case 'map': {
      const item = sample(shape.value, name, depth, place)
      return item === undefined ? undefined : { first: item, second: item }
    }
    case 'string':
      return place === 'header' || place === 'prefixHeaders' || place === 'label'
        ? `${name}-1`
        : ` ${name} <&"ä🙂> `
    case 'number':
      return 7
    case 'bigint':
      return 7n
    case 'boolean':
      return true
    case 'timestamp':
      return new Date(1_700_000_000_000)
    case 'blob':
    case 'stream':
      return new Uint8Array([1, 2, 3, 4, 255])
    case 'document':
      return { any: ['thing', 1] }
    case 'unit':
      return {}
  }
}
