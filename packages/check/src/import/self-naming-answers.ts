import { lastPart, organizationOf, parseArn } from './arn.js'
import { describe } from './authorization-details.js'
import type { Source } from './drafts.js'
import { field, isFields, listField, textField } from './fields.js'
import type { Format } from './format.js'
import type { ParsedFile } from './input-file.js'
import { ensure, type Inventory } from './inventory.js'
import { addResourcePolicy } from './named-policies.js'

interface Answer {
  readonly recognizes: (value: unknown) => boolean
  /** ARNs of what belongs to the account. */
  readonly arns: (value: unknown) => readonly unknown[]
  readonly read: (value: unknown, source: Source, inventory: Inventory, inside: string) => void
}

const organizationPolicy: Answer = {
  recognizes: (value) => isFields(field(field(value, 'Policy'), 'PolicySummary')),
  // A policy of an organization belongs to its management account.
  arns: () => [],
  read(value, source, inventory, inside) {
    const policy = field(value, 'Policy')
    const summary = field(policy, 'PolicySummary')
    const arn = textField(summary, 'Arn') ?? source.file
    const type = textField(summary, 'Type')
    const management = parseArn(arn)?.account ?? ''
    if (/^\d{12}$/.test(management)) inventory.managementAccounts.add(management)
    const organization = organizationOf(arn)
    if (organization !== undefined) inventory.organizations.add(organization)
    if (type !== 'SERVICE_CONTROL_POLICY' && type !== 'RESOURCE_CONTROL_POLICY') return
    const [levels, kind] =
      type === 'SERVICE_CONTROL_POLICY'
        ? ([inventory.serviceControl, 'serviceControl'] as const)
        : ([inventory.resourceControl, 'resourceControl'] as const)
    const level = inside.slice(0, Math.max(0, inside.lastIndexOf('/')))
    const named = inventory.policy(arn, field(policy, 'Content'), kind, source)
    ensure(levels, level, () => new Map()).set(arn, named)
  },
}

const organization: Answer = {
  recognizes: (value) => organizationOf(textField(field(value, 'Organization'), 'Arn') ?? '') !== undefined,
  arns: () => [],
  read(value, _, inventory) {
    const described = field(value, 'Organization')
    const management = textField(described, 'MasterAccountId') ?? ''
    if (/^\d{12}$/.test(management)) inventory.managementAccounts.add(management)
    inventory.organizations.add(organizationOf(textField(described, 'Arn')!)!)
  },
}

const role: Answer = {
  recognizes: (value) => textField(field(value, 'Role'), 'RoleName') !== undefined,
  arns: (value) => [field(field(value, 'Role'), 'Arn')],
  read(value, source, inventory) {
    const detail = field(value, 'Role')
    const name = textField(detail, 'RoleName')!
    const path = textField(detail, 'Path') ?? '/'
    const arn = textField(detail, 'Arn') ?? `role/${name}`
    const draft = inventory.identity('role', name)
    const trust = inventory.policy(arn, field(detail, 'AssumeRolePolicyDocument'), 'trust', source)
    draft.trust.push({ value: trust, source })
    draft.described.push({ value: { ...describe('role', detail, path), tells: 'principal' }, source })
  },
}

const aliases: Answer = {
  recognizes: (value) => isListOf(value, 'Aliases', 'AliasArn'),
  arns: (value) => listField(value, 'Aliases').map((alias) => field(alias, 'AliasArn')),
  read(value, source, inventory) {
    for (const alias of listField(value, 'Aliases')) {
      const [name, id] = [textField(alias, 'AliasName'), textField(alias, 'TargetKeyId')]
      // Keys of AWS have policies of AWS, and an alias without a key stands for nothing.
      if (name === undefined || id === undefined || name.startsWith('alias/aws/')) continue
      inventory.key(id, parseArn(field(alias, 'AliasArn'))?.region).aliases.add(name)
    }
    noteRegions(aliases.arns(value), value, inventory.listed.aliases)
  },
}

const keys: Answer = {
  recognizes: (value) => isListOf(value, 'Keys', 'KeyArn'),
  arns: (value) => listField(value, 'Keys').map((key) => field(key, 'KeyArn')),
  read(value, source, inventory) {
    for (const key of listField(value, 'Keys')) {
      const id = textField(key, 'KeyId')
      if (id !== undefined) inventory.key(id, parseArn(field(key, 'KeyArn'))?.region)
    }
    noteRegions(keys.arns(value), value, inventory.listed.keys)
  },
}

