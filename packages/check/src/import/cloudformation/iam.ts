import type { IdentityKind } from '../drafts.js'
import { field, listField, tagsOf, textField } from '../fields.js'
import { addAttachment, addIdentity, addInline, addManagedPolicy, addMembership } from '../made-identities.js'
import { type Told, toldText, toldTexts } from '../told.js'
import { Undetermined } from '../undetermined.js'
import { arnOf, nameOf } from './references.js'
import type { Made, Reader } from './template.js'

const holders = { user: 'Users', group: 'Groups', role: 'Roles' } as const
const kinds = ['user', 'group', 'role'] as const

/** IAM's types. [AWS_IAM] */
export const iamReaders: Readonly<Record<string, Reader>> = {
  'AWS::IAM::User': readUser,
  'AWS::IAM::Group': (made) => void readIdentity('group', made),
  'AWS::IAM::Role': readRole,
  'AWS::IAM::Policy': readPolicy,
  'AWS::IAM::UserPolicy': (made) => readOwnPolicy('user', 'UserName', made),
  'AWS::IAM::GroupPolicy': (made) => readOwnPolicy('group', 'GroupName', made),
  'AWS::IAM::RolePolicy': (made) => readOwnPolicy('role', 'RoleName', made),
  'AWS::IAM::ManagedPolicy': readManagedPolicy,
  'AWS::IAM::UserToGroupAddition': readAddition,
  'AWS::IAM::InstanceProfile': readInstanceProfile,
  'AWS::IAM::AccessKey': readAccessKey,
  'AWS::IAM::SAMLProvider': readProvider,
  'AWS::IAM::OIDCProvider': readProvider,
}

/** The name, where it is told. */
function readIdentity(kind: IdentityKind, made: Made): string | undefined {
  const { evaluator, inventory, logicalId, properties, source } = made
  const tags = properties['Tags'] === undefined ? {} : tagsOf(properties['Tags'])
  const name = addIdentity(
    kind,
    {
      about: logicalId,
      name: nameOf(logicalId, evaluator),
      path: toldText(properties['Path']),
      ...(kind === 'group' ? {} : { boundary: toldText(properties['PermissionsBoundary']), tags }),
    },
    source,
    inventory,
  )
  if (name === undefined) return undefined
  for (const arn of toldTexts(properties['ManagedPolicyArns']))
    addAttachment(kind, name, arn, source, inventory)
  const { Policies: policies } = properties
  if (policies instanceof Undetermined) addInline(kind, name, 'of the template', policies, source, inventory)
  for (const policy of listField(properties, 'Policies')) {
    const title = policy instanceof Undetermined ? policy : toldText(field(policy, 'PolicyName'))
    const document = policy instanceof Undetermined ? policy : field(policy, 'PolicyDocument')
    addInline(kind, name, title, document, source, inventory)
  }
  return name
}

function readUser(made: Made): void {
  const { inventory, properties, source } = made
  const name = readIdentity('user', made)
  if (name === undefined) return
  for (const group of toldTexts(properties['Groups'])) addMembership(name, group, source, inventory)
  if (properties['LoginProfile'] !== undefined)
    inventory.identity('user', name).loginProfiles.push({ value: true, source })
}

function readRole(made: Made): void {
  const { evaluator, inventory, logicalId, properties, source } = made
  const name = readIdentity('role', made)
  const arn = arnOf(logicalId, evaluator)
  if (name === undefined || typeof arn !== 'string') return
  const trust = inventory.policy(arn, properties['AssumeRolePolicyDocument'], 'trust', source)
  inventory.identity('role', name).trust.push({ value: trust, source })
}

/** An inline policy of each that it lists. */
function readPolicy({ inventory, properties, source }: Made): void {
  const { PolicyDocument: document, PolicyName: name } = properties
  for (const kind of kinds) {
    for (const holder of toldTexts(properties[holders[kind]]))
      addInline(kind, holder, toldText(name), document, source, inventory)
  }
}

function readOwnPolicy(kind: IdentityKind, key: string, { inventory, properties, source }: Made): void {
  const { PolicyDocument: document, PolicyName: name } = properties
  addInline(kind, toldText(properties[key]), toldText(name), document, source, inventory)
}

function readManagedPolicy({ evaluator, inventory, logicalId, properties, source }: Made): void {
  const arn: Told<string> = arnOf(logicalId, evaluator)
  addManagedPolicy(logicalId, arn, properties['PolicyDocument'], source, inventory)
  for (const kind of kinds) {
    for (const holder of toldTexts(properties[holders[kind]]))
      addAttachment(kind, holder, arn, source, inventory)
  }
}

function readAddition({ inventory, properties, source }: Made): void {
  for (const user of toldTexts(properties['Users']))
    addMembership(user, toldText(properties['GroupName']), source, inventory)
}

function readInstanceProfile({ evaluator, inventory, logicalId, properties, source }: Made): void {
  const arn = arnOf(logicalId, evaluator)
  for (const role of toldTexts(properties['Roles'])) {
    if (typeof role !== 'string') {
      inventory.unknown(
        `instance profile ${logicalId}`,
        'principals',
        `its role is not told: ${role.reason}`,
        source,
      )
    } else {
      const value = typeof arn === 'string' ? arn : `instance profile ${logicalId}`
      inventory.identity('role', role).instanceProfiles.push({ value, source })
    }
  }
}

function readAccessKey({ inventory, logicalId, properties, source }: Made): void {
  const user = toldText(properties['UserName'])
  if (typeof user === 'string' && properties['Status'] !== 'Inactive')
    inventory.identity('user', user).accessKeys.push({ value: `${source.file} ${logicalId}`, source })
  if (user instanceof Undetermined)
    inventory.unknown(
      `access key ${logicalId}`,
      'credentials',
      `whose it is, is not told: ${user.reason}`,
      source,
    )
}

function readProvider({ evaluator, inventory, logicalId, properties, source }: Made): void {
  const { account, partition } = inventory.scope
  const url = textField(properties, 'Url')
  const arn =
    url === undefined
      ? arnOf(logicalId, evaluator)
      : `arn:${partition}:iam::${account}:oidc-provider/${url.replace(/^https:\/\//, '').replace(/\/$/, '')}`
  if (typeof arn === 'string') inventory.identityProviders.add(arn)
  else inventory.unknown(`identity provider ${logicalId}`, 'identityProviders', arn.reason, source)
}
