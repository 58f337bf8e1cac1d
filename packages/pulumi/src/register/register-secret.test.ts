import * as pulumi from '@pulumi/pulumi'
import type { Kept } from '@ringfence/plan'
import { buildPlan, nothingKept, readDeclaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { deployWithMocks } from '../mocks/mock-deployment.fixture.js'
import { registerPlan } from './register-plan.js'

const member = 'tiny/member/bot'

function register(kept: Kept = nothingKept) {
  const declared = readDeclaration({
    file: 'test',
    nowMs: Date.UTC(2026, 0, 1),
    value: {
      organization: 'tiny',
      account: '111122223333',
      region: 'eu-west-1',
      administrators: ['role/platform-admin'],
      members: { bot: { kind: 'service', keys: { until: '2035-01-31', deliver: 'secretsManager' } } },
      datasets: { corpus: {} },
      grants: [{ to: 'bot', can: 'read', on: 'corpus' }],
    },
  })
  const built = declared.ok ? buildPlan(declared.value, {}, kept) : declared
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const parent = new pulumi.ComponentResource('test:index:Parent', 'parent')
  return { ...registerPlan(built.value, { name: 'tiny', parent }) }
}

/** What is marked as a secret on its way to the provider. */
function revealed(value: unknown): string {
  return String((value as { readonly value: unknown }).value)
}

test('the value is a secret of the state, and no output has it', async () => {
  const { values, byName } = await deployWithMocks(() => register())
  expect(values['secretAccessKeys']).toEqual({})
  expect(values['accessKeyIds']).toEqual({ bot: `id of ${member}/access-key` })
  expect(values['keySecretNames']).toEqual({ bot: `ringfence/tiny/bot/access-key` })
  expect(byName(`${member}/secret`).inputs).toMatchObject({
    name: 'ringfence/tiny/bot/access-key',
    recoveryWindowInDays: 0,
  })
  const version = byName(`${member}/secret-version`)
  expect(version.secretOutputs).toContain('secretString')
  expect(JSON.parse(revealed(version.inputs['secretString']))).toEqual({
    Version: 1,
    AccessKeyId: `id of ${member}/access-key`,
    SecretAccessKey: `secret of ${member}/access-key`,
  })
  expect(byName(`${member}/secret-policy`).inputs).toMatchObject({ blockPublicPolicy: true })
})

test('during a rotation it is the latest key, under the name that it always had', async () => {
  const bot = [
    { generation: 1, status: 'active' },
    { generation: 2, status: 'active' },
  ] as const
  const { byName } = await deployWithMocks(() => register({ ...nothingKept, accessKeys: { bot } }))
  expect(revealed(byName(`${member}/secret-version`).inputs['secretString'])).toContain(
    `secret of ${member}/access-key-2`,
  )
})
