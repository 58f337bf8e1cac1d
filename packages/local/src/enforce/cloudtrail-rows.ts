import type { CloudTrail } from '@aws-sdk/client-cloudtrail'
import type { Rows } from './requirements.js'

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudTrail".
 */

export const cloudTrailRows: Rows<CloudTrail> = {
  LookupEvents: () => [{ action: 'cloudtrail:LookupEvents', resource: '*' }],
}
