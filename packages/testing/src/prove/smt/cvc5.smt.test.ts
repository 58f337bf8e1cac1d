import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomSeed } from '../../random-runs.js'
import { asList, type RawPolicy } from '../../reference/case.js'
import { agreement } from './agreement.js'
import { judgePair } from './judge-pair.js'
import { differenceQueries, type DifferenceQueries } from './difference-query.js'
import { nearPairArbitrary, type NearPair } from './near-pairs.js'
import { decideAll } from './solver-workers.js'

/** Of a hundred, cvc5 leaves some half undecided. */
const DEFAULT_PAIRS = 10_200
const DECIDED_PAIRS = 10_000
const CVC5 = { solver: 'cvc5', processes: 2 } as const

function pairCount(): number {
  const text = process.env['RINGFENCE_SMT_PAIRS'] ?? String(DEFAULT_PAIRS)
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`RINGFENCE_SMT_PAIRS is no count: ${text}`)
  return Number(text)
}

interface EncodedPair extends NearPair {
  readonly queries: DifferenceQueries
}

function* encodedPairs(seed: number, count: number): Generator<EncodedPair> {
  for (const pair of fc.sample(nearPairArbitrary, { seed, numRuns: count }))
    yield { ...pair, queries: differenceQueries(pair.first, pair.second) }
}

test('cvc5 agrees with the prover on generated pairs', { timeout: 1_800_000 }, async () => {
  const seed = randomSeed()
  const count = pairCount()
  console.log(`${count} pairs of policies for cvc5, RINGFENCE_RANDOM_SEED=${seed}`)
  const counts: Record<string, number> = { agree: 0, undecided: 0, disagree: 0 }
  const disagreements: string[] = []
  const milliseconds: number[] = []
  await decideAll(encodedPairs(seed, count), CVC5, (pair, answers) => {
    const { allows, comparison } = judgePair(pair.first, pair.second)
    const found = agreement(comparison, pair.queries, answers, allows)
    milliseconds.push(...answers.map((answer) => answer.milliseconds))
    for (const name of [found.verdict, comparison.open.relation]) counts[name] = (counts[name] ?? 0) + 1
    if (found.verdict === 'disagree')
      disagreements.push(`${found.reason}\n${JSON.stringify([pair.first, pair.second])}`)
  })
  const sorted = milliseconds.toSorted((a, b) => a - b)
  console.log(
    `${JSON.stringify(counts)}; a query takes cvc5 ${sorted[sorted.length >> 1]!.toFixed(1)} ms of CPU time in the ` +
      `median, ${sorted.at(-1)!.toFixed(0)} ms at most`,
  )
  expect(disagreements.slice(0, 5).join('\n')).toBe('')
  if (count >= DEFAULT_PAIRS) expect(counts['agree']).toBeGreaterThanOrEqual(DECIDED_PAIRS)
  expect(counts['undecided']! / count).toBeLessThan(0.05)
  for (const relation of ['equivalent', 'less', 'more', 'incomparable'])
    expect((counts[relation] ?? 0) / count, relation).toBeGreaterThan(0.05)
})

/** What a prover with a fault would look at instead of the policy. */
const faults: Readonly<Record<string, (policy: RawPolicy) => RawPolicy>> = {
  'overlooks conditions': (policy) => ({
    ...policy,
    Statement: asList(policy.Statement).map((statement) => Object.assign({}, statement, { Condition: {} })),
  }),
  'overlooks the last statement': (policy) => ({
    ...policy,
    Statement: asList(policy.Statement).slice(0, Math.max(1, asList(policy.Statement).length - 1)),
  }),
  'takes one character for any number of them': (policy) =>
    JSON.parse(JSON.stringify(policy).replaceAll('*', '?').replaceAll('"?"', '"*"')) as RawPolicy,
  'takes IfExists for nothing': (policy) =>
    JSON.parse(JSON.stringify(policy).replaceAll('IfExists', '')) as RawPolicy,
}

test('a prover with a fault is found out', { timeout: 600_000 }, async () => {
  const found = new Set<string>()
  await decideAll(encodedPairs(1, 150), CVC5, (pair, answers) => {
    const { allows } = judgePair(pair.first, pair.second)
    for (const [name, fault] of Object.entries(faults)) {
      const { comparison } = judgePair(fault(pair.first), fault(pair.second))
      if (agreement(comparison, pair.queries, answers, allows).verdict === 'disagree') found.add(name)
    }
  })
  expect([...found].toSorted()).toEqual(Object.keys(faults).toSorted())
})