/** Where there is nothing in a region AWS answers with an empty list. */
function isListOf(value: unknown, name: string, arn: string): boolean {
  const list = field(value, name)
  if (!Array.isArray(list)) return false
  return list.length === 0
    ? isFields(value) && Object.keys(value).every((key) => key === name || key === 'Truncated')
    : list.some((one) => textField(one, arn) !== undefined)
}

/** KMS lists what is in one region. */
function noteRegions(arns: readonly unknown[], answer: unknown, regions: Set<string>): void {
  if (textField(answer, 'NextToken') !== undefined || field(answer, 'Truncated') === true) return
  for (const arn of arns) {
    const region = parseArn(arn)?.region
    if (region !== undefined) regions.add(region)
  }
}

const buckets: Answer = {
  recognizes: (value) => Array.isArray(field(value, 'Buckets')),
  arns: () => [],
  read(value, source, inventory) {
    for (const bucket of listField(value, 'Buckets')) {
      const name = textField(bucket, 'Name')
      if (name !== undefined) inventory.bucket(name)
    }
    if (textField(value, 'NextToken') === undefined && textField(value, 'ContinuationToken') === undefined)
      inventory.complete.add('buckets')
  },
}

function providers(list: string, kind: 'samlProviders' | 'oidcProviders'): Answer {
  const arns = (value: unknown) => listField(value, list).map((provider) => field(provider, 'Arn'))
  return {
    recognizes: (value) => Array.isArray(field(value, list)),
    arns,
    read(value, _, inventory) {
      for (const arn of arns(value)) if (typeof arn === 'string') inventory.identityProviders.add(arn)
      inventory.complete.add(kind)
    },
  }
}

/** Queues and topics: `get-queue-attributes`, `get-topic-attributes`. */
const attributes: Answer = {
  recognizes: (value) => attributesArn(value) !== undefined,
  arns: (value) => [attributesArn(value)],
  read(value, source, inventory) {
    const policy = textField(field(value, 'Attributes'), 'Policy')
    addOther(attributesArn(value), policy, source, inventory)
  },
}

const secret: Answer = {
  recognizes: (value) =>
    parseArn(field(value, 'ARN'))?.service === 'secretsmanager' && textField(value, 'Name') !== undefined,
  arns: (value) => [field(value, 'ARN')],
  read: (value, source, inventory) =>
    addOther(textField(value, 'ARN'), textField(value, 'ResourcePolicy'), source, inventory),
}

const answers: readonly Answer[] = [
  organizationPolicy,
  organization,
  role,
  aliases,
  keys,
  buckets,
  providers('SAMLProviderList', 'samlProviders'),
  providers('OpenIDConnectProviderList', 'oidcProviders'),
  attributes,
  secret,
]

/**
 * Answers of the AWS CLI that name what they are about: `organizations describe-organization` and `describe-policy`, `iam get-role`,
 * `list-saml-providers` and `list-open-id-connect-providers`, `kms list-aliases` and `list-keys`, `s3api list-buckets`, `sqs get-queue-attributes`, `sns get-topic-attributes`,
 * `secretsmanager get-resource-policy`.
 */
export const selfNamingAnswers: Format = {
  name: 'an answer of the AWS CLI',
  recognizes: (file) => answerOf(file) !== undefined,
  placesIn: (file) =>
    answerOf(file)!
      .arns(file.value)
      .flatMap((arn) => parseArn(arn) ?? []),
  read(files, inventory) {
    for (const file of files) answerOf(file)!.read(file.value, { file: file.path }, inventory, file.inside)
  },
}

function answerOf({ value }: ParsedFile): Answer | undefined {
  return isFields(value) ? answers.find(({ recognizes }) => recognizes(value)) : undefined
}

function attributesArn(value: unknown): string | undefined {
  const attributesOf = field(value, 'Attributes')
  return textField(attributesOf, 'QueueArn') ?? textField(attributesOf, 'TopicArn')
}

function addOther(
  arn: string | undefined,
  policy: string | undefined,
  source: Source,
  inventory: Inventory,
): void {
  if (arn !== undefined) addResourcePolicy(inventory.other(arn, lastPart(arn)), policy, source, inventory)
}
