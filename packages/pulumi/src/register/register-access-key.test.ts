import * as pulumi from '@pulumi/pulumi'
import type { Kept, KeyRecipient, Plan } from '@ringfence/plan'
import { buildPlan, readDeclaration } from '@ringfence/plan'
import { Decrypter, armor, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { deployWithMocks, refusal } from '../mocks/mock-deployment.fixture.js'
import { registerPlan } from './register-plan.js'

const keyName = 'tiny/member/bot/access-key'

/** An organization of one service, whose key may be encrypted to somebody. */
function planFor(encryptTo?: KeyRecipient, kept?: Kept): Plan {
  const declared = readDeclaration({
    file: 'test',
    nowMs: Date.UTC(2026, 0, 1),
    value: {
      organization: 'tiny',
      account: '111122223333',
      region: 'eu-west-1',
      administrators: ['role/platform-admin'],
      members: { bot: { kind: 'service', keys: { until: '2035-01-31' } } },
      datasets: { corpus: {} },
      grants: [{ to: 'bot', can: 'read', on: 'corpus' }],
    },
  })
  const built = declared.ok ? buildPlan(declared.value, {}, kept) : declared
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const resources = built.value.resources.map((one) =>
    one.type === 'iam.AccessKey' && encryptTo !== undefined ? { ...one, encryptTo } : one,
  )
  return { ...built.value, resources }
}

const register = (encryptTo: KeyRecipient) => ({
  ...registerPlan(planFor(encryptTo), {
    name: 'tiny',
    parent: new pulumi.ComponentResource('test:index:Parent', 'parent'),
  }),
})

test('age: the first ciphertext is kept until the key or its recipient is another', async () => {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const { values, secrets, byName } = await deployWithMocks(() => register({ kind: 'age', key: recipient }))
  expect(values['secretAccessKeys']).toEqual({})
  const { bot } = values['encryptedSecretAccessKeys'] as Record<string, string>
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  expect(await decrypter.decrypt(armor.decode(bot ?? ''), 'text')).toBe(`secret of ${keyName}`)
  // The ciphertext is for handing over; the plain secret stays a secret of the key.
  expect(secrets).toEqual(['secretAccessKeys'])
  expect(byName(keyName).secretOutputs).toContain('secret')
  expect(byName(`${keyName}/encrypted-secret`)).toMatchObject({
    type: 'pulumi:index:Stash',
    inputs: { input: bot },
    ignoreChanges: ['input'],
    replacementTrigger: [`id of ${keyName}`, recipient],
  })
})

test('PGP: the provider encrypts, and nobody sees the secret', async () => {
  const pgp = Buffer.from('a public key').toString('base64')
  const { values, secrets, byName } = await deployWithMocks(() => register({ kind: 'pgp', key: pgp }))
  expect(byName(keyName).inputs).toEqual({ user: 'bot', pgpKey: pgp })
  // For another recipient it is another key, and a user may have two already.
  expect(byName(keyName).deleteBeforeReplace).toBe(true)
  expect(values['encryptedSecretAccessKeys']).toEqual({ bot: `PGP of ${keyName}` })
  expect(values['secretAccessKeys']).toEqual({})
  expect(secrets).toEqual(['secretAccessKeys'])
})

test('a recipient that is none is refused before there is a key', async () => {
  const plan = planFor({ kind: 'age', key: `age1${'q'.repeat(58)}` })
  const key = plan.resources.find((one) => one.type === 'iam.AccessKey')
  if (key === undefined) throw new Error('the plan has no key')
  const alone = { ...plan, resources: [{ ...key, dependsOn: [] }] }
  const { message } = await refusal(() => registerPlan(alone, { name: 'tiny', parent: new Unregistered() }))
  expect(message).toMatch(/access key of "bot" cannot be encrypted to "age1q[^]*Try: [^]*age-keygen/)
})

test('during a rotation both keys are there, and outputs mean the later one by the name of the member', async () => {
  const plan = planFor(undefined, {
    accessKeys: {
      bot: [
        { generation: 1, status: 'inactive' },
        { generation: 2, status: 'active' },
      ],
    },
    revocations: {},
  })
  const { values, byName } = await deployWithMocks(() => {
    const parent = new pulumi.ComponentResource('test:index:Parent', 'parent')
    const first = new pulumi.Stash('first', { input: 1 }, { parent })
    return { ...registerPlan(plan, { name: 'tiny', parent, after: [first] }) }
  })
  expect(byName(keyName).inputs).toEqual({ user: 'bot', status: 'Inactive' })
  expect(byName(`${keyName}-2`).inputs).toEqual({ user: 'bot' })
  expect(values['accessKeyIds']).toEqual({ 'bot/1': `id of ${keyName}`, bot: `id of ${keyName}-2` })
  expect(values['secretAccessKeys']).toEqual({
    'bot/1': `secret of ${keyName}`,
    bot: `secret of ${keyName}-2`,
  })
  const waiting = [keyName, `${keyName}-2`, 'tiny/member/bot/user'].map((name) => byName(name).dependencies)
  for (const dependencies of waiting) expect(dependencies).toContain(byName('first').urn)
})

/** A parent that the mocks are not asked for. */
class Unregistered extends pulumi.DependencyResource {
  constructor() {
    super('urn:pulumi:stack::project::test:index:Parent::parent')
  }
}
