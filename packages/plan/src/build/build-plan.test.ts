import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../index.js'
import { printPlan } from '../index.js'
import { exampleNames, load, loadExample } from './examples.fixture.js'
import { expectInvariants } from './invariants.fixture.js'

const goldens = new URL('../../goldens/', import.meta.url)

/** Readable, and without line numbers, which change with every comment of an example. */
function printGolden(plan: Plan): string {
  const withoutSpans = JSON.parse(
    JSON.stringify(
      { ...plan, statements: plan.statements.map(({ policy, sid }) => `${policy} ${sid}`) },
      (key, value: unknown) => (key === 'declaredAt' ? undefined : value),
    ),
  ) as unknown
  return `${JSON.stringify(withoutSpans, null, 1)}\n`
}

test('there are the five seeds, one whole organization and one with a roster', () => {
  const names = readdirSync(new URL('../../../../examples/', import.meta.url)).filter((name) =>
    existsSync(new URL(`../../../../examples/${name}/ringfence.yaml`, import.meta.url)),
  )
  expect(names.toSorted()).toEqual(exampleNames)
})

describe.each(exampleNames)('%s', (name) => {
  const { plan } = loadExample(name)

  test('becomes a plan with closed references, policies that AWS takes and traceable statements', () => {
    expectInvariants(plan)
  })

  test('becomes the same plan every time', () => {
    expect(printPlan(loadExample(name).plan)).toBe(printPlan(plan))
    expect(JSON.parse(printPlan(plan))).toEqual(plan)
  })

  test('becomes the plan that was reviewed', () => {
    const file = new URL(`${name}.json`, goldens)
    if (process.env['RINGFENCE_UPDATE_GOLDENS'] === '1') {
      mkdirSync(goldens, { recursive: true })
      writeFileSync(file, printGolden(plan))
    }
    expect(printGolden(plan)).toBe(readFileSync(file, 'utf8'))
  })
})

test('the order of members, teams and grants in the file has no meaning', () => {
  const head = `organization: acme\naccount: '111122223333'\nregion: eu-west-1\nadministrators: [role/platform-admin]\n`
  const one = load(`${head}
members: { ada: {}, bob: {}, eve: { until: 2035-01-01 } }
teams: { t: [ada, bob], u: [bob, eve] }
datasets: { d: {}, e: { encryption: kms } }
grants:
  - { to: t, can: [read, write], on: d }
  - { to: u, can: read, on: e, under: raw/ }
  - { to: ada, can: read, on: e }
`)
  const other = load(`${head}
datasets: { e: { encryption: kms }, d: {} }
teams: { u: [eve, bob], t: [bob, ada] }
members: { eve: { until: 2035-01-01 }, bob: {}, ada: {} }
grants:
  - { to: ada, can: read, on: e }
  - { to: u, can: read, on: e, under: raw/ }
  - { to: t, can: [write, read], on: d }
`)
  expect(printGolden(one.plan)).toBe(printGolden(other.plan))
})
