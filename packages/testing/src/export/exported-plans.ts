import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildPlan, parseDeclaration, parseRoster, type Plan, type Roster } from '@ringfence/plan'

const examples = join(import.meta.dirname, '../../../../examples')

/** The plans whose exports are checked by what others say of the targets, by name. */
export function exportedPlans(): readonly (readonly [string, Plan])[] {
  const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'ringfence.yaml')))
  return [
    ...names.map(
      (name) =>
        [name, plan(readFileSync(join(examples, name, 'ringfence.yaml'), 'utf8'), rosterOf(name))] as const,
    ),
    ['a plan of everything', plan(everything)],
    ['100 members and 50 datasets', plan(hundredMembers())],
  ]
}

function rosterOf(name: string): Roster | undefined {
  const file = join(examples, name, 'roster.csv')
  return existsSync(file) ? parseRoster({ file, text: readFileSync(file, 'utf8') }).value : undefined
}

function plan(text: string, roster?: Roster): Plan {
  const nowMs = Date.UTC(2026, 10, 22)
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs, roster })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  const built = buildPlan(declaration.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

/** What the examples have not: a project, a team without members, names with every character of an IAM user. */
const everything = `organization: acme
account: '111122223333'
region: eu-west-1
guardrail: serviceControlPolicy
administrators: [role/platform-admin]
members:
  ada: {}
  a.b: {}
  'A_b+c=d,e@f': { until: 2035-01-01 }
  bot: { kind: service, keys: { until: 2035-01-01 } }
teams: { t: [ada, a.b, bot], t-u: [ada, 'A_b+c=d,e@f'], idle: [] }
datasets:
  d: { encryption: kms, owner: t }
  gone: { encryption: kms, destroyWithObjects: true }
models: { m: {} }
platforms:
  p:
    kind: sagemaker
    reads: [d, { on: models/m, under: v1/ }]
    writes: [gone]
    project: { product: prod-abcdefghijklm, artifact: pa-abcdefghijklm }
grants:
  - { to: t, can: [read, write, delete, administer], on: d }
  - { to: t-u, can: read, on: models/m, under: raw/, until: 2035-06-30 }
  - { to: t, can: [train, deploy, invoke], on: p }
`

const numbered = (count: number, letter: string) => Array.from({ length: count }, (_, n) => `${letter}${n}`)

function hundredMembers(): string {
  const [people, teams, stores] = [numbered(100, 'm'), numbered(10, 't'), numbered(50, 'd')]
  return `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members: {${people.map((name) => `${name}: {}`).join(', ')}}
teams: {${teams.map((name, n) => `${name}: [${people.slice(n * 10, n * 10 + 10).join(', ')}]`).join(', ')}}
datasets: {${stores.map((name) => `${name}: {encryption: kms}`).join(', ')}}
grants:
${stores.map((on, n) => `  - {to: t${n % 10}, can: [read, write], on: ${on}, under: raw/}`).join('\n')}
`
}
