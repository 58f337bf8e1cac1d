import type { StackState } from '@ringfence/pulumi/deploy'
import { expect, it } from 'vitest'
import { targetOfInterrupted } from './interrupted-target.js'
import type { Target } from './target.js'

const endpoint = 'http://127.0.0.1:4566'
const target: Target = {
  account: { region: 'eu-west-1', endpoint },
  program: {},
  env: {},
  close: async () => {},
}

/** Something of these types was being made, each by a provider of its own. */
function stateOf(...types: readonly string[]): StackState {
  const providers = types.map((type, index) => ({
    urn: `urn:pulumi:dev::p::pulumi:providers:aws::of ${type}`,
    type: 'pulumi:providers:aws',
    id: `id-${index}`,
    inputs: { region: `region of ${type}`, profile: `profile of ${type}` },
  }))
  // One that another has replaced is there under the same name.
  const replaced = providers.map((one) => Object.assign({}, one, { id: 'old', inputs: { region: 'old' } }))
  const pending = providers.map(({ id, urn }, index) => {
    const type = types[index] ?? ''
    return { type: 'creating' as const, resource: { urn: type, type, provider: `${urn}::${id}` } }
  })
  return {
    version: 3,
    deployment: { resources: [...replaced, ...providers], pending_operations: pending },
  }
}

const group = 'aws:identitystore/group:Group'
const assignment = 'aws:ssoadmin/accountAssignment:AccountAssignment'
const guardrail = 'aws:organizations/policy:Policy'

it.each([
  [group, 'identityCenter'],
  [assignment, 'identityCenter'],
  [guardrail, 'management'],
] as const)('a file that has no such thing any more, and %s: it is reached as it was', (type, account) => {
  expect(targetOfInterrupted(target, stateOf('aws:iam/user:User', type))).toEqual({
    ...target,
    [account]: { region: `region of ${type}`, profile: `profile of ${type}`, endpoint },
  })
})

it('what the command reaches by itself stays, and so does a target beyond which nothing was being made', () => {
  const whole = { ...target, management: { region: 'm' }, identityCenter: { region: 'c' } }
  expect(targetOfInterrupted(whole, stateOf(group, guardrail))).toEqual(whole)
  expect(targetOfInterrupted(target, stateOf('aws:iam/user:User'))).toEqual(target)
})

it('the embedded AWS, whose profiles Pulumi alone knows, is reached by the credentials of its management account', () => {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
  const local = { ...target, management: { region: 'eu-west-1', endpoint, credentials } }
  expect(targetOfInterrupted(local, stateOf(group))).toEqual({
    ...local,
    identityCenter: { region: `region of ${group}`, endpoint, credentials },
  })
})
