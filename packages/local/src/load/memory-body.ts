import { createHash } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import type { BodyFacts, BodySink, RequestBody } from '../http/request-body.js'
import type { Checksum } from '../signature/checksum.js'
import { checksumAlgorithm, startChecksum } from '../signature/checksum.js'

/** The body of an in-process upload: bytes of the process itself, so there is nothing to verify. */
export class MemoryBody implements RequestBody {
  readonly declaredSize: number | undefined

  constructor(private readonly content: Uint8Array | AsyncIterable<Uint8Array>) {
    this.declaredSize = content instanceof Uint8Array ? content.length : undefined
  }

  async stream(sink: BodySink, wanted: readonly string[] = []): Promise<BodyFacts> {
    const md5 = createHash('md5')
    const running = new Map<string, Checksum>()
    for (const name of wanted) {
      const algorithm = checksumAlgorithm(name)
      if (algorithm !== undefined) running.set(name, startChecksum(algorithm))
    }
    let size = 0
    for await (const chunk of this.#chunks()) {
      size += chunk.length
      md5.update(chunk)
      for (const checksum of running.values()) checksum.update(chunk)
      await sink(chunk)
    }
    const checksums: Record<string, string> = {}
    for (const [name, checksum] of running) checksums[name] = await checksum.digest()
    return { size, md5: md5.digest('hex'), checksums, declared: [] }
  }

  async collect(limit: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of this.#chunks()) {
      size += chunk.length
      if (size > limit) throw new AwsError('EntityTooLarge', 'The body is too large', 400)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    if (this.content instanceof Uint8Array) yield this.content
    else yield* this.content
  }
}
