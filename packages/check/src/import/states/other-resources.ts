import { lastPart, parseArn } from '../arn.js'
import { textField } from '../fields.js'
import type { Inventory } from '../inventory.js'
import { functionArn, permissionStatement } from '../lambda-permission.js'
import { addResourcePolicy } from '../named-policies.js'
import { queueArn } from '../queue-url.js'
import { type Told, toldText } from '../told.js'
import { findUndetermined, Undetermined } from '../undetermined.js'
import type { StateReader, StateResource } from './state-resource.js'

/** Types that are something with a policy: the attribute that shows it, if any. */
const things: Readonly<Record<string, string | undefined>> = {
  aws_sqs_queue: 'policy',
  aws_sns_topic: 'policy',
  aws_secretsmanager_secret: 'policy',
  aws_ecr_repository: undefined,
  aws_lambda_function: undefined,
  aws_opensearch_domain: 'access_policies',
  aws_elasticsearch_domain: 'access_policies',
  aws_dynamodb_table: undefined,
}

/** Types that are the policy of something: its attribute, and what names the thing. */
const policies: Readonly<
  Record<
    string,
    {
      readonly policy: string
      readonly of: string
      readonly arn: (name: string, inventory: Inventory) => Told<string>
    }
  >
> = {
  aws_sqs_queue_policy: { policy: 'policy', of: 'queue_url', arn: (url) => queueArn(url) },
  aws_sns_topic_policy: { policy: 'policy', of: 'arn', arn: (arn) => arn },
  aws_secretsmanager_secret_policy: { policy: 'policy', of: 'secret_arn', arn: (arn) => arn },
  aws_ecr_repository_policy: { policy: 'policy', of: 'repository', arn: regional('ecr', 'repository/') },
  aws_opensearch_domain_policy: {
    policy: 'access_policies',
    of: 'domain_name',
    arn: regional('es', 'domain/'),
  },
  aws_elasticsearch_domain_policy: {
    policy: 'access_policies',
    of: 'domain_name',
    arn: regional('es', 'domain/'),
  },
  aws_dynamodb_resource_policy: { policy: 'policy', of: 'resource_arn', arn: (arn) => arn },
}

/** What has a policy of its own and is neither bucket nor key. [registry: aws_sqs_*, aws_sns_*, …] */
export const stateResourceReaders: Readonly<Record<string, StateReader>> = {
  ...Object.fromEntries(Object.keys(things).map((type) => [type, readThing])),
  ...Object.fromEntries(Object.keys(policies).map((type) => [type, readPolicyOf])),
  aws_lambda_permission: readPermission,
}

function readThing({ address, source, type, values }: StateResource, inventory: Inventory): void {
  const arn = textField(values, 'arn')
  if (arn === undefined) {
    inventory.unknown(address, 'resources', 'its ARN is known after it is made', source)
    return
  }
  const draft = inventory.other(arn, lastPart(arn))
  draft.isMade = true
  const attribute = things[type]
  const policy = attribute === undefined ? undefined : values[attribute]
  if (policy instanceof Undetermined || (typeof policy === 'string' && policy !== ''))
    draft.ownPolicies.push({ value: inventory.policy(arn, policy, 'resource', source), source })
}

function readPolicyOf({ address, source, type, values }: StateResource, inventory: Inventory): void {
  const { arn: arnOf, of, policy } = policies[type]!
  const name = toldText(values[of])
  const arn = typeof name === 'string' ? arnOf(name, inventory) : name
  if (typeof arn === 'string')
    addResourcePolicy(inventory.other(arn, lastPart(arn)), values[policy] ?? null, source, inventory)
  else {
    const reason = `whose it is, is not told: ${arn?.reason ?? 'it names nothing'}`
    inventory.unknown(address, 'resources', reason, source)
  }
}

function readPermission({ address, source, values }: StateResource, inventory: Inventory): void {
  const arn = functionArn(toldText(values['function_name'] ?? values['function']), inventory.scope)
  if (typeof arn !== 'string') {
    inventory.unknown(address, 'resources', `whose it is, is not told: ${arn.reason}`, source)
    return
  }
  const { action, principal, source_arn: sourceArn, source_account: sourceAccount } = values
  const statement = {
    sid: textField(values, 'statement_id') ?? address.replaceAll(/[^A-Za-z0-9]/g, ''),
    resource: arn,
    action,
    principal,
    sourceArn,
    sourceAccount,
    organization: values['principal_org_id'],
    eventSourceToken: values['event_source_token'],
    urlAuthType: values['function_url_auth_type'],
  }
  const value = findUndetermined(Object.values(statement)) ?? permissionStatement(statement)
  inventory.other(arn, lastPart(arn)).statements.push({ value, source })
}

function regional(service: string, prefix: string) {
  return (name: string, { scope }: Inventory): Told<string> => {
    if (parseArn(name)) return name
    const { account, partition, region } = scope
    if (region === undefined) return new Undetermined('the region is not known')
    return `arn:${partition}:${service}:${region}:${account}:${prefix}${name}`
  }
}
