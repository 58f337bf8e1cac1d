// CPU time of `comparePolicies` on generated pairs of policies with wildcards, warm.
//   npm run build && node benchmarks/prover.mjs [--pairs 1000] [--quick] [--json]
// Ends with exit code 1 when a target is missed, but for --quick, which only shows that everything still runs.
import { parseArgs } from 'node:util'
import { comparePolicies, loadActionCatalogue, readPolicy } from '@ringfence/policy'

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
})
const pairCount = options.quick ? 30 : Number(options.pairs)
const WARM_UPS = options.quick ? 1 : 5
const REPEATS = options.quick ? 1 : 5

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
const random = randomFrom(20_270_101)
const pick = (list) => list[random(list.length)]
const some = (list, most) => Array.from({ length: 1 + random(most) }, () => pick(list))

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
const PATHS = ['*', 'raw/*', 'raw/2026/*', '*/public/*', 'team-?/*', '*.csv', 'home/*/inbox/*']
const RESOURCES = [
  ...BUCKETS.map((bucket) => `arn:aws:s3:::${bucket}`),
  ...BUCKETS.flatMap((bucket) => PATHS.map((path) => `arn:aws:s3:::${bucket}/${path}`)),
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

function statement() {
  const conditions = random(2) === 0 ? {} : { Condition: Object.assign({}, ...some(CONDITIONS, 2)) }
  const element = random(10) === 0 ? 'NotResource' : 'Resource'
  const operation = random(10) === 0 ? 'NotAction' : 'Action'
  return {
    Effect: random(4) === 0 ? 'Deny' : 'Allow',
    [operation]: some(ACTIONS, 3),
    [element]: some(RESOURCES, 3),
    ...conditions,
  }
}

/** The second policy is another one, or the first with something changed, so that every verdict is met. */
function pair() {
  const first = Array.from({ length: 1 + random(5) }, statement)
  const second = first.map((one) => structuredClone(one))
  switch (random(5)) {
    case 0:
      return [first, Array.from({ length: 1 + random(5) }, statement)]
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

function read(statements, name) {
  const result = readPolicy({ Version: '2012-10-17', Statement: statements }, { kind: 'identity', name })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.policy
}

const catalogue = await loadActionCatalogue()
const pairs = Array.from({ length: pairCount }, () => {
  const [first, second] = pair()
  return [read(first, 'first'), read(second, 'second')]
})
const verdicts = {}
for (let round = 0; round < WARM_UPS; round++)
  for (const [first, second] of pairs) {
    const { open } = comparePolicies(first, second, { catalogue })
    if (round === 0) verdicts[open.relation] = (verdicts[open.relation] ?? 0) + 1
  }
const milliseconds = pairs.map(([first, second]) => {
  const start = process.cpuUsage()
  for (let repeat = 0; repeat < REPEATS; repeat++) comparePolicies(first, second, { catalogue })
  const { system, user } = process.cpuUsage(start)
  return (system + user) / 1000 / REPEATS
})
const sorted = milliseconds.toSorted((a, b) => a - b)
const quantile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
const results = {
  pairs: pairCount,
  verdicts,
  medianMs: quantile(0.5),
  p95Ms: quantile(0.95),
  p99Ms: quantile(0.99),
  maxMs: sorted.at(-1),
}
const targets = {
  'every pair is decided': verdicts.unknown === undefined,
  'median ≤ 0.2 ms': results.medianMs <= 0.2,
  'p99 ≤ 10 ms': results.p99Ms <= 10,
}
if (options.json) console.log(JSON.stringify({ results, targets }, undefined, 2))
else {
  console.log(`${pairCount} pairs of policies: ${JSON.stringify(verdicts)}`)
  console.log(
    `median ${results.medianMs.toFixed(3)} ms, p95 ${results.p95Ms.toFixed(2)} ms, p99 ${results.p99Ms.toFixed(2)} ms, most ${results.maxMs.toFixed(2)} ms of CPU time`,
  )
  for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met   ' : 'MISSED'} ${name}`)
}
process.exitCode = options.quick || Object.values(targets).every(Boolean) ? 0 : 1
