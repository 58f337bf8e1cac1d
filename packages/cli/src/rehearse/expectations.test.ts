import { parseDeclaration, type Declaration } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import type { Actor } from './actor.js'
import { both, createExpectations } from './expectations.js'

const NOW = Date.UTC(2026, 0, 1)
const text = `
organization: acme
account: "111122223333"
region: eu-west-1
identityProvider: { saml: acme-sso }
administrators: [role/platform-admin]
members:
  ada: {}
  alan: { until: 2026-02-01T00:00:00Z }
  susan: { email: susan@acme.example, signIn: federation }
  bot: { kind: service, keys: { until: 2026-03-01T00:00:00Z } }
teams:
  research: [ada, alan, susan]
  product: [susan]
  interns: { members: [ada, susan], until: 2026-04-01T00:00:00Z }
datasets:
  corpus: {}
  logs: {}
models:
  chat: {}
platforms:
  training: { kind: sagemaker, reads: [{ on: corpus, under: raw/ }], writes: [chat] }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/, until: 2026-06-01T00:00:00Z }
  - { to: research, can: train, on: training }
  - { to: product, can: [deploy, invoke], on: training }
  - { to: ada, can: [read, delete], on: logs }
  - { to: bot, can: read, on: logs }
  - { to: interns, can: read, on: chat }
`
const declaration = declare(text)
const expectations = createExpectations(declaration)
const corpus = { kind: 'dataset', name: 'corpus' } as const
const logs = { kind: 'dataset', name: 'logs' } as const
const chat = { kind: 'model', name: 'chat' } as const
const ada: Actor = { kind: 'member', name: 'ada', signIn: 'user' }
const alan: Actor = { kind: 'member', name: 'alan', signIn: 'user' }
const bot: Actor = { kind: 'member', name: 'bot', signIn: 'user' }
const susan = (team: string): Actor => ({ kind: 'member', name: 'susan', signIn: 'federation', team })
const training: Actor = { kind: 'platform', name: 'training' }
const outsiders: readonly Actor[] = [
  { kind: 'administrator', principal: 'role', name: 'platform-admin' },
  { kind: 'undeclared', name: 'mallory' },
  { kind: 'stranger', account: '999988887777', name: 'stranger' },
  { kind: 'anonymous' },
]

function declare(yaml: string): Declaration {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text: yaml, nowMs: NOW })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  return parsed.value
}

