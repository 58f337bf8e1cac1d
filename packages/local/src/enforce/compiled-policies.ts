import type { CompiledPolicy, PolicyKind } from '@ringfence/policy'
import { compilePolicy, parsePolicy } from '@ringfence/policy'

interface Entry {
  readonly text: string
  readonly compiled: CompiledPolicy
}

const maximumEntries = 50_000

/**
 * Policies made ready once and used for many requests. One entry a kind and name: a document that changed
 * takes the place of the old one, so that nothing has to be told about changes.
 */
export class CompiledPolicies {
  readonly #entries = new Map<string, Entry>()

  /** Throws when the text is no policy of the kind: what was stored has been checked before. */
  get(kind: PolicyKind, name: string, text: string): CompiledPolicy {
    const key = `${kind} ${name}`
    const known = this.#entries.get(key)
    if (known !== undefined && known.text === text) return known.compiled
    const read = parsePolicy(text, { kind, name })
    if (!read.ok) {
      throw new Error(`stored ${kind} policy ${name} cannot be read: ${read.diagnostics[0]?.message ?? ''}`)
    }
    const compiled = compilePolicy(read.policy)
    if (this.#entries.size >= maximumEntries) this.#entries.clear()
    this.#entries.set(key, { text, compiled })
    return compiled
  }
}
