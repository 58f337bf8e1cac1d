import { describe, expect, it } from 'vitest'
import { idFromArguments, repairPending } from './repair-pending.js'
import { outputsOf, secretsProviderOf, type StackState, withUncompared } from './stack-state.js'

const urn = (name: string) => `urn:pulumi:dev::p::aws:iam/user:User::${name}`
const user = (name: string, id?: string) => ({
  urn: urn(name),
  type: 'aws:iam/user:User',
  inputs: { name },
  ...(id === undefined ? {} : { id }),
})
const initErrors = ['ringfence has not compared it with AWS since an update was interrupted']
const byName = async ({ inputs }: { inputs?: Readonly<Record<string, unknown>> }) => String(inputs?.['name'])

describe('repairPending', () => {
  it('has nothing to do where nothing is open', async () => {
    expect(
      await repairPending({ version: 3, deployment: { resources: [user('a', 'a')] } }, byName),
    ).toBeUndefined()
    expect(
      await repairPending({ version: 3, deployment: { pending_operations: [] } }, byName),
    ).toBeUndefined()
  })

  it('takes in what was being created, and looks at what was being changed or deleted', async () => {
    const manifest = { time: '2026-01-01T00:00:00Z' }
    const state: StackState = {
      version: 3,
      deployment: {
        manifest,
        resources: [user('a', 'a'), user('b', 'b')],
        pending_operations: [
          { type: 'updating', resource: user('a', 'a') },
          { type: 'creating', resource: user('c') },
          { type: 'deleting', resource: user('b', 'b') },
          { type: 'deleting', resource: user('gone', 'gone') },
        ],
      },
    }
    const repaired = await repairPending(state, byName)
    expect(repaired?.urns).toEqual([urn('a'), urn('c'), urn('b')])
    expect(repaired?.operations).toHaveLength(4)
    expect(repaired?.state).toEqual({
      version: 3,
      deployment: {
        manifest,
        resources: [
          { ...user('a', 'a'), initErrors },
          { ...user('b', 'b'), initErrors },
          { ...user('c', 'c'), outputs: { name: 'c' }, initErrors },
        ],
      },
    })
  })

  it('looks again at what it did not get to compare, and at nothing once that is done', async () => {
    const other = { ...user('other', 'other'), initErrors: ['it is slow'] }
    const resources = [user('a', 'a'), { ...user('b', 'b'), initErrors }, other]
    const state: StackState = { version: 3, deployment: { resources } }
    expect(await repairPending(state, byName)).toEqual({
      state,
      urns: [urn('b')],
      operations: [{ type: 'updating', resource: { ...user('b', 'b'), initErrors } }],
    })
    const compared = withUncompared(state, [])
    expect(compared.deployment.resources).toEqual([user('a', 'a'), user('b', 'b'), other])
    expect(await repairPending(compared, byName)).toBeUndefined()
    expect(withUncompared(compared, [])).toBe(compared)
  })

  it('drops a creation whose id nobody knows, and one that was to replace what is still there', async () => {
    const asked: string[] = []
    const repaired = await repairPending(
      {
        version: 3,
        deployment: {
          resources: [user('a', 'a')],
          pending_operations: [
            { type: 'creating', resource: user('a') },
            { type: 'creating', resource: user('new') },
          ],
        },
      },
      async (resource) => void asked.push(resource.urn),
    )
    // Whatever came of it is put in order, where it can be.
    expect(asked).toEqual([urn('a'), urn('new')])
    expect(repaired?.urns).toEqual([])
    expect(repaired?.state.deployment).toEqual({ resources: [user('a', 'a')] })
  })
})

describe('idFromArguments', () => {
  it.each([
    ['aws:s3/bucket:Bucket', { bucket: 'acme-raw' }, 'acme-raw'],
    ['aws:iam/role:Role', { name: 'acme-x' }, 'acme-x'],
    [
      'aws:iam/policy:Policy',
      { name: 'p', path: '/ringfence/acme/' },
      'arn:aws:iam::111122223333:policy/ringfence/acme/p',
    ],
    ['aws:iam/policy:Policy', { name: 'p' }, 'arn:aws:iam::111122223333:policy/p'],
    ['aws:iam/userPolicyAttachment:UserPolicyAttachment', { user: 'ada', policyArn: 'arn:p' }, 'ada/arn:p'],
    ['aws:iam/rolePolicyAttachment:RolePolicyAttachment', { role: 'acme-x' }, undefined],
    ['aws:iam/groupMembership:GroupMembership', { name: 'acme-x', users: ['ada'] }, 'acme-x'],
    [
      'aws:organizations/policyAttachment:PolicyAttachment',
      { policyId: 'p-1', targetId: '111122223333' },
      '111122223333:p-1',
    ],
    ['aws:organizations/policyAttachment:PolicyAttachment', { targetId: '111122223333' }, undefined],
    ['aws:kms/key:Key', { description: 'x' }, undefined],
    ['aws:iam/user:User', {}, undefined],
  ])('%s', (type, inputs, id) => {
    expect(idFromArguments({ urn: 'u', type, inputs }, '111122223333')).toBe(id)
  })
})

describe('a state', () => {
  const secret = {
    '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
    ciphertext: 'v1:x',
  }
  const state: StackState = {
    version: 3,
    deployment: {
      secrets_providers: { type: 'passphrase', state: {} },
      resources: [
        {
          urn: 's',
          type: 'pulumi:pulumi:Stack',
          outputs: { a: { b: 1 }, keys: secret, nested: { c: [secret] } },
        },
      ],
    },
  }

  it('gives outputs, and of a secret only that it is one', () => {
    expect(outputsOf(state)).toEqual({
      a: { secret: false, value: { b: 1 } },
      keys: { secret: true },
      nested: { secret: true },
    })
    expect(outputsOf({ version: 3, deployment: {} })).toEqual({})
  })

  it('names its secrets provider', () => {
    expect(secretsProviderOf(state)).toBe('passphrase')
    expect(secretsProviderOf({ version: 3, deployment: {} })).toBeUndefined()
    const url = 'awskms://alias/x?region=eu-west-1'
    expect(
      secretsProviderOf({ version: 3, deployment: { secrets_providers: { type: 'cloud', state: { url } } } }),
    ).toBe(url)
  })
})
