import type { ChecksumAlgorithm } from './checksum.js'

/** A reflected CRC: its width in bits and its polynomial, bit-reversed. */
interface Crc {
  readonly width: bigint
  readonly polynomial: bigint
}

const crcs: Partial<Readonly<Record<ChecksumAlgorithm, Crc>>> = {
  CRC32: { width: 32n, polynomial: 0xedb88320n },
  CRC32C: { width: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
}

/** Whether checksums of parts can be combined into that of the whole. */
export function isCombinable(algorithm: ChecksumAlgorithm): boolean {
  return crcs[algorithm] !== undefined
}

/**
 * The CRC of bytes from those of their consecutive parts: `crc(AB) = crc(A)·x^(8·|B|) + crc(B)` modulo the
 * polynomial, since the initial and final inversions of both parts cancel out. Base64 in, base64 out.
 */
export function combineCrcs(
  algorithm: ChecksumAlgorithm,
  parts: readonly { readonly checksum: string; readonly size: number }[],
): string {
  const crc = crcs[algorithm]
  if (crc === undefined) throw new Error(`checksums of ${algorithm} cannot be combined`)
  const shifts = new Map<number, bigint>()
  let total = 0n
  for (const { checksum, size } of parts) {
    let shift = shifts.get(size)
    if (shift === undefined) {
      shift = powerOfX(crc, BigInt(size) * 8n)
      shifts.set(size, shift)
    }
    total =
      multiply(crc, total, shift) ^ BigInt(`0x${Buffer.from(checksum, 'base64').toString('hex') || '0'}`)
  }
  return Buffer.from(total.toString(16).padStart(Number(crc.width / 4n), '0'), 'hex').toString('base64')
}

/** In reflected order the highest bit is x^0. */
function multiply({ width, polynomial }: Crc, left: bigint, right: bigint): bigint {
  let product = 0n
  let factor = left
  for (let bit = width - 1n; bit >= 0n; bit--) {
    if ((right >> bit) & 1n) product ^= factor
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n
  }
  return product
}

function powerOfX(crc: Crc, exponent: bigint): bigint {
  let result = 1n << (crc.width - 1n)
  let square = 1n << (crc.width - 2n)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = multiply(crc, result, square)
    square = multiply(crc, square, square)
  }
  return result
}
