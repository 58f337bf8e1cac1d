import type { Condition, ConditionValue } from '@ringfence/policy'
import { isAlwaysThere } from './complement.js'
import { listWords, quoted, valueWords } from './value-words.js'

type Phrase = (condition: Condition) => string | undefined

/** The conditions that policies have most often, by the key in lower case. */
const PHRASES: ReadonlyMap<string, Phrase> = new Map([
  ['aws:securetransport', (condition) => booleanPhrase(condition, 'over TLS', 'without TLS')],
  ['aws:multifactorauthpresent', multiFactor],
  ['aws:currenttime', clock],
  ['s3:prefix', prefix],
  ['kms:viaservice', viaService],
  ['kms:resourcealiases', keyAliases],
  ['aws:sourceip', (condition) => plain(condition, 'ip', (values) => `from ${values}`)],
  ['aws:sourcevpce', (condition) => plain(condition, 'string', (values) => `through VPC endpoint ${values}`)],
  ['aws:sourcevpc', (condition) => plain(condition, 'string', (values) => `from VPC ${values}`)],
  [
    'aws:principalorgid',
    (condition) => plain(condition, 'string', (values) => `by principals of organization ${values}`),
  ],
  [
    'aws:principalaccount',
    (condition) => plain(condition, 'string', (values) => `by principals of account ${values}`),
  ],
  ['aws:resourceaccount', (condition) => plain(condition, 'string', (values) => `in account ${values}`)],
  ['aws:requestedregion', (condition) => plain(condition, 'string', (values) => `in region ${values}`)],
  ['iam:passedtoservice', (condition) => plain(condition, 'string', (values) => `to ${values} only`)],
  ['sts:externalid', (condition) => plain(condition, 'string', (values) => `with external id ${values}`)],
])

const TAGS: readonly (readonly [string, string])[] = [
  ['aws:requesttag/', 'with the tag'],
  ['aws:resourcetag/', 'on what is tagged'],
  ['aws:principaltag/', 'by principals tagged'],
]

/** The condition in words of its own; undefined where it is not among those that policies have most often. */
export function familiarWords(condition: Condition): string | undefined {
  const key = condition.key.toLowerCase()
  const phrase = PHRASES.get(key)
  if (phrase) return phrase(condition)
  const tag = TAGS.find(([start]) => key.startsWith(start))
  if (!tag) return undefined
  const [start, words] = tag
  const name = quoted(condition.key.slice(start.length))
  return plain(condition, 'string', (values) => `${words} ${name} = ${values}`)
}

/** A condition with one of the given values, which has to be there. */
function plain(
  { operator, values }: Condition,
  family: Condition['operator']['family'],
  phrase: (values: string) => string,
): string | undefined {
  const { ifExists, negated, quantifier } = operator
  if (operator.family !== family || negated || ifExists || quantifier !== undefined) return undefined
  return phrase(listWords(values.map(valueWords), 'or'))
}

function booleanPhrase({ key, operator, values }: Condition, yes: string, no: string): string | undefined {
  const [value] = values
  const mayMiss = operator.ifExists && !isAlwaysThere(key)
  if (operator.family !== 'bool' || operator.quantifier !== undefined || mayMiss) return undefined
  if (values.length !== 1 || value?.type !== 'boolean') return undefined
  return value.boolean ? yes : no
}

/** The key is missing from requests with long-lived credentials, so only one form each says what people would say. */
function multiFactor(condition: Condition): string | undefined {
  const [value] = condition.values
  if (condition.operator.ifExists)
    return condition.values.length === 1 &&
      value?.type === 'boolean' &&
      !value.boolean &&
      isPlainBool(condition)
      ? 'without MFA'
      : undefined
  return value?.type === 'boolean' && value.boolean ? booleanPhrase(condition, 'with MFA', '') : undefined
}

function isPlainBool({ operator }: Condition): boolean {
  return operator.family === 'bool' && operator.quantifier === undefined
}

const DAY_MS = 86_400_000

/** A date is inclusive, as in a declared file: before midnight of April 1 is until March 31. */
function clock({ operator, values }: Condition): string | undefined {
  const [value] = values
  const { comparison, family, negated, quantifier } = operator
  if (family !== 'date' || negated || quantifier !== undefined || values.length !== 1) return undefined
  if (value?.type !== 'date') return undefined
  const instant = instantOf(value)
  if (instant === undefined) return undefined
  const isMidnight = value.epochMs % DAY_MS === 0
  switch (comparison) {
    case 'less': {
      const lastDay = isMidnight ? isoInstant(value.epochMs - DAY_MS) : undefined
      return lastDay === undefined ? `before ${instant}` : `until ${lastDay.slice(0, 10)}`
    }
    case 'lessOrEqual':
      return `until ${instant}`
    case 'greaterOrEqual':
      return isMidnight ? `since ${instant.slice(0, 10)}` : `since ${instant}`
    case 'greater':
      return `after ${instant}`
    case 'equal':
      return undefined
  }
}

function instantOf({ epochMs }: Extract<ConditionValue, { readonly type: 'date' }>): string | undefined {
  return isoInstant(epochMs)
}

/** `2027-03-31T12:00:00Z`; undefined outside of the years that four digits can name. */
function isoInstant(epochMs: number): string | undefined {
  const first = Date.UTC(1970, 0, 1)
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
  if (epochMs < first || epochMs > last) return undefined
  return new Date(epochMs).toISOString().replace('.000Z', 'Z')
}

/** Names of objects below folders: `raw/*`. */
function prefix({ operator, values }: Condition): string | undefined {
  const { family, ifExists, negated, quantifier } = operator
  if (family !== 'stringLike' || negated || ifExists || quantifier !== undefined) return undefined
  const folders = values.map((value) => (value.type === 'text' ? folderOf(value) : undefined))
  return folders.every((folder) => folder !== undefined) ? `under ${listWords(folders, 'or')}` : undefined
}

function folderOf({ text }: Extract<ConditionValue, { readonly type: 'text' }>): string | undefined {
  const [literal, star, ...rest] = text.parts
  if (literal?.type !== 'literal' || star?.type !== 'any' || rest.length > 0) return undefined
  return literal.text.endsWith('/') ? quoted(literal.text) : undefined
}

const SERVICE_NAMES: Readonly<Record<string, string>> = {
  athena: 'Athena',
  dynamodb: 'DynamoDB',
  ec2: 'EC2',
  ecr: 'ECR',
  lambda: 'Lambda',
  rds: 'RDS',
  s3: 'S3',
  sagemaker: 'SageMaker',
  secretsmanager: 'Secrets Manager',
  sns: 'SNS',
  sqs: 'SQS',
}

function viaService(condition: Condition): string | undefined {
  const services = condition.values.map(({ source }) => {
    const [, name, region] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.amazonaws\.com$/.exec(source) ?? []
    const known = name === undefined ? undefined : SERVICE_NAMES[name]
    return known === undefined ? undefined : `${known} in ${region}`
  })
  if (services.some((service) => service === undefined)) return undefined
  return plain(condition, 'string', () => `through ${listWords(services as string[], 'or')} only`)
}

/** A key has several aliases, so that policies ask for one among them. */
function keyAliases({ operator, values }: Condition): string | undefined {
  const { family, ifExists, negated, quantifier } = operator
  if (quantifier !== 'any' || negated || ifExists) return undefined
  const listed = listWords(values.map(valueWords), 'or')
  if (family === 'string') return `with the key ${listed}`
  return family === 'stringLike' ? `with the keys like ${listed}` : undefined
}
