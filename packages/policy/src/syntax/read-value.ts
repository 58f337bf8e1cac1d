import type { JsonMember, JsonNode } from './json-node.js'
import { MAX_DEPTH } from './parse-json.js'
import type { Report } from './report.js'

/** Values (objects, lists and leaves together) that are read from one document. */
export const MAX_NODES = 200_000

/** Reads an already parsed JavaScript value into the same tree as `parseJson`, without places. */
export function readValue(value: unknown, report: Report): JsonNode | undefined {
  return new ValueReader(report).read(value, '', 0)
}

class ValueReader {
  private readonly parents = new Set<object>()
  private count = 0

  constructor(private readonly report: Report) {}

  read(value: unknown, path: string, depth: number): JsonNode | undefined {
    if (++this.count > MAX_NODES) {
      if (this.count === MAX_NODES + 1)
        this.report.error('DOCUMENT_TOO_LARGE', `the document has more than ${MAX_NODES} values`, path)
      return undefined
    }
    switch (typeof value) {
      case 'string':
        return { type: 'string', value }
      case 'boolean':
        return { type: 'boolean', value }
      case 'number':
        if (Number.isFinite(value)) return { type: 'number', text: String(value) }
        break
      case 'object':
        return value === null ? { type: 'null' } : this.nested(value, path, depth)
    }
    this.report.error('VALUE_NOT_JSON', `${typeof value} ${String(value)} is no JSON value`, path)
    return undefined
  }

  private nested(value: object, path: string, depth: number): JsonNode | undefined {
    if (this.parents.has(value)) {
      this.report.error('VALUE_CYCLIC', 'the value contains itself', path)
      return undefined
    }
    if (depth >= MAX_DEPTH) {
      this.report.error('JSON_TOO_DEEP', `values are nested deeper than ${MAX_DEPTH} levels`, path)
      return undefined
    }
    this.parents.add(value)
    const node = Array.isArray(value) ? this.list(value, path, depth) : this.record(value, path, depth)
    this.parents.delete(value)
    return node
  }

  private list(value: readonly unknown[], path: string, depth: number): JsonNode {
    const items: JsonNode[] = []
    for (let index = 0; index < value.length; index++) {
      const item = this.read(value[index], `${path}[${index}]`, depth + 1)
      if (item) items.push(item)
    }
    return { type: 'array', items }
  }

  private record(value: object, path: string, depth: number): JsonNode | undefined {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
      this.report.error('VALUE_NOT_JSON', 'only plain objects and lists are JSON values', path)
      return undefined
    }
    const members: JsonMember[] = []
    for (const [key, entry] of Object.entries(value)) {
      if (entry === undefined) continue
      const node = this.read(entry, path === '' ? key : `${path}.${key}`, depth + 1)
      if (node) members.push({ key, value: node })
    }
    return { type: 'object', members }
  }
}
