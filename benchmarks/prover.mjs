// CPU time of `comparePolicies` on pairs of policies, warm: generated ones with wildcards, generated ones whose
// buckets begin with a star, and AWS managed ones.
//   npm run build && node benchmarks/prover.mjs [--pairs 1000] [--quick] [--json]
// Ends with exit code 1 when a target is missed, but for --quick, which only shows that everything still runs.
import { parseArgs } from 'node:util'
import { comparePolicies, loadActionCatalogue, readPolicy } from '@ringfence/policy'
import { managedPairs, starryPairs, wildcardPairs } from './prover-pairs.mjs'

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
})
const pairCount = options.quick ? 100 : Number(options.pairs)
/** Few pairs need more rounds until the machine code of all that they use is made: as many comparisons as of many. */
const WARM_UPS = Math.max(3, Math.ceil((options.quick ? 6000 : 3000) / pairCount))
const REPEATS = 3
const catalogue = await loadActionCatalogue()

function read({ document, name }) {
  const result = readPolicy(document, { kind: 'identity', name })
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.diagnostics)}`)
  return result.policy
}

/** CPU time in milliseconds of one comparison; the policies are read anew, so that nothing is known about them. */
function measure(pair) {
  const policies = pair.map(read)
  const start = process.cpuUsage()
  const { known, open } = comparePolicies(...policies, { catalogue })
  const { system, user } = process.cpuUsage(start)
  return { milliseconds: (system + user) / 1000, relations: [open.relation, known.relation] }
}

function run(pairs) {
  for (let round = 0; round < WARM_UPS; round++) for (const pair of pairs) measure(pair)
  const verdicts = {}
  const sorted = pairs
    .map((pair) => {
      const rounds = Array.from({ length: REPEATS }, () => measure(pair))
      for (const relation of rounds[0].relations) verdicts[relation] = (verdicts[relation] ?? 0) + 1
      return rounds.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / REPEATS
    })
    .toSorted((a, b) => a - b)
  const quantile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return {
    pairs: pairs.length,
    verdicts,
    medianMs: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    maxMs: sorted.at(-1),
  }
}

const isReadable = ({ document, name }) => readPolicy(document, { kind: 'identity', name }).ok
const named = (pairs) =>
  pairs.map((pair) =>
    pair.map((statements, index) => {
      const document = { Version: '2012-10-17', Statement: statements }
      return { name: index === 0 ? 'first' : 'second', document }
    }),
  )
const results = {
  wildcards: run(named(wildcardPairs(pairCount))),
  starry: run(named(starryPairs(pairCount))),
  managed: run(managedPairs(pairCount, isReadable)),
}
const isDecided = ({ verdicts }) => verdicts.unknown === undefined
const targets = {
  'wildcards: every pair is decided': isDecided(results.wildcards),
  'wildcards: median ≤ 0.2 ms': results.wildcards.medianMs <= 0.2,
  'wildcards: p99 ≤ 10 ms': results.wildcards.p99Ms <= 10,
  'starry: every pair is decided': isDecided(results.starry),
  'starry: median ≤ 0.2 ms': results.starry.medianMs <= 0.2,
  'starry: p99 ≤ 10 ms': results.starry.p99Ms <= 10,
  'managed: every pair is decided': isDecided(results.managed),
  'managed: p95 ≤ 25 ms': results.managed.p95Ms <= 25,
}
if (options.json) console.log(JSON.stringify({ results, targets }, undefined, 2))
else {
  for (const [name, { maxMs, medianMs, p95Ms, p99Ms, pairs, verdicts }] of Object.entries(results)) {
    console.log(`${name}: ${pairs} pairs of policies in two worlds: ${JSON.stringify(verdicts)}`)
    const times = { median: medianMs, p95: p95Ms, p99: p99Ms, most: maxMs }
    const printed = Object.entries(times).map(([which, time]) => `${which} ${time.toFixed(3)} ms`)
    console.log(`  ${printed.join(', ')} of CPU time`)
  }
  for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met   ' : 'MISSED'} ${name}`)
}
process.exitCode = options.quick || Object.values(targets).every(Boolean) ? 0 : 1
