import type { Plan, PolicyDocument, PolicyStatement } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { beforeAll, describe, expect, it } from 'vitest'
import { exampleNames, exampleText, planOf } from '../account/plan.fixture.js'
import { checkPlan } from './check-plan.js'
import type { Finding } from './finding.js'
import type { ProverOptions } from './prover.js'
import { createProofCache } from './again/proof-cache.js'

const options: { catalogue?: ProverOptions['catalogue'] } = {}
beforeAll(async () => {
  options.catalogue = await loadActionCatalogue()
})

const acme = planOf(exampleText('acme-ai'))
const organizationPath = 'arn:aws:iam::111122223333'

/** The plan with one statement of one of its policies replaced, or dropped. */
function withStatement(
  plan: Plan,
  id: string,
  sid: string,
  change: (statement: PolicyStatement) => PolicyStatement | undefined,
): Plan {
  let changed = 0
  const changeDocument = (document: PolicyDocument): PolicyDocument => ({
    ...document,
    Statement: document.Statement.flatMap((statement) => {
      if (statement.Sid !== sid) return [statement]
      changed++
      return change(statement) ?? []
    }),
  })
  const resources = plan.resources.map((resource) => {
    if (resource.id !== id) return resource
    if (resource.type === 'iam.Role')
      return { ...resource, assumeRolePolicy: changeDocument(resource.assumeRolePolicy) }
    return 'policy' in resource ? { ...resource, policy: changeDocument(resource.policy) } : resource
  })
  expect(changed, `${id} ${sid}`).toBe(1)
  return { ...plan, resources }
}

function refuted(plan: Plan): readonly string[] {
  const { findings } = checkPlan(acme.declaration, plan, options)
  return findings.flatMap((finding) =>
    finding.answer.proof === 'proved'
      ? []
      : [`${finding.answer.proof} ${finding.guarantee} ${finding.subject ?? '-'} ${finding.target ?? '-'}`],
  )
}

function findingOf(plan: Plan, guarantee: Finding['guarantee'], what: string): Finding | undefined {
  const { findings } = checkPlan(acme.declaration, plan, options)
  return findings.find((one) => one.guarantee === guarantee && (one.target === what || one.subject === what))
}

