import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { type AwsAccess, clientSettings } from './aws-access.js'
import { translateAwsError } from './identify.js'

/** The management account of the organization that the caller's account belongs to. */
export async function findManagementAccount(access: AwsAccess): Promise<string> {
  const client = new OrganizationsClient(clientSettings(access))
  try {
    const { Organization } = await client.send(new DescribeOrganizationCommand({}))
    const account = Organization?.MasterAccountId
    if (account === undefined) throw new Error('AWS does not say which account manages the organization')
    return account
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'AWSOrganizationsNotInUseException' || name.startsWith('AccessDenied')) {
      throw new CliError(
        'MANAGEMENT_ACCOUNT_OTHER',
        `the profile ${access.profile ?? ''} cannot see an organization (${name})`,
        {
          hint: 'let it sign in to the management account of the organization',
          exitCode: exitCode.credentials,
          cause: error,
        },
      )
    }
    throw translateAwsError(error, access)
  } finally {
    client.destroy()
  }
}
