/** Receives the verified-so-far bytes of an upload in order. A promise asks the sender to wait. */
export type BodySink = (chunk: Uint8Array) => void | Promise<void>

/** What was found out about a body while it streamed by. */
export interface BodyFacts {
  /** Bytes, without the framing of aws-chunked. */
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
  /**
   * Base64 by algorithm: those that the client declared (header or trailer), all of them verified, and those
   * in `wanted`.
   */
  readonly checksums: Readonly<Record<string, string>>
  /** The algorithms among `checksums` that the client declared. */
  readonly declared: readonly string[]
}

/**
 * The body of a request, readable once. Nothing it hands out may become visible before its promise has
 * resolved: only then have signature, chunk signatures, trailer, checksums and declared length been verified.
 */
export interface RequestBody {
  /** The declared length without the framing of aws-chunked; undefined for `Transfer-Encoding: chunked`. */
  readonly declaredSize: number | undefined
  /** Streams the body; `wanted` are checksum algorithms to compute beside the declared ones. */
  stream(sink: BodySink, wanted?: readonly string[]): Promise<BodyFacts>
  /** Collects the body; more than `limit` bytes are an error of the client. */
  collect(limit: number): Promise<Uint8Array>
}
