import {
  checksumAlgorithm,
  unsupportedChecksumAlgorithms,
  type ChecksumAlgorithm,
} from '../../signature/checksum.js'
import { AwsError } from '../../aws-error.js'
import type { ObjectRecord } from '../records.js'

/** What S3 computes where the client sends no checksum. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const defaultChecksum: ChecksumAlgorithm = 'CRC64NVME'

/** The SDK's members for checksums. */
export interface ChecksumMembers {
  ChecksumCRC32?: string
  ChecksumCRC32C?: string
  ChecksumCRC64NVME?: string
  ChecksumSHA1?: string
  ChecksumSHA256?: string
  ChecksumSHA512?: string
  ChecksumMD5?: string
}

/** Checksums by algorithm as the SDK's members. */
export function printChecksums(checksums: Readonly<Record<string, string>>): ChecksumMembers {
  const members: Record<string, string> = {}
  for (const [algorithm, value] of Object.entries(checksums)) members[`Checksum${algorithm}`] = value
  return members as ChecksumMembers
}

/** Checksums and their type, for answers that show them. */
export function printRecordChecksums(
  record: Pick<ObjectRecord, 'checksums' | 'checksumType'>,
): ChecksumMembers & { ChecksumType?: 'FULL_OBJECT' | 'COMPOSITE' } {
  return {
    ...printChecksums(record.checksums),
    ...(record.checksumType === undefined ? {} : { ChecksumType: record.checksumType }),
  }
}

/** The algorithm that a request names; refuses those that are not computed here. */
export function readAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined
  const algorithm = checksumAlgorithm(name)
  if (algorithm !== undefined) return algorithm
  if (unsupportedChecksumAlgorithms.some((one) => one === name.toUpperCase()))
    throw new AwsError('NotImplemented', `The checksum algorithm ${name} is not supported here`, 501)
  throw new AwsError('InvalidRequest', 'Checksum algorithm provided is unsupported.', 400)
}

/** Of the computed checksums those that are kept: the declared ones, or S3's own. */
export function keptChecksums(
  computed: Readonly<Record<string, string>>,
  declared: readonly string[],
  fallback: ChecksumAlgorithm = defaultChecksum,
): Record<string, string> {
  const names = declared.length > 0 ? declared : [fallback]
  const kept: Record<string, string> = {}
  for (const name of names) {
    const value = computed[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}