describe('checkPlan', () => {
  it.each(exampleNames)('proves everything of %s, and leaves nothing unknown', (name) => {
    const { declaration, plan } = planOf(exampleText(name))
    const { findings } = checkPlan(declaration, plan, options)
    expect(findings.filter(({ answer }) => answer.proof !== 'proved')).toEqual([])
    const kinds = new Set(findings.map(({ guarantee }) => guarantee))
    for (const kind of ['works', 'nothingElse', 'tls', 'fence', 'notPublic', 'lockOut'] as const)
      expect(kinds).toContain(kind)
  })

  it('answers every grant, every store, every principal and every guarantee of the file', () => {
    const { findings } = checkPlan(acme.declaration, acme.plan, options)
    const works = findings.filter(({ guarantee }) => guarantee === 'works')
    for (const grant of acme.declaration.grants)
      expect(works.some(({ declaredAt }) => declaredAt.includes(grant.declaredAt))).toBe(true)
    for (const { kind, name } of acme.declaration.stores)
      for (const guarantee of ['nothingElse', 'tls', 'fence', 'notPublic', 'lockOut'])
        expect(
          findings.filter((one) => one.guarantee === guarantee && one.target === `${kind}/${name}`),
        ).toHaveLength(1)
    for (const declared of ['member/ada', 'member/nightly-eval', 'team/product', 'platform/training'])
      expect(
        findings.filter((one) => one.guarantee === 'nothingElse' && one.subject === declared),
      ).toHaveLength(1)
    expect(findings.filter(({ guarantee }) => guarantee === 'separate')).toHaveLength(1)
    expect(findings.filter(({ guarantee }) => guarantee === 'never')).toHaveLength(3)
  })

  it('refutes a fence without its TLS rule, and says which request shows it', () => {
    const plan = withStatement(acme.plan, 'dataset/web-crawl/bucket-policy', 'TlsOnly', () => undefined)
    expect(refuted(plan)).toEqual([
      'refuted nothingElse - dataset/web-crawl',
      'refuted tls - dataset/web-crawl',
    ])
    const { answer } = findingOf(plan, 'tls', 'dataset/web-crawl') ?? {}
    expect(answer?.proof === 'refuted' && answer.refutation).toMatchObject({
      decision: 'allow',
      request: {
        resource: expect.stringMatching(/^arn:aws:s3:::acme-web-crawl-111122223333/),
        context: { 'aws:SecureTransport': 'false' },
      },
    })
  })

  it('refutes a fence that lets others read, and names the one who is not in the file', () => {
    const plan = withStatement(acme.plan, 'dataset/feedback/bucket-policy', 'ReadersOnly', (statement) => ({
      ...statement,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': `${organizationPath}:user/*` } },
    }))
    const found = findingOf(plan, 'nothingElse', 'dataset/feedback')
    expect(found?.answer).toMatchObject({
      proof: 'refuted',
      refutation: { who: 'a user of the account who is not in the file', decision: 'allow' },
    })
    expect(found?.declaredAt[0]?.line).toBe(55)
  })

  it('proves a slip in a policy harmless where the fence takes it back', () => {
    const arn = 'arn:aws:s3:::acme-user-data-a-111122223333'
    const plan = withStatement(acme.plan, 'team/applied-research/policy-1', 'ReadUserDataAUnderConsented', (one) => ({
      ...one,
      Resource: `${arn}/consented*`,
    })) // prettier-ignore
    expect(refuted(plan)).toEqual([])
  })

  it('refutes the same slip where the fence has it too', () => {
    const arn = 'arn:aws:s3:::acme-user-data-a-111122223333'
    const slipped = withStatement(acme.plan, 'team/applied-research/policy-1', 'ReadUserDataAUnderConsented', (one) => ({
      ...one,
      Resource: `${arn}/consented*`,
    })) // prettier-ignore
    const fence = slipped.resources.find(({ id }) => id === 'dataset/user-data-a/bucket-policy')
    const sids =
      fence !== undefined && 'policy' in fence
        ? fence.policy.Statement.flatMap(({ NotResource, Sid }) => (NotResource === undefined ? [] : [Sid]))
        : []
    const plan = sids.reduce(
      (before, sid) =>
        withStatement(before, 'dataset/user-data-a/bucket-policy', sid, (one) => ({
          ...one,
          NotResource: `${arn}/consented*`,
        })),
      slipped,
    )
    const found = findingOf(plan, 'nothingElse', 'member/ada')
    expect(found?.answer).toMatchObject({ proof: 'refuted', refutation: { who: 'member/ada' } })
    expect(found?.answer.proof === 'refuted' && found.answer.refutation.decidedBy).toContainEqual(
      expect.objectContaining({ layer: 'identity', declaredAt: expect.objectContaining({ line: 78 }) }),
    )
    // Nor is it taken over from a check of the plan whose fence takes it back.
    const cache = createProofCache()
    const before = checkPlan(acme.declaration, slipped, { ...options, cache })
    expect(before.findings.every(({ answer }) => answer.proof === 'proved')).toBe(true)
    expect(checkPlan(acme.declaration, plan, { ...options, cache }).findings).toContainEqual(found)
  })

  it('refutes a grant that does not work, with the statement that refuses', () => {
    const plan = withStatement(
      acme.plan,
      'dataset/annotations/bucket-policy',
      'WritersOnly',
      (statement) => ({
        ...statement,
        Condition: {
          StringNotEquals: { 'aws:PrincipalArn': `${organizationPath}:user/ringfence/acme/mary` },
        },
      }),
    )
    const { findings } = checkPlan(acme.declaration, plan, options)
    const broken = findings.filter(
      ({ answer, guarantee }) => guarantee === 'works' && answer.proof === 'refuted',
    )
    expect(broken.map(({ subject, target }) => `${subject} ${target}`)).toEqual([
      'team/data-engineering dataset/annotations',
    ])
    expect(broken[0]?.answer).toMatchObject({
      refutation: { decision: 'explicitDeny', decidedBy: [{ sid: 'WritersOnly', layer: 'resource' }] },
    })
  })

  it('refutes PassRole to another service', () => {
    const plan = withStatement(
      acme.plan,
      'team/applied-research/policy-1',
      'PassRoleToTraining',
      (statement) => ({
        ...statement,
        Condition: {},
      }),
    )
    // The boundary holds the users of the team to SageMaker.
    expect(refuted(plan)).toEqual([])
    const open = withStatement(plan, 'boundary', 'PassExecutionRolesToSageMaker', (statement) => ({
      ...statement,
      Condition: {},
    }))
    expect(refuted(open)).toEqual(
      ['ada', 'grace', 'alan'].toSorted().map((name) => `refuted nothingElse member/${name} -`),
    )
  })

  it('refutes a role that another service gets into', () => {
    const plan = withStatement(acme.plan, 'platform/training/execution-role', 'SageMakerForThisAccount', (one) => ({
      ...one,
      Principal: { Service: ['sagemaker.amazonaws.com', 'ec2.amazonaws.com'] },
    })) // prettier-ignore
    expect(refuted(plan)).toEqual(['refuted nothingElse - role of platform/training'])
  })

  it('refutes an end that does not end', () => {
    const plan = withStatement(acme.plan, 'end/2035-10-01T00:00:00Z', 'AccessHasEnded', (statement) => ({
      ...statement,
      Condition: { DateGreaterThan: { 'aws:CurrentTime': '2035-10-01T00:00:00Z' } },
    }))
    expect(refuted(plan)).toEqual(['refuted nothingElse member/alan -'])
  })

  it('refutes a guardrail with a gap', () => {
    const plan = withStatement(acme.plan, 'guardrail', 'PrincipalsAndPolicies', (statement) => ({
      ...statement,
      NotAction: [...(statement.NotAction as readonly string[]), 'iam:CreateAccessKey'],
    }))
    expect(refuted(plan)).toEqual(['refuted fence - users, roles and policies'])
  })

  it('refutes a guardrail that keeps administrators from jobs and endpoints', () => {
    const plan = withStatement(acme.plan, 'guardrail', 'JobsAndEndpoints', ({ Condition, ...statement }) => ({
      ...statement,
      Condition: { ArnNotLike: Condition?.['ArnNotLike'] ?? {} },
    }))
    expect(refuted(plan)).toEqual([
      'refuted lockOut - platform/training',
      'refuted lockOut - platform/serving',
    ])
  })

  it('refutes an open access block by what an administrator could do', () => {
    const resources = acme.plan.resources.flatMap((resource) =>
      resource.type === 's3.AccountPublicAccessBlock' || resource.id === 'model/ranker/public-access-block'
        ? []
        : [resource],
    )
    expect(refuted({ ...acme.plan, resources })).toEqual(['refuted notPublic - model/ranker'])
  })

  it('takes over from an earlier check what has not changed', () => {
    const cache = createProofCache()
    const first = checkPlan(acme.declaration, acme.plan, { ...options, cache })
    const again = planOf(exampleText('acme-ai'))
    expect(checkPlan(again.declaration, again.plan, { ...options, cache }).counts.proved).toBe(0)
    const edited = planOf(exampleText('acme-ai').replace('under: labels/', 'under: labelled/'))
    const { counts, findings } = checkPlan(edited.declaration, edited.plan, { ...options, cache })
    expect(findings.every(({ answer }) => answer.proof === 'proved')).toBe(true)
    expect(counts.proved).toBeGreaterThan(0)
    expect(counts.proved).toBeLessThan(first.counts.proved / 9)
    // Nor are questions put together whose answers are known.
    expect(counts.asked).toBeLessThan(first.counts.asked / 4)
  })
})
