import { AwsError } from '../../aws-error.js'

/** A part of an object, in bytes. */
export interface ByteRange {
  readonly start: number
  readonly length: number
}

/**
 * The range that a `Range` header asks for. Undefined, that is the whole object, for no header, for several
 * ranges and for what is no byte range: S3 answers those in full. Errors: `InvalidRange`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '')
  if (found === null) return undefined
  const [, first = '', last = ''] = found
  if (first === '' && last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), size)
    if (length === 0) throw invalidRange(header ?? '', size)
    return { start: size - length, length }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= size) throw invalidRange(header ?? '', size)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return { start, length: end - start + 1 }
}

/** `bytes 0-4/10` */
export function printContentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.start + range.length - 1}/${size}`
}

function invalidRange(requested: string, size: number): AwsError {
  return new AwsError(
    'InvalidRange',
    'The requested range is not satisfiable',
    416,
    { RangeRequested: requested, ActualObjectSize: String(size) },
    { 'content-range': `bytes */${size}` },
  )
}