describe('mayOnStore', () => {
  it.each([
    ['inside the prefix', ada, 'read', corpus, 'raw/x', NOW, 'allowed'],
    ['outside of it', ada, 'read', corpus, 'clean/x', NOW, 'denied'],
    ['in a neighbour that begins alike', ada, 'read', corpus, 'raw-beside/x', NOW, 'denied'],
    ['the prefix without its slash', ada, 'read', corpus, 'raw', NOW, 'denied'],
    ['write by the same grant', ada, 'write', corpus, 'raw/x', NOW, 'allowed'],
    ['delete is not part of write', ada, 'delete', corpus, 'raw/x', NOW, 'denied'],
    ['a grant of the member itself', ada, 'delete', logs, 'x', NOW, 'allowed'],
    ['a store without a grant to do so', ada, 'write', chat, 'x', NOW, 'denied'],
    ['up to the end', ada, 'read', corpus, 'raw/x', Date.UTC(2026, 5, 1) - 1, 'allowed'],
    ['at the end', ada, 'read', corpus, 'raw/x', Date.UTC(2026, 5, 1), 'denied'],
    ['what has no end', ada, 'read', logs, 'x', Date.UTC(2036, 0, 1), 'allowed'],
    ['the end of a member', alan, 'read', corpus, 'raw/x', Date.UTC(2026, 1, 1), 'denied'],
    ['before the end of a member', alan, 'read', corpus, 'raw/x', NOW, 'allowed'],
    ['the end of the only key', bot, 'read', logs, 'x', Date.UTC(2026, 2, 1), 'denied'],
    ['before the end of the only key', bot, 'read', logs, 'x', NOW, 'allowed'],
    ['before the end of the team', ada, 'read', chat, 'x', Date.UTC(2026, 3, 1) - 1, 'allowed'],
    ['the end of the team', ada, 'read', chat, 'x', Date.UTC(2026, 3, 1), 'denied'],
    [
      'signed in to a team that has ended',
      susan('interns'),
      'read',
      chat,
      'x',
      Date.UTC(2026, 3, 1),
      'denied',
    ],
    ['another team after that', ada, 'read', corpus, 'raw/x', Date.UTC(2026, 3, 1), 'allowed'],
    ['signed in to the team', susan('research'), 'read', corpus, 'raw/x', NOW, 'allowed'],
    ['signed in to another team', susan('product'), 'read', corpus, 'raw/x', NOW, 'denied'],
    ['a platform where it reads', training, 'read', corpus, 'raw/x', NOW, 'allowed'],
    ['a platform beside where it reads', training, 'read', corpus, 'x', NOW, 'denied'],
    ['a platform where it writes', training, 'write', chat, 'x', NOW, 'allowed'],
    ['writing is not reading', training, 'read', chat, 'x', NOW, 'denied'],
  ] as const)('%s', (_, actor, capability, store, key, atMs, expected) => {
    expect(expectations.mayOnStore(actor, capability, store, key, atMs).expected).toBe(expected)
  })

  it.each(outsiders.map((actor) => [actor.kind, actor] as const))('keeps %s from all data', (_, actor) => {
    for (const store of declaration.stores)
      for (const capability of ['read', 'write', 'delete'] as const)
        expect(expectations.mayOnStore(actor, capability, store, 'raw/x', NOW).expected).toBe('denied')
  })

  it('names the line of the grant, and for refusals also that of the store', () => {
    const granted = expectations.mayOnStore(ada, 'read', corpus, 'raw/x', NOW)
    const outside = expectations.mayOnStore(ada, 'read', corpus, 'x', NOW)
    expect(granted.because.map(({ line }) => line)).toEqual([24])
    expect(outside.because.map(({ line }) => line)).toEqual([24, 17])
  })
})

describe('mayList', () => {
  it.each([
    ['the prefix', 'raw/', 'allowed'],
    ['deeper', 'raw/2025/', 'allowed'],
    ['everything', '', 'denied'],
    ['a shorter prefix', 'ra', 'denied'],
    ['the prefix without its slash, which lists neighbours too', 'raw', 'denied'],
  ] as const)('%s', (_, prefix, expected) => {
    expect(expectations.mayList(ada, corpus, prefix, NOW).expected).toBe(expected)
  })
})

describe('mayOnPlatform', () => {
  it.each([
    ['train as the own team', ada, 'train', 'research', 'allowed'],
    ['train as another team', ada, 'train', 'product', 'denied'],
    ['deploy without the grant', ada, 'deploy', 'research', 'denied'],
    ['deploy as the own team', susan('product'), 'deploy', 'product', 'allowed'],
    ['train when signed in to another team', susan('product'), 'train', 'research', 'denied'],
    ['train as a job itself', training, 'train', 'research', 'denied'],
  ] as const)('%s', (_, actor, capability, as, expected) => {
    expect(expectations.mayOnPlatform(actor, capability, 'training', as, NOW).expected).toBe(expected)
  })
})

describe('both', () => {
  it('is allowed only where each is', () => {
    const yes = expectations.mayOnStore(ada, 'read', corpus, 'raw/x', NOW)
    const no = expectations.mayOnStore(ada, 'write', logs, 'x', NOW)
    expect([both(yes, yes), both(yes, no), both(no, yes)].map(({ expected }) => expected)).toEqual([
      'allowed',
      'denied',
      'denied',
    ])
  })
})
