// CPU time of `comparePolicies` beside cvc5 and z3, native and in process, on the same generated pairs of policies with
// wildcards: both directions, in the open world. The solvers get an encoding of their own (packages/testing/src/prove/smt).
//   npm run build && bash scripts/install-solvers.sh && node benchmarks/prover-peers.mjs [--pairs 100] [--quick] [--json]
// Ends with exit code 1 when a target is missed, but for --quick, which only shows that everything still runs.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { comparePolicies, readPolicy } from '@ringfence/policy'
import { decideAll, differenceQueries, SOLVER_PYTHON } from '@ringfence/testing'
import { wildcardPairs } from './prover-pairs.mjs'

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
})
const pairCount = options.quick ? 4 : Number(options.pairs)
const WARM_UPS = options.quick ? 1 : Math.ceil(3000 / pairCount)
const REPEATS = options.quick ? 1 : 3

function read(document, name) {
  const result = readPolicy(document, { kind: 'identity', name })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.policy
}

/** Milliseconds of one comparison; the policies are read anew, so that nothing is known about them. */
function compare([first, second]) {
  const policies = [read(first, 'first'), read(second, 'second')]
  const start = process.cpuUsage()
  const { open } = comparePolicies(...policies)
  const { system, user } = process.cpuUsage(start)
  return { milliseconds: (system + user) / 1000, open }
}

function measureRingfence(pairs) {
  for (let round = 0; round < WARM_UPS; round++) for (const pair of pairs) compare(pair)
  return pairs.map((pair) => {
    const rounds = Array.from({ length: REPEATS }, () => compare(pair))
    const milliseconds = rounds.reduce((sum, round) => sum + round.milliseconds, 0) / REPEATS
    const { firstInSecond, secondInFirst } = rounds[0].open
    return { milliseconds, answers: [firstInSecond, secondInFirst].map(({ proof }) => ANSWERS[proof]) }
  })
}
const ANSWERS = { proved: 'unsat', refuted: 'sat', unknown: 'unknown' }

/** One process, one query after the other, parsing included; the start of the interpreter is not. */
async function measureSolver(solver, pairs) {
  const measured = []
  const encoded = pairs.map((pair) => ({ queries: differenceQueries(...pair) }))
  await decideAll(encoded, { solver, processes: 1 }, (_, answers) => {
    const milliseconds = answers.reduce((sum, answer) => sum + answer.milliseconds, 0)
    measured.push({ milliseconds, answers: answers.map(({ result }) => result) })
  })
  return measured
}

function summarize(measured) {
  const sorted = measured.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
  const quantile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  const decided = measured.filter(({ answers }) => !answers.includes('unknown')).length
  return { decided, medianMs: quantile(0.5), p99Ms: quantile(0.99), maxMs: sorted.at(-1) }
}

/** Pairs of which the two say different things where both know. */
function differing(ours, theirs) {
  return ours.filter(({ answers }, index) =>
    answers.some((answer, direction) => {
      const other = theirs[index].answers[direction]
      return answer !== 'unknown' && other !== 'unknown' && answer !== other
    }),
  ).length
}

async function run() {
  const pairs = wildcardPairs(pairCount).map((pair) =>
    pair.map((Statement) => ({ Version: '2012-10-17', Statement })),
  )
  const ringfence = measureRingfence(pairs)
  const cvc5 = await measureSolver('cvc5', pairs)
  const z3 = await measureSolver('z3', pairs)
  const results = {
    pairs: pairs.length,
    ringfence: summarize(ringfence),
    cvc5: summarize(cvc5),
    z3: summarize(z3),
    differing: { cvc5: differing(ringfence, cvc5), z3: differing(ringfence, z3) },
  }
  const ratio = (peer) => results[peer].medianMs / results.ringfence.medianMs
  results.medianRatio = { cvc5: ratio('cvc5'), z3: ratio('z3') }
  const targets = {
    'ringfence decides every pair': results.ringfence.decided === pairs.length,
    'nobody says another thing': results.differing.cvc5 + results.differing.z3 === 0,
    'median: ten times faster than cvc5': results.medianRatio.cvc5 >= 10,
  }
  if (options.json) console.log(JSON.stringify({ results, targets }, undefined, 2))
  else print(results, targets)
  const asked = options.quick
    ? ['ringfence decides every pair', 'nobody says another thing']
    : Object.keys(targets)
  process.exitCode = asked.every((name) => targets[name]) ? 0 : 1
}

function print(results, targets) {
  console.log(`${results.pairs} pairs of policies with wildcards, both directions, ms of CPU time`)
  for (const name of ['ringfence', 'cvc5', 'z3']) {
    const { decided, maxMs, medianMs, p99Ms } = results[name]
    const [median, p99, most] = [medianMs, p99Ms, maxMs].map((time) => time.toFixed(3).padStart(10))
    const ratio = results.medianRatio[name]
    console.log(
      `  ${name.padEnd(9)} median ${median}  p99 ${p99}  most ${most}  decided ${decided}` +
        (ratio === undefined ? '' : `  ${ratio.toFixed(0)} × of ringfence's median`),
    )
  }
  for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met   ' : 'MISSED'} ${name}`)
}

if (existsSync(SOLVER_PYTHON)) await run()
else console.log('prover-peers  cvc5 and z3 are not installed.\nTry: bash scripts/install-solvers.sh')
