import { compileDocument, type CompiledPolicy, type PolicyKind } from '@ringfence/policy'

/** A policy's text, the same object for the same text. */
export interface Document {
  readonly id: number
  readonly text: string
  /** All instants in it, epoch milliseconds, sorted. */
  readonly instantsMs: readonly number[]
  /** Whether it says something else of one member's session than of another one's. */
  readonly namesMembers: boolean
}

const documents = new Map<string, Document>()
const compiled = new Map<string, CompiledPolicy>()
/** Nothing that is counted by ids may outlive them: see `whatIsAllowed`. */
let nextId = 0

/** Throws for one that tells sessions of a role apart by anything but whose they are. */
export function documentOf(text: string): Document {
  let document = documents.get(text)
  if (document === undefined) {
    if (/assumed-role|aws:userid/i.test(text)) throw new Error(`a policy tells sessions apart: ${text}`)
    const instants = text.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g) ?? []
    document = {
      id: nextId++,
      text,
      instantsMs: sortedInstants(instants.map((one) => Date.parse(one))),
      namesMembers: /:sub"/i.test(text),
    }
    documents.set(text, document)
  }
  return document
}

/** Every instant once. */
export function sortedInstants(instantsMs: readonly number[]): readonly number[] {
  return [...new Set(instantsMs)].toSorted((one, other) => one - other)
}

/** The same for two times between which, and at which, nothing begins or ends. */
export function timeClass(instantsMs: readonly number[], timeMs: number): number {
  let before = 0
  while (before < instantsMs.length && instantsMs[before]! < timeMs) before += 1
  return instantsMs[before] === timeMs ? before + 0.5 : before
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
