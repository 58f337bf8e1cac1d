import { paginateListAccountAssignments, type SSOAdmin } from '@aws-sdk/client-sso-admin'
import type { AccountAssignment, AccountAssignmentArgs } from '@pulumi/aws/ssoadmin/accountAssignment.js'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { gone, type SetInputs, setOf, untilEnded } from './statuses.js'

const fixedArgument = { kind: 'string', required: true, replaces: true } as const

interface Assignment extends SetInputs {
  readonly principalId: string
  readonly principalType: string
  readonly targetId: string
}

export const accountAssignment = resourceType<AccountAssignmentArgs, AccountAssignment>({
  token: 'aws:ssoadmin/accountAssignment:AccountAssignment',
  arguments: {
    instanceArn: fixedArgument,
    permissionSetArn: fixedArgument,
    principalId: fixedArgument,
    principalType: fixedArgument,
    targetId: fixedArgument,
    targetType: fixedArgument,
  },
  outputs: [],

  async create(inputs, aws) {
    const sso = await aws.ssoAdmin()
    const { AccountAssignmentCreationStatus: begun } = await sso.createAccountAssignment(wired(inputs))
    await untilEnded(begun, async () => {
      const { AccountAssignmentCreationStatus } = await sso.describeAccountAssignmentCreationStatus({
        InstanceArn: inputs.instanceArn,
        AccountAssignmentCreationRequestId: begun?.RequestId,
      })
      return AccountAssignmentCreationStatus
    })
    const { instanceArn, permissionSetArn, principalId, principalType, targetId, targetType } = inputs
    return { id: [principalId, principalType, targetId, targetType, permissionSetArn, instanceArn].join(',') }
  },
  async read(_id, aws, known) {
    return (await isThere(await aws.ssoAdmin(), known)) ? { ...known } : undefined
  },
  async delete(_id, known, aws) {
    const sso = await aws.ssoAdmin()
    if (!(await isThere(sso, known))) return
    const { AccountAssignmentDeletionStatus: begun } = await sso.deleteAccountAssignment(wired(known))
    await untilEnded(begun, async () => {
      const { AccountAssignmentDeletionStatus } = await sso.describeAccountAssignmentDeletionStatus({
        InstanceArn: known.instanceArn,
        AccountAssignmentDeletionRequestId: begun?.RequestId,
      })
      return AccountAssignmentDeletionStatus
    })
  },
})

function wired(inputs: Assignment) {
  return {
    ...setOf(inputs),
    PrincipalId: inputs.principalId,
    PrincipalType: inputs.principalType === 'USER' ? ('USER' as const) : ('GROUP' as const),
    TargetId: inputs.targetId,
    TargetType: 'AWS_ACCOUNT' as const,
  }
}

async function isThere(sso: SSOAdmin, inputs: Assignment): Promise<boolean> {
  const pages = paginateListAccountAssignments(
    { client: sso },
    { ...setOf(inputs), AccountId: inputs.targetId },
  )
  const found = await unlessGone(
    collect(pages, (page) => page.AccountAssignments),
    gone,
  )
  return found?.some(({ PrincipalId }) => PrincipalId === inputs.principalId) ?? false
}
