// Decisions per second and core (CPU time) of `authorize`, beside cedar-wasm in the same run.
//   npm run build && node benchmarks/authorize.mjs [--json] [--seconds 2] [--quick]
// Ends with exit code 1 when a target is missed, but for --quick, which only shows that everything still runs.
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { authorize } from '@ringfence/policy'
import { cedarWorkload, largeWorkload, mixedWorkload, smallWorkload } from './authorize-workloads.mjs'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
  },
})
const secondsPerRun = options.quick ? 0.05 : Number(options.seconds)
const ROUNDS = 3

/** Decisions per second of CPU time: the best of some rounds, after one to warm up. */
function measure(count, decideAll) {
  let best = 0
  let allowed = 0
  for (let round = 0; round <= ROUNDS; round++) {
    const start = process.cpuUsage()
    let decisions = 0
    let micros = 0
    do {
      allowed = decideAll()
      decisions += count
      const usage = process.cpuUsage(start)
      micros = usage.user + usage.system
    } while (micros < secondsPerRun * 1e6)
    if (round > 0) best = Math.max(best, (decisions / micros) * 1e6)
  }
  return { perSecond: Math.round(best), allowedShare: allowed / count }
}

function measureRingfence(workload) {
  return measure(workload.length, () => {
    let allowed = 0
    for (const { layers, request } of workload) if (authorize(request, layers).decision === 'allow') allowed++
    return allowed
  })
}

/** First every decision is compared: the two must mean the same. */
function measureCedar(small) {
  const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs')
  const { calls, policies } = cedarWorkload(small)
  const parsed = cedar.preparsePolicySet('small', { staticPolicies: policies })
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed.errors))
  for (const call of calls) call.preparsedPolicySetId = 'small'
  for (const [index, call] of calls.entries()) {
    const { layers, request } = small[index]
    const decision = authorize(request, layers).decision === 'allow' ? 'allow' : 'deny'
    if (cedar.statefulIsAuthorized(call).response?.decision !== decision)
      throw new Error(`cedar-wasm does not decide as ringfence does: ${JSON.stringify(request)}`)
  }
  return measure(calls.length, () => {
    let allowed = 0
    for (const call of calls) {
      const answer = cedar.statefulIsAuthorized(call)
      if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors))
      if (answer.response.decision === 'allow') allowed++
    }
    return allowed
  })
}

const small = smallWorkload()
const { policies, workload: mixed } = mixedWorkload()
const results = {
  small: measureRingfence(small),
  mixed: { ...measureRingfence(mixed), policies },
  large: { ...measureRingfence(largeWorkload()), actionPatterns: 2700 },
  cedarWasm: measureCedar(small),
}

const ratios = {
  smallToCedarWasm: results.small.perSecond / results.cedarWasm.perSecond,
  smallToLarge: results.small.perSecond / results.large.perSecond,
}
const targets = {
  'small ≥ 1,000,000/s': results.small.perSecond >= 1e6,
  'mixed ≥ 1,000,000/s': results.mixed.perSecond >= 1e6,
  'small ≥ 50 × cedar-wasm': ratios.smallToCedarWasm >= 50,
  'large at most 2 × slower than small': ratios.smallToLarge <= 2,
}

if (options.json) console.log(JSON.stringify({ results, ratios, targets }, undefined, 2))
else {
  for (const [name, { allowedShare, perSecond }] of Object.entries(results))
    console.log(
      `${name.padEnd(10)} ${perSecond.toLocaleString('en').padStart(12)} decisions/s/core, ${(allowedShare * 100).toFixed(0)} % allowed`,
    )
  console.log(`small is ${ratios.smallToCedarWasm.toFixed(1)} × cedar-wasm`)
  console.log(`large is ${ratios.smallToLarge.toFixed(2)} × slower than small`)
  for (const [name, met] of Object.entries(targets)) console.log(`${met ? 'met   ' : 'MISSED'} ${name}`)
}
process.exitCode = options.quick || Object.values(targets).every(Boolean) ? 0 : 1
