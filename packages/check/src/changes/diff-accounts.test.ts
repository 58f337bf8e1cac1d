import { authorize, compileLayers, loadActionCatalogue, type AuthorizationRequest } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { Account } from '../account/account.js'
import { accountOfPlan } from '../account/account-of-plan.js'
import { layersOf } from '../account/layers-of.js'
import { exampleText, planOf } from '../account/plan.fixture.js'
import { accountId, accountWith, document } from '../answers/account.fixture.js'
import { diffAccounts, type AccessChangeProved } from './diff-accounts.js'

const options = { catalogue: await loadActionCatalogue(), nowMs: Date.UTC(2026, 10, 22) }
const diff = (older: Account, newer: Account): readonly AccessChangeProved[] => [
  ...diffAccounts({ account: older }, { account: newer }, options),
]

/** `ada gains read data: under raw/`. */
const told = (changes: readonly AccessChangeProved[]): readonly string[] =>
  changes.map(({ can, change, difference, on, who }) => {
    const when =
      difference.found === 'unknown'
        ? 'unknown'
        : difference.ways.map(({ limits }) => limits.join(', ')).join('; or ')
    return `${who} ${change} ${can} ${on}: ${when}`
  })

const read = (Resource: string, rest: object = {}): object => ({ Action: 's3:GetObject', Resource, ...rest })
const raw = read('arn:aws:s3:::data/raw/*')

describe('diffAccounts', () => {
  const allow = accountWith([document(raw)])

  it('finds nothing where nothing changed in effect', () => {
    expect(diff(allow, structuredClone(allow))).toEqual([])
    // The same in two statements, and a Deny of what nobody has.
    const split = accountWith([
      document(read('arn:aws:s3:::data/raw/a*'), { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }),
      document(raw),
    ])
    expect(diff(allow, split)).toEqual([])
    expect(diff(split, allow)).toEqual([])
  })

  it.each([
    ['a wider prefix', accountWith([document(read('arn:aws:s3:::data/*'))]), ['user ada gains read data: ']],
    [
      'another prefix',
      accountWith([document(read('arn:aws:s3:::data/x/*'))]),
      ['user ada gains read data: under x/', 'user ada loses read data: under raw/'],
    ],
    [
      'the slash forgotten',
      accountWith([document(read('arn:aws:s3:::data/raw*'))]),
      ['user ada gains read data: on raw*'],
    ],
    ['nothing left', accountWith([]), ['user ada loses read data: under raw/']],
    [
      'a Deny',
      accountWith([document(raw, read('arn:aws:s3:::data/raw/secret/*', { Effect: 'Deny' }))]),
      ['user ada loses read data: under raw/'],
    ],
    [
      'a policy that is not known',
      accountWith([document(raw)], { unknownPolicy: true }),
      expect.arrayContaining(['user ada gains read data: unknown']),
    ],
    [
      'a role to pass',
      accountWith([document(raw, { Action: 'iam:PassRole', Resource: `arn:aws:iam::${accountId}:role/x` })]),
      [`user ada gains iam:PassRole arn:aws:iam::${accountId}:role/x: `],
    ],
  ])('tells %s', (_, newer, expected) => {
    expect(told(diff(allow, newer))).toEqual(expected)
  })

  it('tells that a bucket becomes reachable for others', () => {
    const open = accountWith([document(raw)], {
      bucket: document({ ...read('arn:aws:s3:::data/pub/*'), Principal: '*' }),
    })
    const changes = told(diff(allow, open))
    expect(changes).toContain('user ada gains read data: under pub/')
    expect(changes).toContain('anybody, without credentials gains read data: under pub/')
    expect(changes).toContain('a user of another account gains read data: under pub/')
    expect(told(diff(open, allow))).toContain('anybody, without credentials loses read data: under pub/')
  })

  it('tells who may sign in as a role from now on', () => {
    const text = exampleText('acme-ai')
    const older = accountOfPlan(planOf(text).plan)
    const newer = accountOfPlan(
      planOf(
        text.replace('[susan, hedy, model-gateway]', '[susan, model-gateway]').replace(/\n {2}hedy: .*/, ''),
      ).plan,
    )
    expect(told(diff(older, newer)).filter((one) => one.includes('sign in as'))).toEqual([
      'somebody whom an identity provider signs in loses sign in as the role of team product: ' +
        'where SAML:aud is https://signin.aws.amazon.com/saml, where SAML:sub is hedy@acme.example or susan@acme.example',
    ])
  }, 60_000)

  it('tells who is new and who is gone', () => {
    const { users, ...rest } = allow
    const nobody = { ...rest, users: [] }
    expect(told(diff(nobody, allow))).toEqual(['user ada gains read data: under raw/'])
    expect(told(diff(allow, nobody))).toEqual(['user ada loses read data: under raw/'])
    expect(users).toHaveLength(1)
  })

  it('replays: each example is allowed by the one side and not by the other', () => {
    const text = exampleText('acme-ai')
    const edits = [
      ['under: consented/\n', 'under: raw/\n'],
      ['until: 2035-03-31', 'until: 2036-03-31'],
      ['can: read, on: user-data-b', 'can: [read, write], on: user-data-b'],
      ['[joy, timnit, nightly-eval]', '[joy, timnit, nightly-eval, mary]'],
    ] as const
    const older = accountOfPlan(planOf(text).plan)
    let replayed = 0
    for (const [from, to] of edits) {
      const newer = accountOfPlan(planOf(text.replace(from, to)).plan)
      for (const { change, difference, on, principal } of diff(older, newer)) {
        if (difference.found !== 'some') throw new Error(difference.reasons.join())
        const allows = (account: Account): boolean => allowed(account, principal, on, difference.example)
        expect([allows(newer), allows(older)]).toEqual(change === 'gains' ? [true, false] : [false, true])
        replayed++
      }
    }
    expect(replayed).toBeGreaterThan(10)
  }, 120_000)
})

function allowed(
  account: Account,
  arn: string | undefined,
  on: string,
  request: AuthorizationRequest,
): boolean {
  const principal = [...account.users, ...account.roles].find((one) => one.arn === arn)
  if (!principal) return false
  const isKey = on.startsWith('the key of ')
  const name = on.replace('the key of ', '').replace('models/', '')
  const resource = account.resources.find(
    ({ declared, kind }) => declared?.endsWith(`/${name}`) === true && (kind === 'key') === isKey,
  )
  const { layers } = layersOf(account, principal, resource).question
  return authorize(request, compileLayers(layers)).decision === 'allow'
}
