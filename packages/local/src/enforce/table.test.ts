import { expect, test } from 'vitest'
import { cloudTrailOperations } from '../cloudtrail/operations.js'
import { iamOperations } from '../iam/operations.js'
import { identityStoreOperations } from '../identity-center/identity-store-operations.js'
import { ssoAdminOperations } from '../identity-center/sso-admin-operations.js'
import { kmsOperations } from '../kms/operations.js'
import { organizationOperations } from '../organizations/operations.js'
import { sageMakerOperations } from '../sagemaker/operations.js'
import { runtimeOperations } from '../sagemaker/runtime.js'
import { secretsManagerOperations } from '../secrets-manager/operations.js'
import { stsOperations } from '../sts/operations.js'
import { enforcedOperations } from './table.js'

const implemented = Object.entries({
  iam: iamOperations,
  sts: stsOperations,
  kms: kmsOperations,
  sagemaker: sageMakerOperations,
  'sagemaker-runtime': runtimeOperations,
  organizations: organizationOperations,
  'sso-admin': ssoAdminOperations,
  identitystore: identityStoreOperations,
  cloudtrail: cloudTrailOperations,
  secretsmanager: secretsManagerOperations,
}).flatMap(([service, operations]) => Object.keys(operations).map((name) => `${service}:${name}`))

test('every operation has a row in the table, and every row an operation', () => {
  expect(implemented.length).toBeGreaterThan(150)
  const rows = enforcedOperations().filter((name) => !name.startsWith('s3'))
  expect(rows.toSorted()).toEqual(implemented.toSorted())
})
