import type { ActionElement, Condition } from '../../policy.js'
import type { Who } from '../question.js'

/** Of whom KMS says whose account they are of, the account that `aws:PrincipalAccount` has. */
export const CALLER_ACCOUNT = 'kms:calleraccount'

/**
 * In the policy that SNS gives every topic it keeps to the account of the topic, so it counts as the account of who
 * asks. [SNS guide, "aws:SourceAccount versus aws:SourceOwner"]
 */
export const SOURCE_OWNER = 'aws:sourceowner'

const OF_ORGANIZATIONS = ['aws:principalorgid', 'aws:principalorgpaths']
const OF_CREDENTIALS = [
  'aws:assumedroot',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:ec2instancesourceprivateipv4',
  'aws:ec2instancesourcevpc',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:sourceidentity',
  'aws:tokenissuetime',
]
const PRINCIPAL_TAG = 'aws:principaltag/'

/** For whom an AWS service asks; nobody else tells that of themselves. */
const OF_SERVICES: ReadonlySet<string> = new Set([
  'aws:principalservicenameslist',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
])

/** Beside tags of principals. */
const ABSENT: Readonly<Partial<Record<Who['kind'], ReadonlySet<string>>>> = {
  anonymous: new Set([...OF_ORGANIZATIONS, ...OF_CREDENTIALS, CALLER_ACCOUNT, SOURCE_OWNER]),
  canonicalUser: new Set([CALLER_ACCOUNT, SOURCE_OWNER]),
  service: new Set(OF_ORGANIZATIONS),
}

/**
 * Whether no request of a kind of principals has a key, by its name in lower case: who has no credentials is of no
 * organization, has no tags and no second factor, and an AWS service is of no organization either. Nobody but a service
 * asks on behalf of a resource or an account.
 * [reference_policies_condition-keys, "Availability"]
 */
export function isAbsentFor(kind: Who['kind'], key: string): boolean {
  if (key.startsWith(PRINCIPAL_TAG)) return kind === 'anonymous' || kind === 'service'
  if (OF_SERVICES.has(key)) return kind !== 'service'
  return ABSENT[kind]?.has(key) ?? false
}

/** Whether the actions of a statement are all of a service, or none of them; undefined: some may be. */
export function isOfService({ negated, patterns }: ActionElement, service: string): boolean | undefined {
  if (negated || patterns.some((pattern) => pattern.service === '*')) return undefined
  const own = patterns.filter((pattern) => pattern.service === service)
  if (own.length === 0) return false
  return own.length === patterns.length ? true : undefined
}

const rewritten = new WeakMap<Condition, Condition>()

/** The same condition on the account of who asks. */
export function onPrincipalAccount(condition: Condition): Condition {
  let made = rewritten.get(condition)
  if (!made) rewritten.set(condition, (made = { ...condition, key: 'aws:PrincipalAccount' }))
  return made
}
