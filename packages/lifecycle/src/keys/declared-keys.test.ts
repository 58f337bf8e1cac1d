import { readDeclaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { declaredKeys } from './declared-keys.js'

const declared = (name: string) => {
  const read = readDeclaration({
    file: 'ringfence.ts',
    nowMs: Date.UTC(2030, 0, 1),
    value: {
      organization: 'acme',
      account: '111122223333',
      region: 'eu-west-1',
      administrators: ['role/platform-admin'],
      members: { [name]: { kind: 'service', keys: { until: '2035-01-31', deliver: 'secretsManager' } } },
      datasets: { raw: {} },
      grants: [{ to: name, can: 'read', on: 'raw' }],
    },
  })
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
  return read.value
}
const kept = {
  accessKeys: {
    bot: [
      { generation: 1, status: 'active' },
      { generation: 2, status: 'active' },
    ],
  },
  revocations: {},
} as const
const urn = (type: string, name: string) =>
  `urn:pulumi:dev::ringfence-acme::x$${type}::acme/member/bot/${name}`
const key = (name: string): RecordedResource => {
  const type = 'aws:iam/accessKey:AccessKey'
  return { urn: urn(type, name), type, id: `AKIA-${name}` }
}
const version = (of: string, more: Partial<RecordedResource> = {}): RecordedResource => {
  const type = 'aws:secretsmanager/secretVersion:SecretVersion'
  const policy = urn('aws:secretsmanager/secretPolicy:SecretPolicy', 'secret-policy')
  return { urn: urn(type, 'secret-version'), type, dependencies: [policy, key(of).urn], ...more }
}

const created = '2030-03-01T00:00:00Z'
test.each([
  ['the new one', [version('access-key-2', { created })], [undefined, Date.parse(created)]],
  ['the old one still', [version('access-key', { created })], [Date.parse(created), undefined]],
  [
    'the new one, whose predecessor is still to be deleted',
    [version('access-key-2', { created }), version('access-key', { delete: true })],
    [undefined, Date.parse(created)],
  ],
  ['one of which the state does not tell since when', [version('access-key-2')], [undefined, 0]],
  ['none', [], [undefined, undefined]],
])('the secret says %s', (_which, versions, delivered) => {
  const resources = [key('access-key'), key('access-key-2'), ...versions]
  const [bot] = declaredKeys({ declaration: declared('bot'), kept, resources }, [])
  expect(bot?.keys.map(({ deliveredMs }) => deliveredMs)).toEqual(delivered)
})

test('of whom nothing is kept, as they may be called, there is the first key', () => {
  const [of] = declaredKeys({ declaration: declared('constructor'), kept, resources: [] }, [])
  expect(of?.keys.map(({ generation }) => generation)).toEqual([1])
})
