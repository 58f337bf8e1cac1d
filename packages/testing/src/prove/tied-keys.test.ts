import { comparePolicies, compilePolicy, policyAllows, readPolicy, type Policy } from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomCaseCount, randomSeed } from '../random-runs.js'

type Context = Readonly<Record<string, string | readonly string[]>>

/** No pattern below tells other texts apart than these. */
const NAMES = ['a', 'b', 'ab', 'x']
const chains = [1, 2, 3].flatMap((length) => listsOf(NAMES, length))

/** All that services between can be told by, as far as chains of three of them go. */
const calls: readonly Context[] = [
  { 'aws:ViaAWSService': 'false' },
  { 'aws:ViaAWSService': 'true' },
  ...chains.map((chain) => ({
    'aws:CalledVia': chain,
    'aws:CalledViaFirst': chain[0]!,
    'aws:CalledViaLast': chain.at(-1)!,
    'aws:ViaAWSService': 'true',
  })),
]
/** All organizations with one path or two. */
const organizations: readonly Context[] = [
  {},
  ...NAMES.flatMap((id) =>
    [1, 2].flatMap((length) =>
      listsOf(['', 'a', 'b', 'ab', 'x/b'], length).map((rests) => ({
        'aws:PrincipalOrgID': id,
        'aws:PrincipalOrgPaths': rests.map((rest) => `${id}/${rest}`),
      })),
    ),
  ),
]

function listsOf(items: readonly string[], length: number): readonly (readonly string[])[] {
  if (length === 0) return [[]]
  return listsOf(items, length - 1).flatMap((list) => items.map((item) => [...list, item]))
}

const operators = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike']
const sets = ['ForAnyValue:', 'ForAllValues:']
const names = { values: ['a', 'b', 'a*', '*b', '?', '*'], sets: [''] }
const keysOf: Readonly<Record<string, readonly (typeof names & { readonly key: string })[]>> = {
  calls: [
    { key: 'aws:CalledVia', ...names, sets },
    { key: 'aws:CalledViaFirst', ...names },
    { key: 'aws:CalledViaLast', ...names },
    { key: 'aws:ViaAWSService', values: ['true', 'false', 't*'], sets: [''] },
  ],
  organizations: [
    { key: 'aws:PrincipalOrgID', ...names },
    { key: 'aws:PrincipalOrgPaths', values: ['a/*', '*/b', '?/a', 'a*', '*b', 'a/', '*'], sets },
  ],
}

function policyArbitrary(about: string): fc.Arbitrary<Policy> {
  const condition = fc.constantFrom(...keysOf[about]!).chain(({ key, sets: those, values }) =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc
          .tuple(
            fc.constantFrom(...those),
            fc.constantFrom(...operators),
            fc.constantFrom('', '', 'IfExists'),
            fc.constantFrom(...values),
          )
          .map(([set, operator, suffix, value]) => ({ [`${set}${operator}${suffix}`]: { [key]: value } })),
      },
      { weight: 1, arbitrary: fc.constantFrom('true', 'false').map((value) => ({ Null: { [key]: value } })) },
    ),
  )
  const statement = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      parts: fc.array(condition, { minLength: 1, maxLength: 3 }),
    })
    .map(({ Effect, parts }) => {
      const Condition: Record<string, object> = {}
      for (const part of parts)
        for (const [operator, byKey] of Object.entries(part))
          Condition[operator] = { ...Condition[operator], ...byKey }
      return { Effect, Action: 's3:GetObject', Resource: '*', Condition }
    })
  return fc.array(statement, { minLength: 1, maxLength: 2 }).map((Statement) => {
    const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'tied' })
    if (result.ok) return result.policy
    throw new Error(JSON.stringify(result.diagnostics))
  })
}

/** Whether AWS could send what a counterexample tells of these keys. */
function isSendable(context: Context): boolean {
  const [all, paths] = ['aws:CalledVia', 'aws:PrincipalOrgPaths'].map(
    (key) => context[key] as string[] | undefined,
  )
  const { 'aws:CalledViaFirst': first, 'aws:CalledViaLast': last, 'aws:PrincipalOrgID': id } = context
  const isCalled = (all ?? first ?? last) !== undefined
  return (
    !(isCalled && context['aws:ViaAWSService'] === 'false') &&
    (all === undefined || first === undefined || all[0] === first) &&
    (all === undefined || last === undefined || all.at(-1) === last) &&
    (paths === undefined || id === undefined || paths.every((path) => path.startsWith(`${String(id)}/`)))
  )
}

test.each([
  ['calls', calls],
  ['organizations', organizations],
] as const)('all requests agree that policies ask about %s', (about, contexts) => {
  const seed = randomSeed()
  const numRuns = Math.ceil(randomCaseCount() / 10)
  console.log(`${numRuns} pairs of policies about ${about}, RINGFENCE_RANDOM_SEED=${seed}`)
  let proved = 0
  fc.assert(
    fc.property(policyArbitrary(about), policyArbitrary(about), (first, second) => {
      const { firstInSecond } = comparePolicies(first, second).open
      if (firstInSecond.proof === 'refuted')
        expect(isSendable((firstInSecond.counterexample.context as Context) ?? {})).toBe(true)
      if (firstInSecond.proof !== 'proved') return firstInSecond.proof === 'refuted'
      proved++
      const [one, other] = [compilePolicy(first), compilePolicy(second)]
      return contexts.every((context) => {
        const request = {
          principal: 'arn:aws:iam::111122223333:user/ada',
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::data/a',
          context,
        }
        return !policyAllows(one, request) || policyAllows(other, request)
      })
    }),
    { seed, numRuns },
  )
  expect(proved).toBeGreaterThan(numRuns / 20)
})
