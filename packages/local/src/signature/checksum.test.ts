import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checksumAlgorithms, startChecksum } from './checksum.js'
import { combineCrcs, isCombinable } from './crc-combine.js'

/** The check values of "123456789" in the catalogue of parametrised CRC algorithms, and the hashes' own. */
const known = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  MD5: '25f9e794323b453885f5181f1b624d0b',
}

test.each(Object.entries(known))('%s of 123456789', async (algorithm, hex) => {
  const checksum = startChecksum(algorithm as keyof typeof known)
  checksum.update(Buffer.from('1234'))
  checksum.update(Buffer.from('56789'))
  expect(Buffer.from(await checksum.digest(), 'base64').toString('hex')).toBe(hex)
})

test.each(checksumAlgorithms.filter(isCombinable))(
  '%s of parts combines to that of the whole',
  async (algorithm) => {
    const digest = async (bytes: Uint8Array): Promise<string> => {
      const checksum = startChecksum(algorithm)
      checksum.update(bytes)
      return checksum.digest()
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 70 }), { minLength: 1, maxLength: 5 }),
        async (parts) => {
          const combined = combineCrcs(
            algorithm,
            await Promise.all(
              parts.map(async (part) => ({ checksum: await digest(part), size: part.length })),
            ),
          )
          expect(combined).toBe(await digest(Buffer.concat(parts)))
        },
      ),
      { numRuns: 50 },
    )
  },
)
