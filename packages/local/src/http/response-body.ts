/** The body of a streamed answer: bytes at hand and parts of files, one after the other. */
export type ResponseBody = readonly BodyPiece[]
export type BodyPiece = Uint8Array | FileRange

/** A part of a file on disk. */
export interface FileRange {
  readonly path: string
  /** Offset of the first byte. */
  readonly start: number
  /** Number of bytes. */
  readonly length: number
}
