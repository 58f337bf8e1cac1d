import type { Plan } from '@ringfence/plan'
import { buildPlan } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { beforeAll, describe, expect, it } from 'vitest'
import { planOf } from '../account/plan.fixture.js'
import { checkPlan } from './check-plan.js'
import type { ProverOptions } from './prover.js'
import { createProofCache } from './again/proof-cache.js'

const options: { catalogue?: ProverOptions['catalogue'] } = {}
beforeAll(async () => {
  options.catalogue = await loadActionCatalogue()
})

const { declaration, plan } = planOf(`organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
guardrail: serviceControlPolicy
members:
  ada: { keys: { until: 2035-01-31, deliver: secretsManager }, until: 2035-06-30 }
  bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }
  eve: {}
datasets: { raw: {} }
grants: [{ to: bot, can: read, on: raw }, { to: ada, can: read, on: raw }, { to: eve, can: read, on: raw }]
`)

const botPolicy = 'member/bot/secret-policy'

function refuted(changed: Plan): readonly string[] {
  const { findings } = checkPlan(declaration, changed, options)
  return findings.flatMap(({ answer, guarantee, subject, target }) =>
    answer.proof === 'proved' ? [] : [`${answer.proof} ${guarantee} ${subject ?? '-'} ${target ?? '-'}`],
  )
}

/** The plan with a text in one of its documents replaced. */
function withText(id: string, from: string, to: string, of: Plan = plan): Plan {
  let changed = 0
  const resources = of.resources.map((resource) => {
    if (resource.id !== id || !('policy' in resource)) return resource
    const text = JSON.stringify(resource.policy)
    const next = text.replace(from, to)
    if (next !== text) changed++
    return { ...resource, policy: JSON.parse(next) } as typeof resource
  })
  expect(changed).toBe(1)
  return { ...of, resources }
}

describe('checkSecret', () => {
  it('proves that nobody else reads the key of a member, and that the member does', () => {
    const { findings } = checkPlan(declaration, plan, options)
    expect(findings.filter(({ answer }) => answer.proof !== 'proved')).toEqual([])
    for (const name of ['ada', 'bot']) {
      const about = findings.filter(({ target }) => target === `access key of member/${name}`)
      expect(about.map(({ guarantee }) => guarantee)).toEqual(['nothingElse', 'fence', 'lockOut'])
      const works = findings.filter(
        ({ subject, target }) => subject === `member/${name}` && target?.includes('key'),
      )
      expect(works.map(({ guarantee }) => guarantee)).toEqual(['works'])
    }
  })

  it('refutes a fence that lets somebody else in', () => {
    const bot = 'arn:aws:iam::111122223333:user/ringfence/acme/bot'
    const eve = bot.replace('bot', 'eve')
    expect(refuted(withText(botPolicy, `"${bot}"`, `"${bot}","${eve}"`))).toEqual([
      'refuted nothingElse - access key of member/bot',
    ])
    expect(refuted(withText(botPolicy, '"StringNotEquals"', '"StringNotLike"'))).toEqual([])
    expect(
      refuted(withText(botPolicy, '"secretsmanager:GetSecretValue"', '"secretsmanager:GetSecretValues"')),
    ).toContain('refuted nothingElse - access key of member/bot')
    expect(
      refuted(withText(botPolicy, '"NotAction":["', '"NotAction":["secretsmanager:PutSecretValue","')),
    ).toEqual(['refuted nothingElse - access key of member/bot', 'refuted fence - access key of member/bot'])
  })

  it('refutes a plan in which administrators or the member are shut out', () => {
    const admin = 'arn:aws:iam::111122223333:role/platform-admin'
    expect(refuted(withText(botPolicy, admin, `${admin}s`))).toContain(
      'refuted lockOut - access key of member/bot',
    )
    const user = 'user/ringfence/acme/bot'
    expect(refuted(withText(botPolicy, user, `${user}s`))).toContain(
      'refuted works member/bot their key in Secrets Manager',
    )
  })

  it('refutes policies that give more than the own key', () => {
    const own = `\${aws:username}/access-key-??????`
    const wide = withText('own-key', own, '*')
    // The boundary takes it back.
    expect(refuted(wide)).toEqual([])
    expect(refuted(withText('boundary', own, '*', wide))).toContain('refuted nothingElse member/bot -')
  })

  it('says what a plan without the secret lacks', () => {
    const resources = plan.resources.filter(({ id }) => !id.startsWith('member/bot/secret'))
    expect(refuted({ ...plan, resources })).toEqual([
      'unknown works member/bot their key in Secrets Manager',
      'unknown nothingElse - access key of member/bot',
      'unknown fence - access key of member/bot',
      'unknown lockOut - access key of member/bot',
    ])
  })

  it('proves nothing again that has not changed', () => {
    const cache = createProofCache()
    checkPlan(declaration, plan, { ...options, cache })
    const built = buildPlan(declaration)
    if (!built.ok) throw new Error('no plan')
    expect(checkPlan(declaration, built.value, { ...options, cache }).counts.proved).toBe(0)
  })
})
