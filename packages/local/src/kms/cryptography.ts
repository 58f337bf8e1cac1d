import { randomBytes } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import { decryptUnder, encryptUnder, readCiphertextKey } from './ciphertext.js'
import { validation } from './errors.js'
import type { KmsOperations } from './operation.js'
import { getUsableKey, required } from './operation.js'

/** Bytes that Encrypt takes (API Reference, Encrypt). */
const maximumPlaintext = 4096

export const cryptographyOperations = {
  Encrypt(input, call, deps) {
    const key = getUsableKey(deps, call, input.KeyId)
    const plaintext = required(input.Plaintext, 'plaintext')
    if (plaintext.length === 0 || plaintext.length > maximumPlaintext) {
      throw validation(`Plaintext must have between 1 and ${maximumPlaintext} bytes.`)
    }
    return {
      KeyId: key.arn,
      CiphertextBlob: encryptUnder(key, plaintext, input.EncryptionContext),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    }
  },

  Decrypt(input, call, deps) {
    const blob = required(input.CiphertextBlob, 'ciphertextBlob')
    const arn = readCiphertextKey(blob)
    if (arn === undefined) throw invalidCiphertext()
    const key = getUsableKey(deps, call, input.KeyId ?? arn)
    if (key.arn !== arn) {
      const text = 'The key ID in the request does not identify a CMK that can perform this operation.'
      throw new AwsError('IncorrectKeyException', text, 400)
    }
    const plaintext = decryptUnder(key, blob, input.EncryptionContext)
    if (plaintext === undefined) throw invalidCiphertext()
    return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const }
  },

  GenerateDataKey(input, call, deps) {
    const key = getUsableKey(deps, call, input.KeyId)
    const plaintext = randomBytes(dataKeyLength(input))
    return {
      KeyId: key.arn,
      Plaintext: plaintext,
      CiphertextBlob: encryptUnder(key, plaintext, input.EncryptionContext),
    }
  },

  GenerateDataKeyWithoutPlaintext(input, call, deps) {
    const key = getUsableKey(deps, call, input.KeyId)
    const plaintext = randomBytes(dataKeyLength(input))
    return { KeyId: key.arn, CiphertextBlob: encryptUnder(key, plaintext, input.EncryptionContext) }
  },
} satisfies KmsOperations

function dataKeyLength(input: {
  readonly KeySpec?: string | undefined
  readonly NumberOfBytes?: number | undefined
}): number {
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw validation('Please specify either number of bytes or key spec.')
  }
  if (input.KeySpec !== undefined) return input.KeySpec === 'AES_128' ? 16 : 32
  const bytes = input.NumberOfBytes ?? 0
  if (bytes < 1 || bytes > 1024) throw validation('NumberOfBytes must be between 1 and 1024.')
  return bytes
}

function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '', 400)
}
