import { field } from '../fields.js'
import { toldText } from '../told.js'
import { Undetermined } from '../undetermined.js'
import type { Evaluator, References } from './evaluate.js'

interface Named {
  /** The property that holds its name; without it CloudFormation picks one. */
  readonly name: string
  readonly ref: 'name' | 'arn' | 'url'
  /** The ARN after the partition, with `{account}`, `{region}`, `{path}` and `{name}`. */
  readonly arn: string
  /** Attributes that are the ARN. */
  readonly arns?: readonly string[]
  /** Attributes that are the name. */
  readonly names?: readonly string[]
}

/** The types whose names a template can give, and so their ARNs. [aws-template-resource-type-ref] */
const types: Readonly<Record<string, Named>> = {
  'AWS::IAM::User': { name: 'UserName', ref: 'name', arn: 'iam::{account}:user{path}{name}' },
  'AWS::IAM::Group': { name: 'GroupName', ref: 'name', arn: 'iam::{account}:group{path}{name}' },
  'AWS::IAM::Role': { name: 'RoleName', ref: 'name', arn: 'iam::{account}:role{path}{name}' },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    ref: 'arn',
    arn: 'iam::{account}:policy{path}{name}',
    arns: ['PolicyArn'],
  },
  'AWS::IAM::InstanceProfile': {
    name: 'InstanceProfileName',
    ref: 'name',
    arn: 'iam::{account}:instance-profile{path}{name}',
  },
  'AWS::IAM::SAMLProvider': { name: 'Name', ref: 'arn', arn: 'iam::{account}:saml-provider/{name}' },
  'AWS::S3::Bucket': { name: 'BucketName', ref: 'name', arn: 's3:::{name}' },
  'AWS::KMS::Alias': { name: 'AliasName', ref: 'name', arn: 'kms:{region}:{account}:{name}' },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    ref: 'url',
    arn: 'sqs:{region}:{account}:{name}',
    names: ['QueueName'],
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    ref: 'arn',
    arn: 'sns:{region}:{account}:{name}',
    arns: ['TopicArn'],
    names: ['TopicName'],
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    ref: 'name',
    arn: 'lambda:{region}:{account}:function:{name}',
  },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    ref: 'name',
    arn: 'ecr:{region}:{account}:repository/{name}',
  },
  'AWS::OpenSearchService::Domain': {
    name: 'DomainName',
    ref: 'name',
    arn: 'es:{region}:{account}:domain/{name}',
    arns: ['Arn', 'DomainArn'],
  },
  'AWS::Elasticsearch::Domain': {
    name: 'DomainName',
    ref: 'name',
    arn: 'es:{region}:{account}:domain/{name}',
    arns: ['Arn', 'DomainArn'],
  },
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    ref: 'name',
    arn: 'dynamodb:{region}:{account}:table/{name}',
  },
}

/** What templates may say of resources before they are made: names that they give themselves, and ARNs of these. */
export const references: References = {
  ref(logicalId, evaluator) {
    const named = typeOf(logicalId, evaluator)
    switch (named?.ref) {
      case 'name':
        return nameOf(logicalId, evaluator)
      case 'arn':
        return arnOf(logicalId, evaluator)
      case 'url':
        return fill('https://sqs.{region}.{suffix}/{account}/{name}', logicalId, evaluator)
      case undefined:
        return unknownReference(logicalId, evaluator)
    }
  },
  attribute(logicalId, attribute, evaluator) {
    const named = typeOf(logicalId, evaluator)
    if (named && (named.arns ?? ['Arn']).includes(attribute)) return arnOf(logicalId, evaluator)
    if (named?.names?.includes(attribute)) return nameOf(logicalId, evaluator)
    return new Undetermined(`${logicalId}.${attribute} is known at deployment only`)
  },
}

/** The name that a template gives a resource. */
export function nameOf(logicalId: string, evaluator: Evaluator): string | Undetermined {
  const named = typeOf(logicalId, evaluator)
  const property = named === undefined ? undefined : field(propertiesOf(logicalId, evaluator), named.name)
  return (
    toldText(evaluator.value(property)) ?? new Undetermined(`CloudFormation picks the name of ${logicalId}`)
  )
}

/** The ARN of a resource of a type whose ARNs follow from names. */
export function arnOf(logicalId: string, evaluator: Evaluator): string | Undetermined {
  const named = typeOf(logicalId, evaluator)
  if (named === undefined) return unknownReference(logicalId, evaluator)
  return fill(`arn:{partition}:${named.arn}`, logicalId, evaluator)
}

function fill(pattern: string, logicalId: string, evaluator: Evaluator): string | Undetermined {
  const { account, partition, region } = evaluator.scope
  const path = evaluator.value(field(propertiesOf(logicalId, evaluator), 'Path'))
  const parts: Readonly<Record<string, string | Undetermined>> = {
    account,
    partition,
    suffix: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    region: region ?? new Undetermined('the region is not known'),
    path: toldText(path) ?? '/',
    name: nameOf(logicalId, evaluator),
  }
  let undetermined: Undetermined | undefined
  const filled = pattern.replaceAll(/\{(\w+)\}/g, (whole, key: string) => {
    const part = parts[key]!
    if (typeof part === 'string') return part
    undetermined ??= part
    return whole
  })
  return undetermined ?? filled
}

function typeOf(logicalId: string, evaluator: Evaluator): Named | undefined {
  const type = field(evaluator.resource(logicalId), 'Type')
  return typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined
}

function propertiesOf(logicalId: string, evaluator: Evaluator): unknown {
  return field(evaluator.resource(logicalId), 'Properties')
}

function unknownReference(logicalId: string, evaluator: Evaluator): Undetermined {
  const type = field(evaluator.resource(logicalId), 'Type')
  return new Undetermined(`what ${logicalId} (${String(type)}) is called is known at deployment only`)
}
