import { createReadStream } from 'node:fs'
import { link } from 'node:fs/promises'
import type { BodyFacts, RequestBody } from '../http/request-body.js'
import type { BodyPiece } from '../http/response-body.js'
import { ContentWriter, type WrittenContent } from '../store/object-files.js'
import { startChecksum, type ChecksumAlgorithm } from '../signature/checksum.js'
import { createHash, randomUUID } from 'node:crypto'
import type { S3Deps } from './deps.js'
import type { ContentPiece, ContentRef, ObjectRecord, PartRecord } from './records.js'
import type { S3State } from './state.js'

/** Bytes that have been received and verified, and that no record names yet. */
export interface Received {
  readonly facts: BodyFacts
  readonly content: WrittenContent
}

/** Receives a body; what was written is removed again when the body turns out to be wrong. */
export async function receiveBody(
  deps: S3Deps,
  body: RequestBody,
  wanted: readonly string[],
): Promise<Received> {
  const writer = deps.files.startContent()
  try {
    const facts = await body.stream((bytes) => writer.take(bytes), wanted)
    return { facts, content: await writer.finish() }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** Inside a transaction: makes written bytes a content that a record can name. */
export function keepContent(state: S3State, content: WrittenContent): ContentRef {
  if (content.kind === 'file') return [{ kind: 'file', name: content.name, size: content.size }]
  if (content.bytes.length === 0) return []
  state.contents.put(content.name, content.bytes)
  return [{ kind: 'stored', name: content.name, size: content.bytes.length }]
}

/** Removes written bytes that will not become a content. */
export async function discardContent(deps: S3Deps, content: WrittenContent): Promise<void> {
  if (content.kind === 'file') await deps.files.remove(content.name)
}

/** Inside a transaction: removes small contents of records that go; `removeFiles` follows after the commit. */
export function dropStored(state: S3State, records: readonly { readonly content?: ContentRef }[]): void {
  for (const record of records)
    for (const piece of record.content ?? []) if (piece.kind === 'stored') state.contents.delete(piece.name)
}

/** After the commit: removes the files of records that are gone. */
export async function removeFiles(
  deps: S3Deps,
  records: readonly { readonly content?: ContentRef }[],
): Promise<void> {
  for (const record of records)
    for (const piece of record.content ?? []) if (piece.kind === 'file') await deps.files.remove(piece.name)
}

/** A range of a content as pieces of an answer. */
export function contentPieces(
  deps: S3Deps,
  content: ContentRef | undefined,
  start: number,
  length: number,
): BodyPiece[] {
  const pieces: BodyPiece[] = []
  let offset = 0
  for (const piece of content ?? []) {
    const from = Math.max(start - offset, 0)
    const to = Math.min(start + length - offset, piece.size)
    if (from < to) pieces.push(pieceRange(deps, piece, from, to - from))
    offset += piece.size
    if (offset >= start + length) break
  }
  return pieces
}

function pieceRange(deps: S3Deps, piece: ContentPiece, start: number, length: number): BodyPiece {
  if (piece.kind === 'file') return { path: deps.files.path(piece.name), start, length }
  const bytes = deps.state.contents.get(piece.name)
  if (bytes === undefined) throw new Error('a record names a content that is not there')
  return bytes.subarray(start, start + length)
}

/** What copying found out about the bytes. */
export interface CopyFacts {
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
  readonly checksums: Readonly<Record<string, string>>
}

/** Reads pieces once, in constant memory, hashing them and handing them to `writer`, if there is one. */
export async function readPieces(
  pieces: readonly BodyPiece[],
  algorithms: readonly ChecksumAlgorithm[],
  writer?: ContentWriter,
): Promise<CopyFacts> {
  const md5 = createHash('md5')
  const sums = algorithms.map((algorithm) => [algorithm, startChecksum(algorithm)] as const)
  let size = 0
  for (const piece of pieces)
    for await (const bytes of bytesOf(piece)) {
      size += bytes.length
      md5.update(bytes)
      for (const [, sum] of sums) sum.update(bytes)
      await writer?.take(bytes)
    }
  const checksums: Record<string, string> = {}
  for (const [algorithm, sum] of sums) checksums[algorithm] = await sum.digest()
  return { size, md5: md5.digest('hex'), checksums }
}

async function* bytesOf(piece: BodyPiece): AsyncGenerator<Uint8Array> {
  if (piece instanceof Uint8Array) yield piece
  else if (piece.length > 0)
    yield* createReadStream(piece.path, {
      start: piece.start,
      end: piece.start + piece.length - 1,
      highWaterMark: 256 * 1024,
    }) as AsyncIterable<Buffer>
}

/** A copy of a content under names of its own: files never change, so the copy is another link to each. */
export async function linkContent(deps: S3Deps, content: ContentRef): Promise<LinkedContent> {
  const pieces: ContentPiece[] = []
  const small: { name: string; bytes: Uint8Array }[] = []
  try {
    for (const piece of content) {
      const name = randomUUID()
      if (piece.kind === 'file') await link(deps.files.path(piece.name), deps.files.path(name))
      else {
        const bytes = deps.state.contents.get(piece.name)
        if (bytes === undefined) throw new Error('a record names a content that is not there')
        small.push({ name, bytes })
      }
      pieces.push({ ...piece, name })
    }
    if (deps.files.options.durable && pieces.some((piece) => piece.kind === 'file'))
      await deps.files.syncFolder()
  } catch (error) {
    await removeFiles(deps, [{ content: pieces }])
    throw error
  }
  return { pieces, small }
}

/** A copied content: its small pieces have to be put in the transaction that names it. */
export interface LinkedContent {
  readonly pieces: ContentRef
  readonly small: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/** Inside a transaction: makes a copied content one that a record can name. */
export function keepLinked(state: S3State, linked: LinkedContent): ContentRef {
  for (const { name, bytes } of linked.small) state.contents.put(name, bytes)
  return linked.pieces
}

/** At start: removes the files that no record names. Returns how many. */
export function sweepObjectFiles(deps: Pick<S3Deps, 'state' | 'files'>): number {
  const named = new Set<string>()
  const collect = (rows: Iterable<{ readonly value: ObjectRecord | PartRecord }>): void => {
    for (const { value } of rows)
      for (const piece of value.content ?? []) if (piece.kind === 'file') named.add(piece.name)
  }
  collect(deps.state.current.range({}))
  collect(deps.state.older.range({}))
  collect(deps.state.parts.range({}))
  return deps.files.sweep((name) => named.has(name))
}
