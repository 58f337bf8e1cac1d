import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import type { PermissionSetIds } from '@ringfence/pulumi/deploy'
import { setTimeout as sleep } from 'node:timers/promises'
import { unlessGone } from '../drift/unless-gone.js'
import { type AwsAccess, clientSettings } from './aws-access.js'
import { translateAwsError } from './identify.js'

/** The permission set, or its role in the account. */
const gone = 'ResourceNotFoundException'

const pollMs = 500
const mostPolls = 120

/** Brings permission sets to the roles that they have in the account, and gives why that failed where it did. */
export async function provisionSets(
  sets: readonly PermissionSetIds[],
  access: AwsAccess,
  account: string,
): Promise<readonly string[]> {
  const sso = new SSOAdmin(clientSettings(access))
  try {
    const failures: string[] = []
    for (const set of sets) {
      const failure = await provisionSet(sso, set, account)
      if (failure !== undefined) failures.push(failure)
    }
    return failures
  } catch (error) {
    throw translateAwsError(error, access)
  } finally {
    sso.destroy()
  }
}

/** Gives why Identity Center did not bring a permission set to the role that it has in the account; undefined: it did. */
export async function provisionSet(
  sso: SSOAdmin,
  set: PermissionSetIds,
  account: string,
): Promise<string | undefined> {
  const begun = await unlessGone(
    sso.provisionPermissionSet({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: account }),
    gone,
  )
  const ProvisionPermissionSetRequestId = begun?.PermissionSetProvisioningStatus?.RequestId
  if (ProvisionPermissionSetRequestId === undefined) return undefined
  for (let polls = 0; polls < mostPolls; polls += 1) {
    const { PermissionSetProvisioningStatus: status } = await sso.describePermissionSetProvisioningStatus({
      InstanceArn: set.InstanceArn,
      ProvisionPermissionSetRequestId,
    })
    if (status?.Status === 'SUCCEEDED') return undefined
    if (status?.Status === 'FAILED') return status.FailureReason ?? 'it failed'
    await sleep(pollMs)
  }
  return `it was not done within ${(mostPolls * pollMs) / 1000} seconds`
}
