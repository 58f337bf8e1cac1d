/** The body of a streamed answer: bytes at hand, or a part of a file. */
export type ResponseBody = Uint8Array | FileRange

/** A part of a file on disk. */
export interface FileRange {
  readonly path: string
  /** Offset of the first byte. */
  readonly start: number
  /** Number of bytes. */
  readonly length: number
}
