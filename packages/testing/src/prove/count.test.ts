import {
  comparePolicies,
  countAllowed,
  readPolicy,
  type AllowedCounts,
  type AuthorizationRequest,
  type Policy,
  type RequestCount,
} from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomCaseCount, randomSeed } from '../random-runs.js'
import { asList, type RawPolicy, type RawStatement } from '../reference/case.js'
import { policyPairArbitrary, tinyPairArbitrary, type PolicyPair } from './policy-pairs.js'

type Kind = PolicyPair['kind']
const pairs: fc.Arbitrary<Omit<PolicyPair, 'scenario'>> = fc.oneof(policyPairArbitrary, tinyPairArbitrary)

function read(document: RawPolicy, kind: Kind, name: string): Policy {
  const result = readPolicy(document, { kind, name })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify([document, result.diagnostics]))
}

function assertProperty<Given>(
  arbitrary: fc.Arbitrary<Given>,
  holds: (given: Given) => boolean | void,
): void {
  const seed = randomSeed()
  const numRuns = Math.ceil(randomCaseCount() / 20)
  console.log(`${numRuns} pairs of policies, RINGFENCE_RANDOM_SEED=${seed}`)
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns })
}

/** Both numbers; undefined where one is not known. */
function numbers({ open }: AllowedCounts): readonly [bigint, bigint] | undefined {
  const [first, second] = [requests(open.first), requests(open.second)]
  return first === undefined || second === undefined ? undefined : [first, second]
}
function requests(count: RequestCount): bigint | undefined {
  return count.count === 'exact' ? count.requests : undefined
}

/** Long enough for the requests that the prover finds. */
const LENGTH = 100

test(
  'who allows less is counted lower, and who allows the same is counted alike',
  { timeout: 600_000 },
  () => {
    const seen = new Map<string, number>()
    const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)
    assertProperty(pairs, ({ first, kind, second }) => {
      const [one, other] = [read(first, kind, 'first'), read(second, kind, 'second')]
      const counted = numbers(countAllowed(one, other, { length: LENGTH }))
      const { firstInSecond, relation, secondInFirst } = comparePolicies(one, other).open
      if (!counted) return note('unknown')
      note(relation)
      if (firstInSecond.proof === 'proved') expect(counted[0]).toBeLessThanOrEqual(counted[1])
      if (secondInFirst.proof === 'proved') expect(counted[1]).toBeLessThanOrEqual(counted[0])
      const isStrict = relation === 'less' && secondInFirst.proof === 'refuted'
      if (isStrict && kind === 'identity' && isCounted([first, second], secondInFirst.counterexample)) {
        note('strictly less')
        expect(counted[0]).toBeLessThan(counted[1])
      }
    })
    console.log(Object.fromEntries(seen))
    for (const what of ['equivalent', 'less', 'more', 'incomparable', 'strictly less'])
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(2)
  },
)

/** Whether a request of an identity policy is surely among those that are counted. */
function isCounted(
  policies: readonly RawPolicy[],
  { context = {}, principal, resource }: AuthorizationRequest,
): boolean {
  // Values that are no texts are counted within limits.
  if (/"(?:For\w+:)?(?:Numeric|Date|Bool|Ip|NotIp)/.test(JSON.stringify(policies))) return false
  const texts = [resource, `${principal} with a unique ID`, ...Object.values(context)]
  return texts.every((text) => typeof text === 'string' && text.length <= LENGTH)
}

test('another Deny never counts higher, another Allow never lower', { timeout: 600_000 }, () => {
  assertProperty(pairs, ({ first, kind, second }) => {
    // With the older version of the language a variable is literal text.
    if (first.Version !== '2012-10-17') return
    const added = asList(second.Statement)[0]!
    for (const Effect of ['Allow', 'Deny'] as const) {
      const statements: RawStatement[] = [...asList(first.Statement), { ...added, Effect }]
      const longer = read({ ...first, Statement: statements }, kind, Effect)
      const counted = numbers(countAllowed(read(first, kind, 'before'), longer, { length: LENGTH }))
      if (!counted) continue
      const [lower, higher] = Effect === 'Allow' ? counted : counted.toReversed()
      expect(lower).toBeLessThanOrEqual(higher!)
    }
  })
})
