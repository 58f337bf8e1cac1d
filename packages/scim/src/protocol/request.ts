/** A request that has been let in: by which client, and with its body read as JSON. */
export interface ScimRequest {
  readonly method: string
  /** Decoded parts of the path behind the base, as `['Users', id]`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly ifMatch?: string
  readonly ifNoneMatch?: string
  /** JSON; undefined where there was no body. */
  readonly body?: unknown
  /** The name of the token. */
  readonly client: string
  /** Where the server is reached, with the base: `https://scim.acme.example/scim/v2`. */
  readonly base: string
}

export interface ScimResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON; undefined: an answer without a body. */
  readonly body?: unknown
}
