import { parseArn } from '../arn.js'
import { startOf } from '../diagnostic.js'
import { textField } from '../fields.js'
import type { Inventory } from '../inventory.js'
import { lateIdentityReaders, stateIdentityReaders } from './identities.js'
import { organizationReaders } from './organization.js'
import { stateResourceReaders } from './other-resources.js'
import type { StateReader, StateResource } from './state-resource.js'
import { stateStoreReaders } from './stores.js'

const readers: Readonly<Record<string, StateReader>> = {
  ...stateIdentityReaders,
  ...stateStoreReaders,
  ...stateResourceReaders,
  ...organizationReaders,
}

/** Types of which everything that bears on access stands in other types. */
const harmless = new Set([
  'aws_s3_bucket_versioning',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_lifecycle_configuration',
])

/** Takes in the resources of one file; those of another account are left out with a warning. */
export function readStateResources(
  file: string,
  resources: readonly StateResource[],
  inventory: Inventory,
): void {
  const own = resources.filter((resource) => belongs(resource, inventory))
  const others = new Set<string>()
  for (const resource of own) {
    const reader = Object.hasOwn(readers, resource.type) ? readers[resource.type] : undefined
    if (reader) reader(resource, inventory)
    else if (!Object.hasOwn(lateIdentityReaders, resource.type) && !harmless.has(resource.type))
      others.add(resource.called)
  }
  for (const resource of own) {
    if (Object.hasOwn(lateIdentityReaders, resource.type))
      lateIdentityReaders[resource.type]!(resource, inventory)
  }
  if (others.size > 0) {
    const list = [...others].toSorted().join(', ')
    inventory.unknown(file, 'resources', `what these types give access to is not read: ${list}`)
  }
}

function belongs({ address, type, values, source }: StateResource, inventory: Inventory): boolean {
  const account = accountOf(type, values)
  // Policies of the organization belong to its management account.
  if (
    !/^\d{12}$/.test(account) ||
    account === inventory.scope.account ||
    type.startsWith('aws_organizations_')
  )
    return true
  inventory.diagnostics.push({
    code: 'IMPORT_ACCOUNT_OTHER',
    severity: 'warning',
    message: `${address} belongs to account ${account} and is left out`,
    span: startOf(source.file),
  })
  return false
}

/** The account that an attribute tells, or an empty text. */
function accountOf(type: string, values: StateResource['values']): string {
  const attribute =
    type === 'aws_s3_account_public_access_block' ? textField(values, 'account_id') : undefined
  return attribute ?? parseArn(values['arn'])?.account ?? ''
}

/** Which account and region resources are of, as far as their ARNs tell. */
export function placesOfResources(
  resources: readonly StateResource[],
): { account: string; partition: string; region: string }[] {
  return resources.flatMap(({ type, values }) => {
    if (type.startsWith('aws_organizations_')) return []
    const arn = parseArn(values['arn'])
    // Version 6 of the provider tells the region of everything that has one.
    const region = textField(values, 'region') ?? arn?.region ?? ''
    return [{ account: accountOf(type, values), partition: arn?.partition ?? '', region }]
  })
}
