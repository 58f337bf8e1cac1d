import { Identitystore } from '@aws-sdk/client-identitystore'
import { paginateListInstances, SSOAdmin } from '@aws-sdk/client-sso-admin'
import type { IdentityCenterPlan } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { type AwsAccess, clientSettings } from './aws-access.js'
import { translateAwsError } from './identify.js'

/**
 * Refuses credentials that do not administer the instance of the file, an identity store that is not its own, and groups
 * that the identity provider has not provisioned: all that would otherwise fail when half of the stack is there.
 */
export async function checkIdentityCenter(plan: IdentityCenterPlan, access: AwsAccess): Promise<void> {
  const settings = clientSettings(access)
  const [sso, store] = [new SSOAdmin(settings), new Identitystore(settings)]
  try {
    await checkInstance(plan, sso, access)
    const missing = await missingGroups(plan, store)
    if (missing.length === 0) return
    throw new CliError(
      'GROUP_NOT_PROVISIONED',
      `the identity store ${plan.identityStore} has no group called ${missing.join(', ')}`,
      {
        hint: 'let the identity provider provision the groups of the teams, under the names that the teams have, or declare `provision: true`',
        exitCode: exitCode.usage,
      },
    )
  } catch (error) {
    throw translateAwsError(error, access)
  } finally {
    sso.destroy()
    store.destroy()
  }
}

async function checkInstance(
  { identityStore, instance, region }: IdentityCenterPlan,
  sso: SSOAdmin,
  { profile }: AwsAccess,
): Promise<void> {
  const of = profile === undefined ? 'the credentials' : `the profile ${profile}`
  const refuse = (message: string): never => {
    throw new CliError('IDENTITY_CENTER_OTHER', message, {
      hint: `compare the file with \`aws sso-admin list-instances --region ${region}\`, signed in to the account that administers Identity Center`,
      exitCode: exitCode.credentials,
    })
  }
  try {
    for await (const { Instances } of paginateListInstances({ client: sso }, {})) {
      const found = Instances?.find(({ InstanceArn }) => InstanceArn === instance)
      if (found === undefined) continue
      if (found.IdentityStoreId === identityStore) return
      refuse(
        `the identity store of ${instance} is ${found.IdentityStoreId}, and the file has ${identityStore}`,
      )
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AccessDeniedException')) throw error
    refuse(`${of} may not see Identity Center: ${error.message}`)
  }
  refuse(`${of} does not administer ${instance} in ${region}`)
}

async function missingGroups(
  { external, identityStore: IdentityStoreId }: IdentityCenterPlan,
  store: Identitystore,
): Promise<readonly string[]> {
  const missing: string[] = []
  for (const { displayName } of external) {
    const UniqueAttribute = { AttributePath: 'displayName', AttributeValue: displayName }
    try {
      await store.getGroupId({ IdentityStoreId, AlternateIdentifier: { UniqueAttribute } })
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error
      missing.push(displayName)
    }
  }
  return missing
}
