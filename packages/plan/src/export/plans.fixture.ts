import { exampleNames, load, loadExample } from '../build/examples.fixture.js'
import type { Plan, Resource } from '../plan.js'

/** A plan with every kind of resource, names with every character that a member may have, and look-alikes. */
export function planOfEverything(): Plan {
  return load(everything).plan
}

const everything = `organization: acme
account: '111122223333'
region: eu-west-1
guardrail: serviceControlPolicy
administrators: [role/platform-admin]
members:
  ada: {}
  a.b: {}
  a-b: {}
  'A_b+c=d,e@f': { until: 2035-01-01 }
  bot: { kind: service, keys: { until: 2035-01-01 } }
  kept: { kind: service, keys: { until: 2035-01-01, deliver: secretsManager } }
teams: { t: [ada, a.b, bot, kept], t-u: [ada, a-b, 'A_b+c=d,e@f'], idle: [] }
datasets:
  d: { encryption: kms, owner: t }
  d-key: { owner: t-u }
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
  - { to: t-u, can: read, on: d-key, under: raw/, until: 2035-06-30 }
  - { to: ada, can: [read, write], on: gone }
  - { to: t, can: [train, deploy, invoke], on: p }
  - { to: t-u, can: read, on: models/m }
`

/** The plans that every export is tried with, by name. */
export function manyPlans(): readonly (readonly [string, Plan])[] {
  return [
    ...exampleNames.map((name) => [name, loadExample(name).plan] as const),
    ['everything', planOfEverything()],
    ['some things exist already', planAroundExisting()],
  ]
}

/** The same plan with another recipient of the secrets of its access keys. */
export function withRecipient(plan: Plan, kind: 'age' | 'pgp', key: string): Plan {
  return change(plan, (one) =>
    one.type === 'iam.AccessKey' && one.secret === undefined ? { ...one, encryptTo: { kind, key } } : one,
  )
}

/** A key of OpenPGP is binary; what it holds is the business of AWS's provider. */
export const someKey = 'mQENBFXbjPUBCADjNjCUQwfxKL+RR2GA6pv/1K+zJZ8UWIF9S0lk7cVIEfJiprzzwiMwBS5cD0da'

/** A plan of everything in which a user, a group, a role, a key and a bucket are there already. */
export function planAroundExisting(): Plan {
  const external = new Set([
    'member/ada/user',
    'team/t/group',
    'platform/p/execution-role',
    'dataset/d-key/bucket',
    'dataset/d/key',
  ])
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
  const open = new Set(['member/ada/groups', 'member/ada/attachments', 'team/t/group-attachments'])
  const changed = change(planOfEverything(), (one) => {
    if (one.id === 'dataset/d/key' && one.type === 'kms.Key') {
      const { id, dependsOn, declaredAt, policy } = one
      return { type: 'kms.KeyPolicy', id: `${id}-policy`, dependsOn, declaredAt, key: arn, policy }
    }
    if (external.has(one.id)) return undefined
    if (one.type === 'kms.Alias' && one.key === 'dataset/d/key') return { ...one, key: arn }
    if (one.type === 'iam.PolicyAttachments' || one.type === 'iam.UserGroupMembership') {
      return open.has(one.id) || one.id === 'platform/p/attachments' ? { ...one, exclusive: false } : one
    }
    return one
  })
  return change(changed, (one) => ({
    ...one,
    dependsOn: one.dependsOn.filter((id) => !external.has(id)),
  }))
}

function change(plan: Plan, map: (resource: Resource) => Resource | undefined): Plan {
  return { ...plan, resources: plan.resources.flatMap((one) => map(one) ?? []) }
}

/** The policy of each resource that has one, by the resource's id. */
export function policiesById(plan: Plan): ReadonlyMap<string, unknown> {
  return new Map(
    plan.resources.flatMap((one) =>
      'policy' in one
        ? [[one.id, one.policy] as const]
        : one.type === 'iam.Role'
          ? [[one.id, one.assumeRolePolicy] as const]
          : [],
    ),
  )
}

/** Fails on a circle; `needs` says what comes before each name. */
export function expectNoCircle(needs: ReadonlyMap<string, readonly string[]>): void {
  const done = new Set<string>()
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) throw new Error(`a circle: ${[...above, name].join(' needs ')}`)
    if (done.has(name)) return
    for (const one of needs.get(name) ?? []) visit(one, [...above, name])
    done.add(name)
  }
  for (const name of needs.keys()) visit(name, [])
}

/** Everything that comes before a name, however far. */
export function reachable(name: string, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set<string>()
  const waiting = [name]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const next of needs.get(one) ?? []) {
      if (!seen.has(next)) waiting.push(next)
      seen.add(next)
    }
  }
  return seen
}
