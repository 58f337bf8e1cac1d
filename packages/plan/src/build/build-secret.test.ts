import { describe, expect, it } from 'vitest'
import type { Plan, Secret } from '../index.js'
import { buildPlan, parseDeclaration, printPlan } from '../index.js'
import { createDecider } from './decide.fixture.js'
import { load } from './examples.fixture.js'
import { expectInvariants } from './invariants.fixture.js'

const fileWith = (bot: string) => `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members:
  bot: { kind: service, keys: { until: 2035-01-31${bot} } }
  bot-abcdef: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }
  eve: {}
datasets: { raw: {} }
grants: [{ to: bot, can: read, on: raw }, { to: bot-abcdef, can: read, on: raw }, { to: eve, can: read, on: raw }]
`
const { declaration, plan } = load(fileWith(', deliver: secretsManager'))
const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ringfence/acme/bot/access-key'
const iam = (rest: string) => `arn:aws:iam::111122223333:${rest}`
const user = (name: string) => iam(`user/ringfence/acme/${name}`)
const administrator = iam('role/platform-admin')

function ofType(one: Plan, type: string) {
  return one.resources.filter((resource) => resource.type === type)
}

describe('the secret of a key that is delivered to Secrets Manager', () => {
  it('has a name that is known before it is there, its fence before its value, and the newest key in it', () => {
    expectInvariants(plan)
    const secrets = ofType(plan, 'secretsmanager.Secret') as Secret[]
    expect(secrets.map(({ name }) => name)).toEqual([
      'ringfence/acme/bot/access-key',
      'ringfence/acme/bot-abcdef/access-key',
    ])
    expect(secrets[0]?.arn).toBe(arn)
    const kept = {
      accessKeys: {
        bot: [
          { generation: 1, status: 'active' },
          { generation: 2, status: 'active' },
        ],
      },
      revocations: {},
    } as const
    const rotated = buildPlan(declaration, {}, kept)
    if (!rotated.ok) throw new Error('no plan')
    expectInvariants(rotated.value)
    expect(ofType(rotated.value, 'secretsmanager.SecretVersion')[0]).toMatchObject({
      secret: 'member/bot/secret',
      accessKey: 'member/bot/access-key-2',
      dependsOn: ['member/bot/secret-policy', 'member/bot/access-key-2'],
    })
  })

  it('is read by the member and the administrators, and changed by the administrators', () => {
    const decide = createDecider(plan)
    const resource = `${arn}-Ab12Cd`
    const asks = (who: string, action: string, widened = false) =>
      decide({ who, action: `secretsmanager:${action}`, resource, widened })
    expect(asks(user('bot'), 'GetSecretValue')).toBe('allow')
    expect(asks(user('bot'), 'DescribeSecret')).toBe('allow')
    expect(asks(administrator, 'GetSecretValue', true)).toBe('allow')
    const others = [user('bot-abcdef'), user('eve'), iam('role/other'), iam('root'), 'anonymous']
    for (const who of others) expect(asks(who, 'GetSecretValue', true), who).toBe('explicitDeny')
    for (const action of ['PutSecretValue', 'PutResourcePolicy', 'DeleteSecret', 'SomethingNew']) {
      expect(asks(user('bot'), action, true), action).toBe('explicitDeny')
      expect(asks(user('eve'), action, true), action).toBe('explicitDeny')
      expect(asks(administrator, action, true), action).toBe('allow')
      expect(asks(iam('root'), action, true), action).toBe('allow')
    }
  })

  it('lets nobody have more of Secrets Manager than their own key', () => {
    const decide = createDecider(plan)
    for (const resource of [`${arn}-Ab12Cd-Ab12Cd`, arn.replace('/bot/', '/eve/'), `${arn}2-Ab12Cd`, '*'])
      expect(decide({ who: user('bot'), action: 'secretsmanager:GetSecretValue', resource })).not.toBe(
        'allow',
      )
  })

  it('is nowhere in a plan without such a key', () => {
    const without = load(fileWith('').replace(', deliver: secretsManager', '')).plan
    expect(printPlan(without)).not.toContain('secretsmanager')
    expect(ofType(without, 'iam.AccessKey')).toHaveLength(2)
  })

  it('is refused where the name is none for a secret', () => {
    const text = fileWith(', deliver: secretsManager')
      .replaceAll('eve', "'e,ve'")
      .replace("'e,ve': {}", "'e,ve': { keys: { until: 2035-01-31, deliver: secretsManager } }")
    const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
    const built = buildPlan(parsed.value)
    expect(built.diagnostics.map(({ code }) => code)).toContain('KEY_DELIVERY_INVALID')
  })
})
