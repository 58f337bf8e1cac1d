import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { compareFacts, declaredFacts } from '@ringfence/lifecycle'
import { expect, test } from 'vitest'
import { readSecrets } from './read-secrets.js'
import { scopeOf } from './scope.js'

const text = `
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } } }
datasets: { raw: {} }
grants: [{ to: bot, can: read, on: raw }]
`

/** Answers as AWS does of settings that the local AWS does not have. */
class Answering extends SecretsManager {
  constructor(private readonly described: object) {
    super({ region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'none' } })
  }
  override send = (async (command: object) => {
    const name = command.constructor.name
    if (name === 'ListSecretsCommand') return { SecretList: [] }
    return name === 'DescribeSecretCommand' ? this.described : {}
  }) as unknown as SecretsManager['send']
}

test.each([
  ['rotation', { RotationEnabled: true, RotationLambdaARN: 'arn:aws:lambda:…' }, undefined],
  ['encryption', { KmsKeyId: 'alias/mine' }, undefined],
  ['replication', { ReplicationStatus: [{ Region: 'us-west-2', Status: 'InSync' }] }, 'us-west-2'],
])('%s of a secret that nobody declared is drift', async (aspect, described, name) => {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 0, 1) })
  const plan = declaration.ok ? buildPlan(declaration.value) : declaration
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics))
  const declared = declaredFacts(plan.value, new Map())
  const scope = scopeOf(plan.value, declared)
  const aspectsOf = async (more: object) => {
    const { facts } = await readSecrets(new Answering({ ARN: 'arn', RotationEnabled: false, ...more }), scope)
    return compareFacts({ declared, recorded: declared, found: facts })
      .filter(({ change, thing }) => change === 'undeclared' && thing.startsWith('secret/'))
      .map((one) => [one.aspect, one.name])
  }
  expect(await aspectsOf({})).toEqual([])
  expect(await aspectsOf(described)).toEqual([[aspect, name]])
})
