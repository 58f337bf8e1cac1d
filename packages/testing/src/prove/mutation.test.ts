import { accountOfPlan, checkPlan, createProofCache, type PlanCheck } from '@ringfence/check'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomCaseCount, randomSeed } from '../random-runs.js'
import { effectiveChanges } from './effective-changes.js'
import { faultsOf, type Fault } from './plan-faults.js'

const text = `
organization: lab
account: "111122223333"
region: eu-west-1
guardrail: serviceControlPolicy
identityProvider: { saml: lab-sso }
administrators: [role/platform-admin]
members:
  ada: { email: ada@lab.example }
  grace: { email: grace@lab.example, until: 2035-09-30 }
  susan: { email: susan@lab.example, signIn: federation }
  hedy: { email: hedy@lab.example, signIn: federation, until: 2035-03-31 }
  bot: { kind: service, keys: { until: 2035-01-31 } }
teams: { research: [ada, grace], product: [susan, hedy, bot] }
datasets:
  corpus: { encryption: kms }
  logs: {}
models: { chat: {} }
platforms:
  training: { kind: sagemaker, reads: [{ on: corpus, under: raw/ }], writes: [chat] }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/, until: 2035-06-30 }
  - { to: research, can: train, on: training }
  - { to: grace, can: [read, delete], on: logs }
  - { to: product, can: [deploy, invoke], on: training }
  - { to: bot, can: read, on: models/chat }
guarantees:
  - { never: { who: product, can: [read, write, delete], on: logs } }
`
const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 0, 1) })
if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
const declaration = parsed.value
const built = buildPlan(declaration)
if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
const plan = built.value
const catalogue = await loadActionCatalogue()
const cache = createProofCache()
const account = accountOfPlan(plan)
const proofs = new Map()

const proofsOf = ({ findings }: PlanCheck): Record<string, number> => {
  const counts = { proved: 0, refuted: 0, unknown: 0 }
  for (const { answer } of findings) counts[answer.proof]++
  return counts
}

test('the plan without a fault is proved', () => {
  const found = checkPlan(declaration, plan, { catalogue, cache })
  expect(proofsOf(found)).toMatchObject({ refuted: 0, unknown: 0 })
})

test(
  'a fault that changes what is allowed is refuted, and none that does not',
  { timeout: 1_500_000 },
  () => {
    const seed = randomSeed()
    const all = faultsOf(plan)
    const wanted = Math.max(20, Math.ceil(randomCaseCount() / 200))
    const chosen = fc
      .sample(fc.shuffledSubarray([...all], { minLength: Math.min(wanted, all.length) }), {
        seed,
        numRuns: 1,
      })[0]!
      .slice(0, wanted)
    console.log(`${chosen.length} of ${all.length} faults, RINGFENCE_RANDOM_SEED=${seed}`)
    const verdicts = new Map<string, number>()
    const wrong = chosen.flatMap((fault) => {
      const { problem, verdict } = judge(fault)
      const name = `${fault.kind}: ${verdict}`
      verdicts.set(name, (verdicts.get(name) ?? 0) + 1)
      return problem === undefined ? [] : [`${fault.what}\n  ${problem}`]
    })
    console.log(Object.fromEntries([...verdicts].toSorted()))
    expect(wrong.join('\n')).toBe('')
  },
)

function judge(fault: Fault): { readonly verdict: string; readonly problem?: string } {
  const changed = fault.make()
  const [change] = effectiveChanges(account, accountOfPlan(changed), { catalogue, cache: proofs })
  const found = checkPlan(declaration, changed, { catalogue, cache })
  const counts = proofsOf(found)
  const verdict = change === undefined ? 'changes nothing' : `is ${change.change}`
  // A policy that AWS calls public although it lets nobody in has no request to show.
  const isPublicByName = found.findings.some(
    ({ answer, guarantee }) => guarantee === 'notPublic' && answer.proof === 'unknown',
  )
  if (change === undefined && counts.refuted === 0 && isPublicByName) return { verdict: 'is public by name' }
  if (change?.change === 'unknown' || (counts.refuted === 0 && counts.unknown! > 0))
    return { verdict, problem: `unknown: ${change?.detail ?? 'a guarantee'}` }
  if (change !== undefined && counts.refuted === 0)
    return { verdict, problem: `not refuted, though ${change.change} for ${change.who}: ${change.detail}` }
  const refuted = found.findings.find(({ answer }) => answer.proof === 'refuted')
  if (change === undefined && refuted !== undefined)
    return { verdict, problem: `refuted, though nothing changes: ${JSON.stringify(refuted)}` }
  return { verdict }
}
