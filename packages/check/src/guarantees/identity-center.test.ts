import { buildPlan, parseDeclaration, type Plan } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { expect, it } from 'vitest'
import { checkPlan } from './check-plan.js'

const text = `organization: acme
account: '111122223333'
region: eu-west-1
guardrail: serviceControlPolicy
administrators: [role/platform-admin]
identityProvider: { identityCenter: { instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef', identityStore: d-0123456789 } }
members: { susan: { email: susan@acme.example, signIn: federation } }
teams: { product: [susan] }
datasets: { logs: { encryption: kms } }
grants: [{ to: product, can: [read, write], on: logs, under: raw/ }]
`
const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })
if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
const declaration = parsed.value
const built = buildPlan(declaration)
if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
const plan = built.value
const catalogue = await loadActionCatalogue()

const suffix = '_' + '?'.repeat(16)

function notProved(changed: Plan): readonly string[] {
  return checkPlan(declaration, changed, { catalogue }).findings.flatMap(({ answer, guarantee, target }) =>
    answer.proof === 'proved' ? [] : [`${answer.proof} ${guarantee} ${target}`],
  )
}

/** The plan with another text in the place of what stands for the suffix, in the bucket policy alone. */
function withFence(replacement: string): Plan {
  const resources = plan.resources.map((one) =>
    one.type === 's3.BucketPolicy'
      ? (JSON.parse(JSON.stringify(one).replaceAll(suffix, replacement)) as typeof one)
      : one,
  )
  return { ...plan, resources }
}

it('proves all of a file whose people sign in by Identity Center', () => {
  expect(notProved(plan)).toEqual([])
})

it('refutes a fence whose pattern takes roles of other permission sets', () => {
  expect(notProved(withFence('*'))).toContain('refuted nothingElse dataset/logs')
  expect(notProved(withFence(`-x${suffix}`))).not.toEqual([])
})

it('refutes a role without its boundary, and one with more policies than are granted', () => {
  const others = plan.external.map((one) => (one.kind === 'reservedRole' ? { ...one, policyArns: [] } : one))
  expect(notProved({ ...plan, external: others })).toContain('refuted works dataset/logs')
})
