import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

export interface ObjectFilesOptions {
  /** Whether a finished file is synced to disk: false for temporary folders. */
  readonly durable: boolean
}

/** Bytes up to this size are handed back instead of becoming a file: a file costs more than they do. */
export const smallContentBytes = 16 * 1024
/** Bytes that may wait for the disk before the sender is asked to wait. */
const highWaterBytes = 1024 * 1024

/**
 * The folder of object contents. Names are random and never made from object keys. A file counts only once a
 * committed record names it; files that no record names are removed by `sweep`.
 */
export class ObjectFiles {
  constructor(
    private readonly folder: string,
    readonly options: ObjectFilesOptions,
  ) {
    mkdirSync(folder, { recursive: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Starts a content of unknown size. */
  startContent(): ContentWriter {
    return new ContentWriter(this, randomUUID(), this.options.durable)
  }

  /** Removes a file that no record names any more; one that is gone already is no error. */
  async remove(name: string): Promise<void> {
    await unlink(this.path(name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }

  /** At start: removes what a killed server left, that is all files that `isNamed` does not know. */
  sweep(isNamed: (name: string) => boolean): number {
    let removed = 0
    for (const name of readdirSync(this.folder)) {
      if (isNamed(name)) continue
      unlinkSync(this.path(name))
      removed++
    }
    return removed
  }

  /** Makes the names of new files durable. */
  async syncFolder(): Promise<void> {
    const folder = await open(this.folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }
}

/** What became of a content: small bytes, to be kept in the database, or a file. */
export type WrittenContent =
  | { readonly kind: 'small'; readonly bytes: Uint8Array; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly size: number }

/** Takes the bytes of one content in order, in constant memory. */
export class ContentWriter {
  private waiting: Uint8Array[] = []
  private waitingBytes = 0
  private size = 0
  private file: FileHandle | undefined
  private writing: Promise<void> | undefined

  constructor(
    private readonly files: ObjectFiles,
    private readonly name: string,
    private readonly durable: boolean,
  ) {}

  /** A promise where the sender should wait for the disk; it rejects when writing failed. */
  take(bytes: Uint8Array): Promise<void> | undefined {
    this.waiting.push(bytes)
    this.waitingBytes += bytes.length
    this.size += bytes.length
    if (this.size <= smallContentBytes) return undefined
    this.writing ??= this.writeWaiting()
    return this.waitingBytes > highWaterBytes ? this.writing : undefined
  }

  private async writeWaiting(): Promise<void> {
    try {
      this.file ??= await open(this.files.path(this.name), 'wx')
      while (this.waiting.length > 0) {
        const batch = this.waiting
        this.waiting = []
        await writeAll(this.file, batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch))
        for (const bytes of batch) this.waitingBytes -= bytes.length
      }
      this.writing = undefined
    } catch (error) {
      // Kept as the answer to everything that follows; marked as seen, since nobody may be waiting now.
      this.writing?.catch(() => undefined)
      throw error
    }
  }

  /** Ends the content; resolves when it is on disk. */
  async finish(): Promise<WrittenContent> {
    if (this.size <= smallContentBytes)
      return { kind: 'small', bytes: Buffer.concat(this.waiting), name: this.name }
    while (this.writing !== undefined) await this.writing
    const { file } = this
    if (file === undefined) throw new Error('a large content has a file')
    if (this.durable) await file.sync()
    await file.close()
    this.file = undefined
    if (this.durable) await this.files.syncFolder()
    return { kind: 'file', name: this.name, size: this.size }
  }

  /** Gives the content up. */
  async abandon(): Promise<void> {
    await this.writing?.catch(() => undefined)
    const { file } = this
    this.file = undefined
    if (file === undefined) return
    await file.close()
    await this.files.remove(this.name)
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let offset = 0
  while (offset < bytes.length) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset)
    if (bytesWritten === 0) throw new Error('the disk took no bytes')
    offset += bytesWritten
  }
}
