import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Crc32c } from '@aws-crypto/crc32c'
import { Crc64Nvme } from '@aws-sdk/crc64-nvme'

/** A checksum that is computed while bytes stream by. */
export interface Checksum {
  update(bytes: Uint8Array): void
  /** Base64. */
  digest(): Promise<string> | string
}

/** Algorithms of S3 that the server computes; the header is `x-amz-checksum-` and the name in lower case. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'] as const
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number]

/** Algorithms that S3 knows and the server does not compute: their use is refused by name. */
export const unsupportedChecksumAlgorithms = ['XXHASH64', 'XXHASH3', 'XXHASH128'] as const

const byteLengths: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
}

/** The algorithm of a name in any case; undefined for one that is not supported. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm | undefined {
  const upper = name.toUpperCase()
  return checksumAlgorithms.find((one) => one === upper)
}

/** Whether text is a checksum of that algorithm in base64. */
export function isChecksum(algorithm: ChecksumAlgorithm, text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === byteLengths[algorithm]
}

/** Starts a checksum. */
export function startChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case 'CRC32':
      return startCrc32()
    case 'CRC32C': {
      const state = new Crc32c()
      return { update: (bytes) => void state.update(bytes), digest: () => base64OfUint32(state.digest()) }
    }
    case 'CRC64NVME': {
      const state = new Crc64Nvme()
      return {
        update: (bytes) => state.update(bytes),
        digest: async () => Buffer.from(await state.digest()).toString('base64'),
      }
    }
    case 'SHA1':
    case 'SHA256':
    case 'SHA512':
    case 'MD5': {
      const hash = createHash(algorithm.toLowerCase())
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') }
    }
  }
}

function startCrc32(): Checksum {
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => base64OfUint32(value),
  }
}

function base64OfUint32(value: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes.toString('base64')
}
