import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { actorId, actorsOf } from './actor.js'
import { buildProbes } from './probes.js'
import { seedObjects, seedWork } from './seeds.js'
import type { Setting } from './setting.js'

const START = Date.UTC(2026, 0, 1)

function settingOf(text: string): Setting {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: START })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return {
    declaration: parsed.value,
    plan: built.value,
    outsideBucket: 'outside',
    keyIds: new Map(parsed.value.stores.map(({ bucket }) => [bucket, `key of ${bucket}`])),
    startMs: START,
  }
}

const acme = settingOf(
  readFileSync(new URL('../../../../examples/acme-ai/ringfence.yaml', import.meta.url), 'utf8'),
)
const { probes, selection } = buildProbes(acme, actorsOf(acme.declaration))

function allowedAt(line: number): boolean {
  return probes.some(
    ({ expectation }) =>
      expectation.expected === 'allowed' && expectation.because.some((place) => place.line === line),
  )
}

function large(): Setting {
  const names = Array.from({ length: 200 }, (_, index) => `member-${index}`)
  const stores = Array.from({ length: 60 }, (_, index) => `data-${index}`)
  return settingOf(
    [
      'organization: big',
      'account: "111122223333"',
      'region: eu-west-1',
      'administrators: [role/admin]',
      `members: { ${names.map((name) => `${name}: {}`).join(', ')}, odd: {} }`,
      `teams: { everyone: [${names.join(', ')}] }`,
      `datasets: { ${stores.map((name) => `${name}: {}`).join(', ')} }`,
      'grants:',
      ...stores.slice(0, 3).map((name) => `  - { to: everyone, can: read, on: ${name} }`),
      '  - { to: odd, can: write, on: data-0 }',
    ].join('\n'),
  )
}

