import * as pulumi from '@pulumi/pulumi'
import { type Kept, nothingKept } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { deployWithMocks } from '../mocks/mock-deployment.fixture.js'
import { keptOf, registerKept } from './kept-stash.js'
import type { StackState } from './stack-state.js'

const kept: Kept = {
  accessKeys: { bot: [{ generation: 2, status: 'active' }] },
  revocations: { 'acme-research': '2030-05-01T12:00:00Z' },
}

const stateWith = (input: unknown): StackState => ({
  version: 3,
  deployment: {
    resources: [
      {
        urn: 'urn:pulumi:dev::ringfence-acme::pulumi:index:Stash::acme/member/kept',
        type: 'pulumi:index:Stash',
      },
      {
        urn: 'urn:pulumi:dev::ringfence-acme::x$pulumi:index:Stash::acme/kept',
        type: 'pulumi:index:Stash',
        inputs: { input },
      },
    ],
  },
})

test('is registered under a name of its own, in the clear, or not at all', async () => {
  const { registered, byName } = await deployWithMocks(async () => {
    const parent = new pulumi.ComponentResource('test:index:Parent', 'parent')
    await registerKept('acme', undefined, parent)
    await registerKept('acme', kept, parent)
    return {}
  })
  expect(byName('acme/kept')).toMatchObject({
    type: 'pulumi:index:Stash',
    parent: expect.stringContaining('::parent'),
    inputs: { input: kept },
    secretOutputs: [],
  })
  expect(registered.filter(({ type }) => type === 'pulumi:index:Stash')).toHaveLength(1)
})

test('is read from the state; a stack without it keeps nothing', () => {
  expect(keptOf(stateWith(kept), 'acme')).toEqual(kept)
  expect(keptOf(stateWith(kept), 'other')).toEqual(nothingKept)
  expect(keptOf({ version: 3, deployment: {} }, 'acme')).toEqual(nothingKept)
  expect(keptOf(undefined, 'acme')).toEqual(nothingKept)
})

test('what is not understood is refused, never ignored', () => {
  expect(() => keptOf(stateWith({ ...kept, later: {} }), 'acme')).toThrow(
    expect.objectContaining({ code: 'STATE_NOT_UNDERSTOOD' }),
  )
})

const key = (member: string, end: string, status?: string) => ({
  urn: `urn:pulumi:dev::ringfence-acme::x$aws:iam/accessKey:AccessKey::acme/member/${member}/access-key${end}`,
  type: 'aws:iam/accessKey:AccessKey',
  inputs: status === undefined ? {} : { status },
})

test('keys of a rotation that the state has are kept on when the note of them is gone, and a first key needs none', () => {
  const noted = stateWith(kept)
  const resources = [
    ...(noted.deployment.resources ?? []),
    key('constructor', '-3'),
    key('constructor', '-2', 'Inactive'),
    key('bot', '-3'),
    key('eve', ''),
  ]
  expect(keptOf({ ...noted, deployment: { resources } }, 'acme').accessKeys).toEqual({
    constructor: [
      { generation: 2, status: 'inactive' },
      { generation: 3, status: 'active' },
    ],
    bot: [{ generation: 2, status: 'active' }],
  })
})
