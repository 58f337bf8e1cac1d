import { buildPlan, type Kept, parseDeclaration, type Plan } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { expect, test } from 'vitest'
import { accessAfterLeaving } from './after-leaving.js'

const text = (...team: readonly string[]) => `
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: corp }
members:
  eve: {}
${team.map((name) => `  ${name}: { signIn: federation, email: ${name}@acme.example }`).join('\n')}
teams:
  research: [${['eve', ...team].join(', ')}]
datasets:
  raw: { encryption: kms }
grants:
  - { to: research, can: [read, write], on: raw }
`

const nowMs = Date.parse('2030-01-01T00:00:00Z')

function planOf(file: string, revocations: Kept['revocations']): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text: file, nowMs })
  const built = declaration.ok
    ? buildPlan(declaration.value, {}, { accessKeys: {}, revocations })
    : declaration
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

const leftAt = '2030-01-01T00:00:00Z'
const session = { role: 'acme-research', issuedBefore: leftAt }

async function after(revocations: Kept['revocations'], issuedBefore = leftAt) {
  const options = { catalogue: await loadActionCatalogue(), cache: new Map(), nowMs }
  const left = { user: 'fred', sessions: [{ ...session, issuedBefore }] }
  return accessAfterLeaving(planOf(text('ada'), revocations), left, options)
}

test('sessions from before a revocation, and a user of the old name, are proved to be allowed nothing', async () => {
  expect(await after({ 'acme-research': leftAt })).toEqual([])
})

test('without a revocation, or with one that is a second too early, the sessions go on', async () => {
  const tooEarly: Kept['revocations'] = { 'acme-research': '2029-12-31T23:59:59Z' }
  for (const revocations of [{}, tooEarly]) {
    const still = await after(revocations)
    expect(still.map(({ answer }) => answer.answer)).toContain('yes')
    expect(new Set(still.map(({ principal }) => principal))).toEqual(
      new Set(['arn:aws:iam::111122223333:role/ringfence/acme/acme-research']),
    )
  }
})

test('of a role that is gone nothing is left', async () => {
  const options = { catalogue: await loadActionCatalogue(), cache: new Map(), nowMs }
  expect(accessAfterLeaving(planOf(text(), {}), { user: 'fred', sessions: [session] }, options)).toEqual([])
})
