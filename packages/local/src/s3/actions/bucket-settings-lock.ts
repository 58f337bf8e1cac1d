import type { ObjectLockConfiguration } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { ServiceOperations } from '../../http/operations.js'
import type { ObjectLockSettings } from '../records.js'
import { changeBucket, invalidArgument, malformedXml, requireBucket, type BucketDeps } from './bucket-deps.js'

/** 100 years. [S3 guide, "Object Lock: retention periods"] */
const maxDays = 36_500
const maxYears = 100

/** The Object Lock configuration of a bucket. */
export function bucketLockOperations(deps: BucketDeps) {
  return {
    GetObjectLockConfiguration: (input) => {
      const { name, objectLock } = requireBucket(deps, input)
      if (objectLock === undefined)
        throw new AwsError(
          'ObjectLockConfigurationNotFoundError',
          'Object Lock configuration does not exist for this bucket',
          404,
          { BucketName: name },
        )
      return { ObjectLockConfiguration: printObjectLock(objectLock) }
    },
    PutObjectLockConfiguration: async (input) => {
      const objectLock = parseObjectLock(input.ObjectLockConfiguration)
      await changeBucket(deps, input, (bucket) => {
        if (bucket.versioning !== 'Enabled')
          throw new AwsError(
            'InvalidBucketState',
            "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
            409,
          )
        return { ...bucket, objectLock }
      })
      return {}
    },
  } satisfies ServiceOperations<'s3'>
}

/** Once on, Object Lock stays on; the rule may go. [API_PutObjectLockConfiguration] */
function parseObjectLock(configuration: ObjectLockConfiguration | undefined): ObjectLockSettings {
  if (configuration?.ObjectLockEnabled !== 'Enabled') throw malformedXml()
  if (configuration.Rule === undefined) return { enabled: true }
  const retention = configuration.Rule.DefaultRetention
  if (retention === undefined) throw malformedXml()
  const { Mode, Days, Years, DefaultEventHold } = retention
  if (DefaultEventHold !== undefined)
    throw new AwsError('NotImplemented', 'Default event holds are not implemented', 501)
  if (Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') throw malformedXml()
  if ((Days === undefined) === (Years === undefined)) throw malformedXml()
  const period = Days ?? Years ?? 0
  if (!Number.isInteger(period) || period <= 0)
    throw invalidArgument('Default retention period must be a positive integer value.', 'Days', `${period}`)
  if (period > (Days === undefined ? maxYears : maxDays))
    throw invalidArgument('Default retention period is too large.', 'Days', `${period}`)
  return {
    enabled: true,
    defaultMode: Mode,
    ...(Days === undefined ? {} : { days: Days }),
    ...(Years === undefined ? {} : { years: Years }),
  }
}

function printObjectLock({ defaultMode, days, years }: ObjectLockSettings): ObjectLockConfiguration {
  if (defaultMode === undefined) return { ObjectLockEnabled: 'Enabled' }
  const retention = {
    Mode: defaultMode,
    ...(days === undefined ? {} : { Days: days }),
    ...(years === undefined ? {} : { Years: years }),
  }
  return { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: retention } }
}
