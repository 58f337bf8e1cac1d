import type { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { setTimeout } from 'node:timers/promises'

export const gone = 'ResourceNotFoundException'

/** What a permission set is known by. */
export interface SetInputs {
  readonly instanceArn: string
  readonly permissionSetArn: string
}

export function setOf({ instanceArn, permissionSetArn }: SetInputs) {
  return { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn }
}

interface Status {
  readonly Status?: string | undefined
  readonly FailureReason?: string | undefined
}

const pollMs = 100
const maximumPolls = 100

/** Asks until Identity Center has ended; rejects with its reason where that failed. */
export async function untilEnded(
  first: Status | undefined,
  ask: () => Promise<Status | undefined>,
): Promise<void> {
  let status = first
  for (let polls = 0; polls < maximumPolls; polls += 1) {
    if (status?.Status === 'SUCCEEDED') return
    if (status?.Status === 'FAILED') throw new Error(status.FailureReason)
    if (polls > 0) await setTimeout(pollMs)
    status = await ask()
  }
  throw new Error('Identity Center did not end')
}

/** Brings a permission set to where it is assigned. */
export async function provisionSet(sso: SSOAdmin, inputs: SetInputs): Promise<void> {
  const { PermissionSetProvisioningStatus: begun } = await sso.provisionPermissionSet({
    ...setOf(inputs),
    TargetType: 'ALL_PROVISIONED_ACCOUNTS',
  })
  await untilEnded(begun, async () => {
    const { PermissionSetProvisioningStatus } = await sso.describePermissionSetProvisioningStatus({
      InstanceArn: inputs.instanceArn,
      ProvisionPermissionSetRequestId: begun?.RequestId,
    })
    return PermissionSetProvisioningStatus
  })
}
