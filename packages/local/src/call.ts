import type { RequestContext } from '@ringfence/policy'

/** Services that the local AWS speaks; the names are those of SigV4's credential scope. */
export type ServiceName =
  | 's3'
  | 's3-control'
  | 'iam'
  | 'sts'
  | 'sagemaker'
  | 'sagemaker-runtime'
  | 'kms'
  | 'organizations'
  | 'sso-admin'
  | 'identitystore'
  | 'cloudtrail'
  | 'secretsmanager'

/** Who sent a request, after its signature was verified. */
export interface Caller {
  /** ARN of a user, role session, federated user or account root; or `anonymous`. */
  readonly principal: string
  /** 12 digits; `anonymous` has none. */
  readonly account: string
  /** `AIDA…`, `AROA…:session`, the account for its root; empty for anonymous. */
  readonly userId: string
  readonly accessKeyId?: string
  /** For temporary credentials: what AssumeRole or GetSessionToken was given. */
  readonly session?: Session
  /** Only in process: the loading of a plan, for which its guardrail does not hold yet. */
  readonly loadsPlan?: true
}

/** What lives behind a set of temporary credentials. */
export interface Session {
  /** ARN of the role, or of the user for GetSessionToken. */
  readonly source: string
  readonly sessionName?: string
  /** GetFederationToken: the unique id of the user behind it, which the session's own id does not tell. */
  readonly sourceId?: string
  /** JSON texts of inline session policies and managed ones, resolved when the session was made. */
  readonly policies?: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  readonly mfaAuthenticated: boolean
  /** Epoch milliseconds. */
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** Set for web identity and SAML: ARN of the provider. */
  readonly federatedProvider?: string
  /** What the provider says of who it is, as keys of every request of the session. */
  readonly claims?: RequestContext
}

/** One decoded request on its way through the server. */
export interface Call {
  readonly requestId: string
  readonly service: ServiceName
  /** The operation's name in the SDK's schema, e.g. `PutObject`. */
  readonly operation: string
  readonly region: string
  /** The instant at which the server took the request, by the handed-in clock. */
  readonly timeMs: number
  readonly caller: Caller
  readonly sourceIp: string
  readonly secureTransport: boolean
  readonly userAgent: string
  /** Lower-case header names. */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded query parameters; for the query protocol the form's are in the input instead. */
  readonly query: ReadonlyMap<string, string>
  /** How it was signed: `REST-HEADER`, `REST-QUERY-STRING` (presigned) or unsigned. */
  readonly authType?: 'REST-HEADER' | 'REST-QUERY-STRING'
  /** Milliseconds since it was signed, for `s3:signatureAge`. */
  readonly signatureAgeMs?: number
}

/** One permission that an operation needs. All of an operation's requirements must be allowed. */
export interface Requirement {
  /** `s3:GetObject` */
  readonly action: string
  /** ARN or `*` */
  readonly resource: string
  readonly resourceAccount?: string
  /** Keys of this action beyond the global ones, e.g. `s3:prefix`. */
  readonly context?: RequestContext
  /**
   * For operations that answer for each item (DeleteObjects): the item that this requirement guards. A denial
   * then refuses the item, not the call.
   */
  readonly item?: string
}

/** The tables of the embedded database. Reads are synchronous snapshots; writes happen in a transaction. */
export type Key = string | readonly (string | number)[]
export interface Table<Value> {
  get(key: Key): Value | undefined
  /** Only inside `transaction`. */
  put(key: Key, value: Value): void
  /** Only inside `transaction`. */
  delete(key: Key): void
  range(options: {
    readonly start?: Key
    readonly end?: Key
    readonly limit?: number
    readonly reverse?: boolean
  }): Iterable<{ readonly key: Key; readonly value: Value }>
}
export interface Database {
  table<Value>(name: string): Table<Value>
  /** Runs `work` atomically; resolves when it is durable. A throw rolls everything back. */
  transaction<Result>(work: () => Result): Promise<Result>
  close(): Promise<void>
}
