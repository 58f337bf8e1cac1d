import { compileDocument, type CompiledPolicy, type PolicyKind } from '@ringfence/policy'

/** A policy's text, the same object for the same text. */
export interface Document {
  readonly id: number
  readonly text: string
  /** All instants in it, epoch milliseconds, sorted. */
  readonly instantsMs: readonly number[]
}

const documents = new Map<string, Document>()
const compiled = new Map<string, CompiledPolicy>()
/** Nothing that is counted by ids may outlive them: see `whatIsAllowed`. */
let nextId = 0

export function documentOf(text: string): Document {
  let document = documents.get(text)
  if (document === undefined) {
    const instants = text.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g) ?? []
    const instantsMs = instants.map((one) => Date.parse(one)).toSorted((one, other) => one - other)
    document = { id: nextId++, text, instantsMs }
    documents.set(text, document)
  }
  return document
}

/** The same for two instants between which nothing that a document says of time changes. */
export function timeClass({ instantsMs }: Document, timeMs: number): string {
  const before = instantsMs.filter((instant) => instant < timeMs).length
  return instantsMs.includes(timeMs) ? `${before}=` : String(before)
}

export function compiledOf(document: Document, kind: PolicyKind): CompiledPolicy {
  const key = `${kind} ${document.id}`
  let policy = compiled.get(key)
  if (policy === undefined) {
    policy = compileDocument(document.text, { kind, name: key })
    compiled.set(key, policy)
  }
  return policy
}
