import { organizationOf, parseArn } from '../arn.js'
import { textField } from '../fields.js'
import type { Inventory } from '../inventory.js'
import { toldText } from '../told.js'
import type { StateReader, StateResource } from './state-resource.js'

/** Policies of an organization and what they are attached to. [registry: aws_organizations_*] */
export const organizationReaders: Readonly<Record<string, StateReader>> = {
  aws_organizations_policy: readPolicy,
  aws_organizations_policy_attachment: readAttachment,
}

function readPolicy({ address, source, values }: StateResource, inventory: Inventory): void {
  const type = textField(values, 'type') ?? 'SERVICE_CONTROL_POLICY'
  const management = parseArn(values['arn'])?.account ?? ''
  if (/^\d{12}$/.test(management)) inventory.managementAccounts.add(management)
  const organization = organizationOf(textField(values, 'arn') ?? '')
  if (organization !== undefined) inventory.organizations.add(organization)
  const kind = type === 'SERVICE_CONTROL_POLICY' ? 'serviceControl' : 'resourceControl'
  if (kind === 'resourceControl' && type !== 'RESOURCE_CONTROL_POLICY') return
  const name = textField(values, 'arn') ?? address
  const policy = inventory.policy(name, values['content'], kind, source)
  for (const id of [address, textField(values, 'id')])
    if (id !== undefined) inventory.organizationPolicies.set(id, { kind, policy })
}

function readAttachment({ address, source, targets, values }: StateResource, inventory: Inventory): void {
  const [id, target] = [toldText(values['policy_id']), toldText(values['target_id'])]
  if (typeof target !== 'string') {
    const reason = `what the policy is attached to is not told: ${target?.reason ?? 'nothing is named'}`
    inventory.unknown(address, 'serviceControlPolicies', reason, source)
    return
  }
  if (/^\d{12}$/.test(target) && target !== inventory.scope.account) return
  // Levels count by their names: the root, units, the account.
  const level = target.startsWith('r-') ? 'root' : target.startsWith('ou-') ? `unit ${target}` : 'account'
  const ids = typeof id === 'string' ? [id] : targets
  inventory.organizationAttachments.push({ ids, level, address, source })
}
