import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildPlan, type Kept, printPlan, readKept, withRevocation } from '../index.js'
import { createDecider } from './decide.fixture.js'
import { load } from './examples.fixture.js'
import { expectInvariants } from './invariants.fixture.js'

const file = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: acme-idp }
members:
  ada: { signIn: federation, email: ada@acme.example }
  bot: { kind: service, keys: { until: 2035-01-31 } }
  eve: {}
teams: { research: [ada, bot], others: [eve] }
datasets: { raw: {} }
platforms: { training: { kind: sagemaker, reads: [raw] } }
grants: [{ to: research, can: read, on: raw }, { to: others, can: write, on: raw }]
`
const { declaration, plan: fromFile } = load(file)
const nothing: Kept = { accessKeys: {}, revocations: {} }

function planWith(kept: Partial<Kept>) {
  const built = buildPlan(declaration, {}, { ...nothing, ...kept })
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  expectInvariants(built.value)
  return built.value
}
const keysOf = (kept: Partial<Kept>) =>
  planWith(kept).resources.flatMap((one) =>
    one.type === 'iam.AccessKey' ? [{ id: one.id, generation: one.generation, status: one.status }] : [],
  )

describe('a plan of a file and of what its deployment keeps', () => {
  it('is that of the file alone, to the byte, as long as nothing is kept', () => {
    expect(printPlan(planWith({}))).toBe(printPlan(fromFile))
    expect(printPlan(planWith({ accessKeys: { bot: [{ generation: 1, status: 'active' }] } }))).toBe(
      printPlan(fromFile),
    )
    expect(fromFile).not.toHaveProperty('kept')
  })

  it('has the keys that a rotation has come to, the first under the id that it always had', () => {
    const first = { id: 'member/bot/access-key', generation: undefined, status: undefined }
    const second = { id: 'member/bot/access-key-2', generation: 2, status: undefined }
    expect(keysOf({})).toEqual([first])
    const both = [
      { generation: 1, status: 'inactive' },
      { generation: 2, status: 'active', createdAt: '2030-01-01T00:00:00Z' },
    ] as const
    expect(keysOf({ accessKeys: { bot: both } })).toEqual([{ ...first, status: 'inactive' }, second])
    expect(keysOf({ accessKeys: { bot: [both[1]] } })).toEqual([second])
    expect(planWith({ accessKeys: { bot: both } }).kept?.accessKeys).toEqual({ bot: both })
  })

  it('has one key of a member who is called as what every object has', () => {
    const { plan } = load(
      file.replace('bot: {', 'constructor: {').replace('[ada, bot]', '[ada, constructor]'),
    )
    expect(plan.resources).toContainEqual(expect.objectContaining({ id: 'member/constructor/access-key' }))
  })

  it('forgets keys of who has none in the file any longer', () => {
    const kept = { accessKeys: { eve: [{ generation: 3, status: 'active' }], gone: [] } } as const
    expect(printPlan(planWith(kept))).toBe(printPlan(fromFile))
  })

  it.each(['acme-research', 'acme-training-execution'])(
    'refuses old sessions of %s, and only those',
    (role) => {
      const plan = planWith({ revocations: { [role]: '2030-05-01T12:00:00Z' } })
      const name = `acme-revoked-${role}`
      const policy = plan.resources.find((one) => one.type === 'iam.Policy' && one.name === name)
      if (policy?.type !== 'iam.Policy') throw new Error('no policy')
      expect(plan.statements).toContainEqual({
        policy: policy.arn,
        sid: 'SessionsAreRevoked',
        declaredAt: policy.declaredAt,
      })
      const attached = plan.resources.filter(
        (one) => one.type === 'iam.PolicyAttachments' && one.policyArns.includes(policy.arn),
      )
      expect(attached).toEqual([expect.objectContaining({ target: 'role', name: role })])
      expect(attached[0]?.dependsOn).toContain(policy.id)
      const decide = createDecider(plan)
      const bucket = plan.resources.find((one) => one.type === 's3.Bucket')
      const read = (who: string, issued?: string) =>
        decide({
          who,
          action: 's3:GetObject',
          resource: `${bucket?.arn}/1`,
          context: issued === undefined ? {} : { 'aws:TokenIssueTime': issued },
        })
      const arn = `arn:aws:iam::111122223333:role/ringfence/acme/${role}`
      expect(read(arn, '2030-05-01T11:59:59Z')).toBe('explicitDeny')
      expect(read(arn, '2030-05-01T12:00:00Z')).toBe('allow')
      const others = ['acme-research', 'acme-training-execution'].filter((other) => other !== role)
      expect(others.map((other) => read(arn.replace(role, other), '2030-05-01T11:59:59Z'))).toEqual(['allow'])
      expect(read('arn:aws:iam::111122223333:user/ringfence/acme/bot')).toBe('allow')
    },
  )

  it('refuses sessions of who is leaving, whenever they begin, until the role is revoked again', () => {
    const role = 'acme-research'
    const sessions = (subjects: readonly string[]) => {
      const leaving = { [role]: { members: ['fred'], subjects: { 'SAML:sub': subjects } } }
      const plan = planWith({ revocations: { [role]: '2030-05-01T12:00:00Z' }, leaving })
      expectInvariants(plan)
      expect(plan.kept?.leaving).toEqual(leaving)
      const decide = createDecider(plan)
      const bucket = plan.resources.find((one) => one.type === 's3.Bucket')
      return (subject: string) =>
        decide({
          who: `arn:aws:iam::111122223333:role/ringfence/acme/${role}`,
          action: 's3:GetObject',
          resource: `${bucket?.arn}/1`,
          context: { 'aws:TokenIssueTime': '2030-05-01T12:00:01Z', 'SAML:sub': subject },
        })
    }
    const one = sessions(['fred@acme.example'])
    expect(['fred@acme.example', 'ada@acme.example'].map(one)).toEqual(['explicitDeny', 'allow'])
    // More than a policy holds: then nobody's count.
    const many = sessions(Array.from({ length: 300 }, (_, number) => `person-${number}@acme.example`))
    expect(['person-299@acme.example', 'ada@acme.example'].map(many)).toEqual([
      'explicitDeny',
      'explicitDeny',
    ])
  })

  it('keeps a revocation of a role that is not there, for when it comes back', () => {
    const revocations = { 'acme-nobody': '2030-05-01T12:00:00Z' }
    const plan = planWith({ revocations })
    expect(plan.kept).toEqual({ accessKeys: {}, revocations })
    expect({ ...plan, kept: undefined }).toEqual({ ...fromFile, kept: undefined })
  })
})

describe('what is kept', () => {
  it('is read from what was written, and from nothing else', () => {
    const kept: Kept = {
      accessKeys: {
        bot: [
          { generation: 1, status: 'inactive', inactiveSince: '2030-01-08T00:00:00Z' },
          { generation: 2, status: 'active', createdAt: '2030-01-01T00:00:00Z' },
        ],
      },
      revocations: { 'acme-research': '2030-05-01T12:00:00Z' },
    }
    const fred = { members: ['fred'], subjects: { 'SAML:sub': ['fred@acme.example'] } }
    for (const one of [kept, { ...kept, leaving: { 'acme-research': fred } }])
      expect(readKept(JSON.parse(JSON.stringify(one)))).toEqual(one)
    const key = { generation: 1, status: 'active' }
    for (const other of [
      undefined,
      {},
      { ...kept, more: 1 },
      { ...kept, accessKeys: { bot: [] } },
      { ...kept, accessKeys: { bot: [key, key] } },
      { ...kept, accessKeys: { bot: [{ ...key, generation: 2 }, key] } },
      { ...kept, accessKeys: { bot: [1, 2, 3].map((generation) => ({ generation, status: 'active' })) } },
      { ...kept, accessKeys: { bot: [{ ...key, status: 'lost' }] } },
      { ...kept, revocations: { 'acme-research': 'yesterday' } },
      { ...kept, leaving: { 'acme-research': ['fred'] } },
      { ...kept, leaving: { 'acme-research': { ...fred, subjects: { 'SAML:sub': 'fred' } } } },
    ])
      expect(readKept(other)).toBeUndefined()
  })

  it('moves a revocation forward only', () => {
    const instant = fc
      .date({
        min: new Date('2026-01-01'),
        max: new Date('2099-01-01'),
        noInvalidDate: true,
      })
      .map((one) => one.toISOString().replace(/\.\d+Z$/, 'Z'))
    fc.assert(
      fc.property(fc.array(instant, { minLength: 1, maxLength: 8 }), (instants) => {
        const kept = instants.reduce((before, one) => withRevocation(before, 'acme-research', one), nothing)
        expect(kept.revocations).toEqual({ 'acme-research': instants.toSorted().at(-1) })
      }),
    )
  })
})
