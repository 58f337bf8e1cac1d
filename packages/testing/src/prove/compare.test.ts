import {
  comparePolicies,
  compilePolicy,
  loadActionCatalogue,
  policyAllows,
  readPolicy,
  type AuthorizationRequest,
  type CompiledPolicy,
  type Policy,
  type PolicyComparison,
} from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextArbitrary } from '../arbitraries/conditions.js'
import { randomCaseCount, randomSeed } from '../random-runs.js'
import type { RawPolicy, RawStatement } from '../reference/case.js'
import { asList } from '../reference/case.js'
import { policyPairArbitrary, tinyPairArbitrary } from './policy-pairs.js'
import { sendableRequestArbitrary } from './sendable-request.js'

const catalogue = await loadActionCatalogue()
/** A million in all with a hundred thousand cases. */
const REQUESTS_A_PAIR = 200

function read(document: RawPolicy, kind: 'identity' | 'resource', name: string): Policy {
  const result = readPolicy(document, { kind, name })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify([document, result.diagnostics]))
}

/** Drawn beforehand: to put a million together from each of their keys takes longer than to prove and to evaluate. */
const CONTEXTS = 20_000

/** A comparison is contradicted by a request that only one of the two allows, although it was proved not to. */
function mustNotContradict(
  { open }: PolicyComparison,
  [first, second]: readonly [CompiledPolicy, CompiledPolicy],
  request: AuthorizationRequest,
  pair: unknown,
): void {
  const allows = [policyAllows(first, request), policyAllows(second, request)]
  const isContradicted =
    (allows[0] && !allows[1] && open.firstInSecond.proof === 'proved') ||
    (allows[1] && !allows[0] && open.secondInFirst.proof === 'proved')
  // Not `expect` with the case in words: a million of them would be written out.
  if (isContradicted) throw new Error(`contradicted by ${JSON.stringify({ pair, request, allows })}`)
}

function assertProperty<Given>(
  arbitrary: fc.Arbitrary<Given>,
  numRuns: number,
  holds: (given: Given) => boolean | void,
): void {
  const seed = randomSeed()
  console.log(`${numRuns} pairs of policies, RINGFENCE_RANDOM_SEED=${seed}`)
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns })
}

