import { parseArn } from '../arn.js'
import type { IdentityKind } from '../drafts.js'
import { field, textField } from '../fields.js'
import type { Inventory } from '../inventory.js'
import { addAttachment, addIdentity, addInline, addManagedPolicy, addMembership } from '../made-identities.js'
import { type Told, toldTags, toldText, toldTexts } from '../told.js'
import { Undetermined } from '../undetermined.js'
import type { StateReader, StateResource } from './state-resource.js'

const kinds = ['user', 'group', 'role'] as const

/** IAM's types of the AWS provider. [registry: aws_iam_*] */
export const stateIdentityReaders: Readonly<Record<string, StateReader>> = {
  aws_iam_user: (resource, inventory) => void readIdentity('user', resource, inventory),
  aws_iam_group: (resource, inventory) => void readIdentity('group', resource, inventory),
  aws_iam_role: readRole,
  aws_iam_policy: readPolicy,
  ...forEachKind((kind) => [
    [`aws_iam_${kind}_policy`, (resource, inventory) => readInline(kind, resource, inventory)],
    [`aws_iam_${kind}_policy_attachment`, (resource, inventory) => readAttachment(kind, resource, inventory)],
    [
      `aws_iam_${kind}_policy_attachments_exclusive`,
      (resource, inventory) => readAttachments(kind, resource, inventory),
    ],
  ]),
  aws_iam_policy_attachment: readSharedAttachment,
  aws_iam_group_membership: ({ source, values }, inventory) => {
    for (const user of toldTexts(values['users']))
      addMembership(user, toldText(values['group']), source, inventory)
  },
  aws_iam_user_group_membership: ({ source, values }, inventory) => {
    for (const group of toldTexts(values['groups']))
      addMembership(toldText(values['user']), group, source, inventory)
  },
  aws_iam_instance_profile: readInstanceProfile,
  aws_iam_access_key: readAccessKey,
  aws_iam_user_login_profile: ({ source, values }, inventory) => {
    const user = toldText(values['user'])
    if (typeof user === 'string') inventory.identity('user', user).loginProfiles.push({ value: true, source })
  },
  aws_iam_saml_provider: readProvider,
  aws_iam_openid_connect_provider: readProvider,
}

/** Lists of names of inline policies: those that no other resource has exist, and what they say is not told. */
export const lateIdentityReaders: Readonly<Record<string, StateReader>> = forEachKind((kind) => [
  [`aws_iam_${kind}_policies_exclusive`, (resource, inventory) => readInlineNames(kind, resource, inventory)],
])

function forEachKind(
  entries: (kind: IdentityKind) => readonly (readonly [string, StateReader])[],
): Record<string, StateReader> {
  return Object.fromEntries(kinds.flatMap(entries))
}

function readIdentity(
  kind: IdentityKind,
  { address, source, values }: StateResource,
  inventory: Inventory,
): string | undefined {
  const uniqueId = textField(values, 'unique_id')
  return addIdentity(
    kind,
    {
      about: address,
      name: toldText(values['name']) ?? new Undetermined('its name is known after it is made'),
      path: toldText(values['path']),
      ...(kind === 'group'
        ? {}
        : {
            // A state has an empty text where there is none.
            boundary: toldText(values['permissions_boundary']) || undefined,
            tags: tagsOf(values),
            uniqueId,
          }),
    },
    source,
    inventory,
  )
}

/** With those that the provider adds to all. Undefined: not known. */
function tagsOf({
  tags,
  tags_all: all,
}: StateResource['values']): Readonly<Record<string, string>> | undefined {
  return toldTags(all ?? tags)
}