describe('buildProbes for acme-ai', () => {
  it('asks everybody everything', () => {
    expect(selection.ownOnly).toEqual([])
    expect(selection.storesLeftOut).toBe(0)
    const asked = new Set(probes.map(({ actor }) => actorId(actor)))
    expect([...asked].toSorted()).toEqual(actorsOf(acme.declaration).map(actorId).toSorted())
  })

  it('tries every kind of request that the fence is there for', () => {
    const operations = new Set(probes.map(({ service, operation }) => `${service} ${operation}`))
    for (const needed of [
      's3 ListObjectsV2',
      's3 GetObject',
      's3 PutObject',
      's3 DeleteObject',
      's3 CopyObject',
      's3 PutObjectAcl',
      's3 PutBucketAcl',
      's3 PutBucketPolicy',
      's3 DeletePublicAccessBlock',
      's3-control DeletePublicAccessBlock',
      'iam AttachUserPolicy',
      'iam PutUserPolicy',
      'iam CreateAccessKey',
      'iam UpdateAssumeRolePolicy',
      'iam DeleteUserPermissionsBoundary',
      'iam AddUserToGroup',
      'iam CreatePolicyVersion',
      'kms PutKeyPolicy',
      'kms ScheduleKeyDeletion',
      'sts AssumeRole',
      'trust AssumeRole',
      'sagemaker CreateTrainingJob',
      'sagemaker StopTrainingJob',
      'sagemaker CreateModel',
      'sagemaker CreateEndpoint',
      'sagemaker-runtime InvokeEndpoint',
    ])
      expect(operations).toContain(needed)
  })

  it('expects something allowed and something refused of every member and execution role', () => {
    for (const actor of actorsOf(acme.declaration)) {
      if (actor.kind !== 'member' && actor.kind !== 'platform') continue
      const own = probes.filter((probe) => actorId(probe.actor) === actorId(actor))
      const expected = new Set(own.map(({ expectation }) => expectation.expected))
      expect([...expected].toSorted(), actorId(actor)).toEqual(['allowed', 'denied'])
    }
  })

  it('probes every grant, and every end that is declared, from both sides', () => {
    for (const grant of acme.declaration.grants)
      expect(allowedAt(grant.declaredAt.line), `line ${grant.declaredAt.line}`).toBe(true)
    const ends = acme.declaration.grants.filter(({ until }) => until !== undefined)
    expect(ends.length).toBeGreaterThan(0)
    for (const { until, declaredAt } of ends) {
      const after = probes.filter(
        ({ stage, expectation }) =>
          stage === 'later' &&
          expectation.expected === 'denied' &&
          expectation.because.some((place) => place.line === declaredAt.line),
      )
      expect(after.every(({ atMs }) => atMs > Date.parse(until ?? ''))).toBe(true)
      expect(after.length).toBeGreaterThan(0)
    }
  })

  it('gives every expectation a line of the file', () => {
    expect(probes.filter(({ expectation }) => expectation.because.length === 0)).toEqual([])
  })

  it('comes in the order of stages and of the clock, and the same every time', () => {
    const order = probes.map(
      ({ stage, atMs }) => ['data', 'platform', 'fence', 'later'].indexOf(stage) * 1e15 + atMs,
    )
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(buildProbes(acme, actorsOf(acme.declaration)).probes).toEqual(probes)
  })

  it('makes nothing twice under one name', () => {
    const made = probes
      .filter(
        ({ operation, expectation }) =>
          /^Create(Training|Model|End)/.test(operation) && expectation.expected === 'allowed',
      )
      .map(
        ({ operation, input }) =>
          `${operation} ${String(input['TrainingJobName'] ?? input['ModelName'] ?? input['EndpointName'] ?? input['EndpointConfigName'])}`,
      )
    expect(new Set(made).size).toBe(made.length)
  })

  it('writes only what leaves the fence standing where it is expected to be let in', () => {
    const policies = new Map(
      acme.plan.resources.flatMap((one) =>
        one.type === 's3.BucketPolicy' ? [[one.bucket, one.policy]] : [],
      ),
    )
    const written = probes.filter(
      ({ operation, expectation }) => operation === 'PutBucketPolicy' && expectation.expected === 'allowed',
    )
    expect(written.length).toBeGreaterThan(0)
    for (const { input } of written)
      expect(JSON.parse(String(input['Policy']))).toEqual(policies.get(String(input['Bucket'])))
    const removed = probes.filter(
      ({ operation, expectation, stage }) =>
        stage === 'fence' && /^Delete|^Schedule/.test(operation) && expectation.expected === 'allowed',
    )
    expect(removed).toEqual([])
  })

  it('has every object and job that it reads made before', () => {
    const objects = new Set(seedObjects(probes, 'outside').map(({ bucket, key }) => `${bucket}/${key}`))
    for (const { operation, input } of probes)
      if (operation === 'GetObject')
        expect(objects).toContain(`${String(input['Bucket'])}/${String(input['Key'])}`)
    const works = seedWork(acme, probes)
      .flat()
      .map(({ input }) => input['TrainingJobName'] ?? input['EndpointName'])
    for (const { operation, input } of probes) {
      if (operation === 'StopTrainingJob') expect(works).toContain(input['TrainingJobName'])
      if (operation === 'InvokeEndpoint') expect(works).toContain(input['EndpointName'])
    }
  })
})

describe('buildProbes for an organization too large to ask everybody everything', () => {
  const setting = large()
  const list = buildProbes(setting, actorsOf(setting.declaration))

  it('takes one member for each set of grants, and tells how much it left out', () => {
    const members = list.selection.thorough.filter(({ kind }) => kind === 'member')
    expect(members.map(actorId)).toEqual(['member/member-0', 'member/odd'])
    expect(list.selection.ownOnly).toHaveLength(199)
    expect(list.selection.storesLeftOut).toBe(60 - list.selection.stores.length)
    expect(list.selection.storesLeftOut).toBeGreaterThan(0)
  })

  it('still asks every member for every grant of theirs', () => {
    for (const name of ['member-0', 'member-199'])
      for (const store of ['data-0', 'data-1', 'data-2'])
        expect(
          list.probes.some(
            ({ actor, operation, input, expectation }) =>
              actorId(actor) === `member/${name}` &&
              operation === 'GetObject' &&
              input['Bucket'] === `big-${store}-111122223333` &&
              expectation.expected === 'allowed',
          ),
          `${name} on ${store}`,
        ).toBe(true)
  })
})
