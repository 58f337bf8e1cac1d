import { lastPart, parseArn } from '../arn.js'
import { field } from '../fields.js'
import { addResourcePolicy } from '../named-policies.js'
import { type Told, toldText, toldTexts } from '../told.js'
import { findUndetermined, Undetermined } from '../undetermined.js'
import { queueArn } from '../queue-url.js'
import { functionArn, permissionStatement } from '../lambda-permission.js'
import { arnOf } from './references.js'
import type { Made, Reader } from './template.js'

/** Policies of what is neither a bucket nor a key. */
export const policyReaders: Readonly<Record<string, Reader>> = {
  'AWS::SQS::QueuePolicy': (made) => attach(toldTexts(made.properties['Queues']).map(queueArn), made),
  'AWS::SQS::QueueInlinePolicy': (made) => attach(toldTexts(made.properties['Queue']).map(queueArn), made),
  'AWS::SNS::TopicPolicy': (made) => attach(toldTexts(made.properties['Topics']), made),
  'AWS::SNS::TopicInlinePolicy': (made) => attach(toldTexts(made.properties['TopicArn']), made),
  'AWS::SecretsManager::ResourcePolicy': readSecretPolicy,
  'AWS::SecretsManager::Secret': readSecret,
  'AWS::Lambda::Permission': readPermission,
  'AWS::ECR::Repository': (made) => readOwn(made, 'RepositoryPolicyText'),
  'AWS::OpenSearchService::Domain': (made) => readOwn(made, 'AccessPolicies'),
  'AWS::Elasticsearch::Domain': (made) => readOwn(made, 'AccessPolicies'),
  'AWS::DynamoDB::Table': (made) => readOwn(made, 'ResourcePolicy'),
  'AWS::SQS::Queue': (made) => readOwn(made),
  'AWS::SNS::Topic': (made) => readOwn(made),
  'AWS::Lambda::Function': (made) => readOwn(made),
}

function attach(arns: readonly Told<string>[], made: Made, document?: unknown): void {
  const { inventory, logicalId, properties, source } = made
  const policy = document ?? properties['PolicyDocument']
  for (const arn of arns) {
    if (typeof arn === 'string')
      addResourcePolicy(inventory.other(arn, lastPart(arn)), policy, source, inventory)
    else
      inventory.unknown(`policy ${logicalId}`, 'resources', `whose it is, is not told: ${arn.reason}`, source)
  }
}

/** A policy that is a property of the resource itself; without a key the type has none. */
function readOwn(made: Made, key?: string): void {
  const { evaluator, inventory, logicalId, properties, source } = made
  const arn = arnOf(logicalId, evaluator)
  if (typeof arn !== 'string') {
    inventory.unknown(logicalId, 'resources', arn.reason, source)
    return
  }
  inventory.other(arn, lastPart(arn)).isMade = true
  const given = key === undefined ? undefined : properties[key]
  if (given !== undefined) attach([arn], made, field(given, 'PolicyDocument') ?? given)
}

/** Secrets Manager ends ARNs of secrets in six characters of its own. [Secrets Manager guide, "Secret ARN"] */
function secretArn(name: Told<string> | undefined, { inventory }: Made): Told<string> {
  if (typeof name !== 'string') return name ?? new Undetermined('CloudFormation picks the name of the secret')
  if (parseArn(name)) return name
  const { account, partition, region } = inventory.scope
  return `arn:${partition}:secretsmanager:${region ?? '*'}:${account}:secret:${name}-??????`
}

function readSecret(made: Made): void {
  const { inventory, logicalId, properties, source } = made
  const name = toldText(properties['Name'])
  const arn = secretArn(name, made)
  if (typeof arn === 'string') inventory.other(arn, String(name)).isMade = true
  else inventory.unknown(`secret ${logicalId}`, 'resources', arn.reason, source)
}

function readSecretPolicy(made: Made): void {
  const { evaluator, inventory, logicalId, properties, source, written } = made
  const secret = field(field(written, 'SecretId'), 'Ref')
  const name =
    typeof secret === 'string' && field(evaluator.resource(secret), 'Type') === 'AWS::SecretsManager::Secret'
      ? toldText(field(evaluator.properties(secret), 'Name'))
      : toldText(properties['SecretId'])
  const arn = secretArn(name, made)
  if (typeof arn === 'string') {
    const called = typeof name === 'string' && !parseArn(name) ? name : lastPart(arn)
    addResourcePolicy(inventory.other(arn, called), properties['ResourcePolicy'], source, inventory)
  } else
    inventory.unknown(`policy ${logicalId}`, 'resources', `whose it is, is not told: ${arn.reason}`, source)
}

/** One statement of the policy of a function. [API_AddPermission] */
function readPermission(made: Made): void {
  const { inventory, logicalId, properties, source } = made
  const arn = functionArn(toldText(properties['FunctionName']), inventory.scope)
  if (typeof arn !== 'string') {
    inventory.unknown(
      `permission ${logicalId}`,
      'resources',
      `whose it is, is not told: ${arn.reason}`,
      source,
    )
    return
  }
  const draft = inventory.other(arn, lastPart(arn))
  const undetermined = findUndetermined(properties)
  if (undetermined) draft.statements.push({ value: undetermined, source })
  else {
    const value = permissionStatement({
      sid: logicalId,
      resource: arn,
      action: properties['Action'],
      principal: properties['Principal'],
      sourceAccount: properties['SourceAccount'],
      sourceArn: properties['SourceArn'],
      organization: properties['PrincipalOrgID'],
      eventSourceToken: properties['EventSourceToken'],
      urlAuthType: properties['FunctionUrlAuthType'],
    })
    draft.statements.push({ value, source })
  }
}