function readRole(resource: StateResource, inventory: Inventory): void {
  const { source, values } = resource
  const name = readIdentity('role', resource, inventory)
  if (name === undefined) return
  const { account, partition } = inventory.scope
  const arn = `arn:${partition}:iam::${account}:role${textField(values, 'path') ?? '/'}${name}`
  const trust = inventory.policy(arn, values['assume_role_policy'], 'trust', source)
  inventory.identity('role', name).trust.push({ value: trust, source })
  for (const policy of toldTexts(values['managed_policy_arns']))
    addAttachment('role', name, policy, source, inventory)
  const inline = values['inline_policy'] ?? values['inline_policies']
  if (inline instanceof Undetermined) addInline('role', name, 'of the state', inline, source, inventory)
  for (const policy of Array.isArray(inline) ? (inline as unknown[]) : []) {
    const title = textField(policy, 'name')
    // An empty block stands for the list of none.
    if (title !== undefined) addInline('role', name, title, field(policy, 'policy'), source, inventory)
  }
}

function readPolicy({ address, source, values }: StateResource, inventory: Inventory): void {
  const { account, partition } = inventory.scope
  const name = toldText(values['name']) ?? new Undetermined('its name is known after it is made')
  const path = toldText(values['path']) ?? '/'
  const open = [name, path].find((part) => part instanceof Undetermined)
  const given = textField(values, 'arn')
  const arn: Told<string> =
    given ??
    (open instanceof Undetermined
      ? open
      : `arn:${partition}:iam::${account}:policy${path as string}${name as string}`)
  addManagedPolicy(address, arn, values['policy'], source, inventory)
}

function readInline(kind: IdentityKind, { source, values }: StateResource, inventory: Inventory): void {
  addInline(kind, toldText(values[kind]), toldText(values['name']), values['policy'], source, inventory)
}

function readAttachment(kind: IdentityKind, { source, values }: StateResource, inventory: Inventory): void {
  addAttachment(kind, holderOf(values[kind]), toldText(values['policy_arn']), source, inventory)
}

/** By name; a role may be named by its ARN too. */
function holderOf(value: unknown): Told<string> | undefined {
  const holder = toldText(value)
  const resource = parseArn(holder)?.resource
  return resource === undefined ? holder : resource.slice(resource.lastIndexOf('/') + 1)
}

function readAttachments(kind: IdentityKind, { source, values }: StateResource, inventory: Inventory): void {
  const holder = toldText(values[`${kind}_name`])
  const known = toldTexts(values['policy_arns']).filter((arn) => typeof arn === 'string')
  // What is not known here is not known in the single attachments either.
  for (const arn of known) addAttachment(kind, holder, arn, source, inventory)
}

function readSharedAttachment({ source, values }: StateResource, inventory: Inventory): void {
  for (const kind of kinds) {
    for (const holder of toldTexts(values[`${kind}s`]))
      addAttachment(kind, holder, toldText(values['policy_arn']), source, inventory)
  }
}

function readInlineNames(kind: IdentityKind, { source, values }: StateResource, inventory: Inventory): void {
  const holder = toldText(values[`${kind}_name`])
  if (typeof holder !== 'string') return
  const { inline } = inventory.identity(kind, holder)
  for (const name of toldTexts(values['policy_names'])) {
    const title = `inline policy ${String(name)} of ${kind}/${holder}`
    if (typeof name === 'string' && !inline.some(({ value }) => value.name === title))
      addInline(kind, holder, name, undefined, source, inventory)
  }
}

function readInstanceProfile({ address, source, values }: StateResource, inventory: Inventory): void {
  const role = holderOf(values['role'])
  if (typeof role === 'string') {
    const value = textField(values, 'arn') ?? `instance profile ${address}`
    inventory.identity('role', role).instanceProfiles.push({ value, source })
  } else if (role instanceof Undetermined) {
    inventory.unknown(
      `instance profile ${address}`,
      'principals',
      `its role is not told: ${role.reason}`,
      source,
    )
  }
}

function readAccessKey({ address, source, values }: StateResource, inventory: Inventory): void {
  const user = toldText(values['user'])
  if (typeof user === 'string' && values['status'] !== 'Inactive')
    inventory.identity('user', user).accessKeys.push({ value: textField(values, 'id') ?? address, source })
}

function readProvider({ address, source, values }: StateResource, inventory: Inventory): void {
  const arn = textField(values, 'arn')
  if (arn !== undefined) inventory.identityProviders.add(arn)
  else inventory.unknown(address, 'identityProviders', 'its ARN is known after it is made', source)
}
