/** A policy made ready to decide many requests. Opaque: only `authorize` looks inside. */
export interface CompiledPolicy {
  readonly name: string
}