test('random requests contradict no proof, and every verdict is reached', { timeout: 600_000 }, () => {
  const verdicts = new Map<string, number>()
  const reasons = new Map<string, number>()
  const contexts = fc.constantFrom(...fc.sample(contextArbitrary, { numRuns: CONTEXTS, seed: randomSeed() }))
  const pairs = policyPairArbitrary.chain((pair) =>
    fc.record({
      pair: fc.constant(pair),
      requests: fc.array(sendableRequestArbitrary(pair.scenario, pair.kind, contexts), {
        minLength: REQUESTS_A_PAIR,
        maxLength: REQUESTS_A_PAIR,
      }),
    }),
  )
  assertProperty(pairs, Math.ceil(randomCaseCount() / 20), ({ pair, requests }) => {
    const first = read(pair.first, pair.kind, 'first')
    const second = read(pair.second, pair.kind, 'second')
    const comparison = comparePolicies(first, second, { catalogue })
    for (const world of [comparison.open, comparison.known!]) note(verdicts, world.relation)
    const { firstInSecond } = comparison.open
    if (firstInSecond.proof === 'unknown') note(reasons, firstInSecond.reason.replaceAll(/"[^"]*"/g, '…'))
    const compiled = [compilePolicy(first), compilePolicy(second)] as const
    for (const request of requests) mustNotContradict(comparison, compiled, request, pair)
  })
  console.log('verdicts', Object.fromEntries(verdicts), 'unknown', Object.fromEntries(reasons))
  const decided = [...verdicts].reduce((all, [, count]) => all + count, 0)
  expect((verdicts.get('unknown') ?? 0) / decided, 'share of unknown').toBeLessThan(0.005)
  for (const verdict of ['equivalent', 'less', 'more', 'incomparable'])
    expect(verdicts.get(verdict) ?? 0, verdict).toBeGreaterThan(20)
})

function note(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const LETTERS = ['a', 'b', 'A']
const short: readonly string[] = [
  '',
  ...LETTERS,
  ...LETTERS.flatMap((one) => LETTERS.map((two) => one + two)),
]
const names = short.filter((text) => text !== '' && text === text.toLowerCase())
const values = [undefined, '', 'a', 'b', 'A', 'ab', 'Ab', ['a', 'b'], ['', 'A']]

/** All requests of a few letters. */
function* everyRequest(keys: readonly string[]): Generator<AuthorizationRequest> {
  for (const name of names)
    for (const rest of short.slice(1))
      for (const one of keys.includes('test:One') ? values : [undefined])
        for (const two of keys.includes('test:Two') ? values : [undefined])
          yield {
            principal: 'arn:aws:iam::111122223333:user/ada',
            action: `s3:${name}`,
            resource: `arn:aws:s3:::${rest}`,
            context: {
              ...(one === undefined ? {} : { 'test:One': one }),
              ...(two === undefined ? {} : { 'test:Two': two }),
            },
          }
}

test('the requests of a few letters, all of them, agree', { timeout: 600_000 }, () => {
  const verdicts = new Map<string, number>()
  assertProperty(tinyPairArbitrary, Math.ceil(randomCaseCount() / 100), (pair) => {
    const first = read(pair.first, 'identity', 'first')
    const second = read(pair.second, 'identity', 'second')
    const comparison = comparePolicies(first, second)
    note(verdicts, comparison.open.relation)
    expect(comparison.open.relation).not.toBe('unknown')
    const compiled = [compilePolicy(first), compilePolicy(second)] as const
    const keys = ['test:One', 'test:Two'].filter((key) => JSON.stringify(pair).includes(key))
    // A list is sent only for keys that the policies take for multi-valued.
    const many = new Set(
      keys.filter((key) => new RegExp(`For(All|Any)[^{]*\\{[^{}]*"${key}"`).test(JSON.stringify(pair))),
    )
    for (const request of everyRequest(keys)) {
      const lists = Object.entries(request.context ?? {}).filter(([, value]) => Array.isArray(value))
      if (lists.some(([key]) => !many.has(key))) continue
      mustNotContradict(comparison, compiled, request, pair)
    }
  })
  console.log('verdicts', Object.fromEntries(verdicts))
})

test('a policy is equivalent to itself, and to itself written otherwise', { timeout: 600_000 }, () => {
  assertProperty(policyPairArbitrary, Math.ceil(randomCaseCount() / 20), ({ first, kind }) => {
    const reversed = asList(first.Statement).toReversed()
    const itself = comparePolicies(
      read(first, kind, 'first'),
      read({ ...first, Statement: [...reversed, ...reversed] }, kind, 'reversed'),
    )
    if (itself.open.relation !== 'unknown') expect(itself.open.relation).toBe('equivalent')
  })
})

test('another Deny never widens, another Allow never narrows', { timeout: 600_000 }, () => {
  assertProperty(policyPairArbitrary, Math.ceil(randomCaseCount() / 20), ({ first, kind, second }) => {
    const added = asList(second.Statement)[0]!
    const withAdded = (Effect: RawStatement['Effect']): Policy =>
      read({ ...first, Statement: [...asList(first.Statement), { ...added, Effect }] }, kind, Effect)
    const before = read(first, kind, 'before')
    // With the older version of the language a variable is literal text.
    if (first.Version !== '2012-10-17') return
    expect(['less', 'equivalent', 'unknown']).toContain(
      comparePolicies(withAdded('Deny'), before).open.relation,
    )
    expect(['more', 'equivalent', 'unknown']).toContain(
      comparePolicies(withAdded('Allow'), before).open.relation,
    )
  })
})
