import type { ServiceName } from '../call.js'
import { cloudTrailRows } from './cloudtrail-rows.js'
import { identityStoreRows, ssoAdminRows } from './identity-center-rows.js'
import { iamRows } from './iam-rows.js'
import { kmsRows } from './kms-rows.js'
import { organizationsRows } from './organizations-rows.js'
import type { AnyRow } from './requirements.js'
import { s3ControlRows } from './s3-control-rows.js'
import { s3Rows } from './s3-rows.js'
import { sageMakerRows, sageMakerRuntimeRows } from './sagemaker-rows.js'
import { secretsManagerRows } from './secrets-manager-rows.js'
import { stsRows } from './sts-rows.js'

/** The rows of all services: what each operation needs. An operation that is not in here is refused. */
const rows: Readonly<Record<ServiceName, object>> = {
  s3: s3Rows,
  's3-control': s3ControlRows,
  iam: iamRows,
  sts: stsRows,
  sagemaker: sageMakerRows,
  'sagemaker-runtime': sageMakerRuntimeRows,
  kms: kmsRows,
  organizations: organizationsRows,
  'sso-admin': ssoAdminRows,
  identitystore: identityStoreRows,
  cloudtrail: cloudTrailRows,
  secretsmanager: secretsManagerRows,
}

const table: ReadonlyMap<string, AnyRow> = new Map(
  Object.entries(rows).flatMap(([service, ofService]) =>
    Object.entries(ofService).map(([operation, row]) => [`${service}:${operation}`, row as AnyRow] as const),
  ),
)

export function rowOf(service: ServiceName, operation: string): AnyRow | undefined {
  return table.get(`${service}:${operation}`)
}

/** All operations that have a row, as `service:Operation`. */
export function enforcedOperations(): readonly string[] {
  return [...table.keys()]
}
