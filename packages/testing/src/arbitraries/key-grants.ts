import * as fc from 'fast-check'
import type { RawKeyGrant } from '../reference/case.js'
import { sometimes, withoutAbsent } from './absent.js'
import { AWS_PRINCIPALS, SERVICES } from './universe.js'

const GRANTEES = [...AWS_PRINCIPALS.filter((name) => name.startsWith('arn:')), ...SERVICES]

const encryptionContext = sometimes(
  fc.constantFrom<Readonly<Record<string, string>>[]>({ Team: 'red' }, { Team: 'blue' }, {}),
  2,
)

function keyGrant(id: string): fc.Arbitrary<RawKeyGrant> {
  return fc
    .record({
      id: fc.constant(id),
      granteePrincipal: fc.constantFrom(...GRANTEES),
      operations: fc.subarray(['Decrypt', 'GenerateDataKey', 'RetireGrant'], { minLength: 1 }),
      encryptionContextEquals: encryptionContext,
      encryptionContextSubset: encryptionContext,
    })
    .map((grant) => withoutAbsent<RawKeyGrant>(grant))
}

/** One or two grants on a KMS key. */
export const keyGrantsArbitrary: fc.Arbitrary<readonly RawKeyGrant[]> = fc.oneof(
  fc.tuple(keyGrant('g1')),
  fc.tuple(keyGrant('g1'), keyGrant('g2')),
)
