import type { Plan, PolicyDocument } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { planOf } from '../account/plan.fixture.js'
import { checkPlan, checkWith } from './check-plan.js'
import { createProofCache, type ProofCache } from './again/proof-cache.js'
import { Prover } from './prover.js'

/** Teams, datasets and platforms that are alike but for their names, and some that are not. */
const text = [
  'organization: acme',
  "account: '111122223333'",
  'region: eu-west-1',
  'guardrail: serviceControlPolicy',
  'identityProvider: { saml: sso }',
  'administrators: [role/admin]',
  'members:',
  ...['a', 'b', 'c', 'd'].map((name) => `  ${name}: { email: ${name}@acme.example }`),
  '  e: { email: e@acme.example, signIn: federation }',
  'teams: { one: [a, b], two: [c, d], three: [d, e] }',
  'datasets: { d0: {}, d1: {}, d2: { encryption: kms }, d3: { encryption: kms } }',
  'platforms:',
  '  p0: { kind: sagemaker, reads: [d0], writes: [d2] }',
  '  p1: { kind: sagemaker, reads: [d1], writes: [d3] }',
  'grants:',
  '  - { to: one, can: [read, write], on: d0, under: raw/ }',
  '  - { to: two, can: [read, write], on: d1, under: raw/ }',
  '  - { to: one, can: read, on: d2 }',
  '  - { to: three, can: read, on: d3, until: 2035-01-31 }',
  '  - { to: one, can: train, on: p0 }',
  '  - { to: two, can: train, on: p1 }',
  'guarantees:',
  '  - separate: [d0, d1]',
  '',
].join('\n')

const { declaration, plan } = planOf(text)

type Slot = {
  readonly index: number
  readonly field: 'policy' | 'assumeRolePolicy'
  readonly statement: number
}

const slots = plan.resources.flatMap((resource, index): Slot[] =>
  (['policy', 'assumeRolePolicy'] as const).flatMap((field) => {
    const document = (resource as unknown as Record<string, unknown>)[field] as PolicyDocument | undefined
    return document?.Statement?.map((_, statement) => ({ index, field, statement })) ?? []
  }),
)

/** Names that stand for each other in the file. */
const swaps = [
  ['acme-d0-', 'acme-d1-'],
  ['acme-d2-', 'acme-d3-'],
  ['/acme/a"', '/acme/c"'],
  ['acme-p0-', 'acme-p1-'],
  ['raw/', 'raw'],
] as const

/** The plan with a statement dropped, or with a name or prefix in it changed for another one. */
function withFault({ field, index, statement }: Slot, swap: readonly [string, string] | undefined): Plan {
  const resources = plan.resources.map((resource, at) => {
    if (at !== index) return resource
    const document = (resource as unknown as Record<string, PolicyDocument>)[field]!
    const Statement = document.Statement.flatMap((one, number) => {
      if (number !== statement) return [one]
      if (swap === undefined) return document.Statement.length === 1 ? [one] : []
      const [from, to] = swap
      return [JSON.parse(JSON.stringify(one).replace(from, to)) as typeof one]
    })
    return { ...resource, [field]: { ...document, Statement } }
  })
  return { ...plan, resources: resources as Plan['resources'] }
}

it(
  'finds with answers that are shared what it finds with each of them worked out',
  { timeout: 600_000 },
  async () => {
    const options = { catalogue: await loadActionCatalogue() }
    const alone = { scope: '', outlineOf: () => undefined }
    const agree = (faulty: Plan, kept?: ProofCache): number => {
      const shared = checkPlan(declaration, faulty, kept ? { ...options, cache: kept } : options)
      const each = checkWith(new Prover(alone, options), declaration, faulty, createProofCache())
      expect(shared.findings).toEqual(each.findings)
      return each.counts.proved - shared.counts.proved
    }
    expect(agree(plan)).toBeGreaterThan(20)
    const fault = fc.tuple(
      fc.constantFrom(...slots),
      fc.option(fc.constantFrom(...swaps), { nil: undefined, freq: 4 }),
    )
    // What one check leaves to the next, of a plan with another fault, changes nothing either.
    const cache = createProofCache()
    const property = fc.property(fault, fc.boolean(), ([slot, swap], isKept) => {
      agree(structuredClone(withFault(slot, swap)), isKept ? cache : undefined)
    })
    fc.assert(property, { numRuns: 25 })
  },
)

/** So many platforms that the guardrail has no room for each and knows them by the form of their names. */
function manyPlatforms(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `platform-${index}`)
  return [
    'organization: acme',
    "account: '111122223333'",
    'region: eu-west-1',
    'guardrail: serviceControlPolicy',
    'administrators: [role/admin]',
    'members: { ada: {} }',
    'teams: { users: [ada] }',
    'platforms:',
    ...names.map((name) => `  ${name}: { kind: sagemaker }`),
    'grants: [{ to: users, can: [invoke, administer], on: platform-0 }]',
    '',
  ].join('\n')
}

it('proves everything of many platforms, and does not work out each of them', async () => {
  const catalogue = await loadActionCatalogue()
  const checked = (count: number) => {
    const { declaration: declared, plan: planned } = planOf(manyPlatforms(count))
    expect(JSON.stringify(planned)).toContain('111122223333:*/*--*--*')
    return checkPlan(declared, planned, { catalogue })
  }
  const some = checked(60)
  expect(some.findings.filter(({ answer }) => answer.proof !== 'proved')).toEqual([])
  expect(checked(80).counts.proved).toBe(some.counts.proved)
})
