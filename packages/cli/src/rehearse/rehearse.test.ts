import {
  buildPlan,
  parseDeclaration,
  type Declaration,
  type Plan,
  type PolicyStatement,
} from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import { rehearse, type Rehearsal } from './rehearse.js'

const START = Date.UTC(2026, 0, 1)
const text = `organization: acme
account: "111122223333"
region: eu-west-1
guardrail: serviceControlPolicy
administrators: [role/platform-admin]
members:
  ada: {}
  grace: {}
  bot: { kind: service, keys: { until: 2026-03-01T00:00:00Z } }
teams:
  research: [ada]
  product: [grace]
datasets:
  corpus: { encryption: kms }
  logs: {}
models:
  chat: {}
platforms:
  training: { kind: sagemaker, reads: [{ on: corpus, under: raw/ }], writes: [chat] }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/ }
  - { to: research, can: train, on: training }
  - { to: product, can: [deploy, invoke], on: training }
  - { to: product, can: [read, delete], on: logs, until: 2026-06-01T00:00:00Z }
  - { to: bot, can: write, on: logs }
`
const LINE = {
  account: 1,
  corpus: 14,
  logs: 15,
  training: 19,
  researchCorpus: 21,
  train: 22,
  productLogs: 24,
}

function declare(yaml: string): { readonly declaration: Declaration; readonly plan: Plan } {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text: yaml, nowMs: START })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return { declaration: parsed.value, plan: built.value }
}

const { declaration, plan } = declare(text)

/** Runs with a clock that stands still, so that the same run gives the same answers. */
function run(broken: Plan = plan, only?: Parameters<typeof rehearse>[2]['only']): Promise<Rehearsal> {
  return rehearse(declaration, broken, { nowMs: () => START, ...(only === undefined ? {} : { only }) })
}

/** The plan with one statement changed, or dropped where `change` gives undefined. */
function withStatement(
  resource: string,
  sid: RegExp,
  change: (statement: PolicyStatement) => PolicyStatement | undefined,
): Plan {
  let changed = 0
  const edit = (statements: readonly PolicyStatement[]): readonly PolicyStatement[] =>
    statements.flatMap((statement) => {
      if (!sid.test(statement.Sid)) return [statement]
      changed += 1
      return change(statement) ?? []
    })
  const resources = plan.resources.map((one) => {
    if (!one.id.includes(resource)) return one
    if ('policy' in one) return { ...one, policy: { ...one.policy, Statement: edit(one.policy.Statement) } }
    if ('assumeRolePolicy' in one)
      return {
        ...one,
        assumeRolePolicy: { ...one.assumeRolePolicy, Statement: edit(one.assumeRolePolicy.Statement) },
      }
    return one
  })
  expect(changed, `statements ${sid} of ${resource}`).toBe(1)
  return { ...plan, resources }
}

/** The lines of the file that the surprises name, as expectation or as origin of a statement. */
function namedLines({ surprises }: Rehearsal): readonly number[] {
  const lines = surprises.flatMap(({ probe, decidedBy }) => [
    ...probe.expectation.because.map(({ line }) => line),
    ...decidedBy.flatMap(({ lines: from }) =>
      from.flatMap(({ declaredAt }) => declaredAt.map(({ line }) => line)),
    ),
  ])
  return [...new Set(lines)].toSorted((a, b) => a - b)
}

const drop = (): undefined => undefined

describe('rehearse', () => {
  it('goes as declared for the plan of the declaration', async () => {
    const rehearsal = await run()
    expect(rehearsal.surprises.map(({ probe, answer }) => [probe.description, answer])).toEqual([])
    expect(rehearsal.results.length).toBeGreaterThan(400)
    expect(rehearsal.matrix.rows.map(({ name }) => name)).toContain('research')
  })

  it.each<[string, () => Plan, number, RegExp]>([
    [
      'TLS is not asked for',
      () => withStatement('corpus/bucket-policy', /^TlsOnly$/, drop),
      LINE.corpus,
      /plain HTTP/,
    ],
    [
      'the undeclared may read',
      () => withStatement('logs/bucket-policy', /^ReadersOnly$/, drop),
      LINE.logs,
      /^(get|list) /,
    ],
    [
      'the undeclared may write',
      () => withStatement('logs/bucket-policy', /^WritersOnly$/, drop),
      LINE.logs,
      /^put /,
    ],
    [
      'the undeclared may change the fence',
      () => withStatement('logs/bucket-policy', /^FenceByAdministratorsOnly$/, drop),
      LINE.logs,
      /^change the /,
    ],
    [
      'any account may use the execution role',
      () =>
        withStatement(
          'training/execution-role',
          /^SageMakerForThisAccount$/,
          ({ Condition: _condition, ...statement }) => statement,
        ),
      LINE.training,
      /^take training's execution role/,
    ],
    [
      'a grant is missing',
      () => withStatement('team/research/policy', /^ReadWriteCorpusUnderRaw$/, drop),
      LINE.researchCorpus,
      /^get raw\//,
    ],
    [
      'a grant does not end',
      () =>
        withStatement(
          'team/product/policy',
          /^ReadDeleteLogs$/,
          ({ Condition: _condition, ...statement }) => statement,
        ),
      LINE.productLogs,
      / on 2026-06-01T/,
    ],
    [
      'jobs need no tag',
      () =>
        withStatement(
          'team/research/policy',
          /^TrainOn/,
          ({ Condition: _condition, ...statement }) => statement,
        ),
      LINE.train,
      /without its tag$/,
    ],
    [
      'the guardrail lets keys be made',
      () => withStatement('guardrail', /^PrincipalsAndPolicies$/, drop),
      LINE.account,
      /access key/,
    ],
  ])('fails and names the line when %s', async (_, broken, line, description) => {
    const rehearsal = await run(broken())
    expect(rehearsal.surprises.length).toBeGreaterThan(0)
    expect(namedLines(rehearsal)).toContain(line)
    expect(rehearsal.surprises.some(({ probe }) => description.test(probe.description))).toBe(true)
  })
})
