import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importAccount } from './import-account.js'
import { filesOf, folder, imported } from './input.fixture.js'

const goldens = new URL('../../goldens/import/', import.meta.url)
const existing = imported(folder('existing-account'))

describe('an account that was printed', () => {
  it.each(readdirSync(goldens))('is read as it was: %s', (name) => {
    const text = readFileSync(new URL(name, goldens), 'utf8')
    expect(imported([{ path: name, text }])).toEqual(JSON.parse(text))
  })

  it.each([
    ['another file beside it', { 'a.json': existing, 'b.json': {} }, 'b.json stands beside it'],
    ['a part that is not known', { 'a.json': { ...existing, owners: [] } }, 'Unrecognized key: "owners"'],
    ['a user without an ARN', { 'a.json': { ...existing, users: [{ kind: 'user' }] } }, 'users.0.name'],
    [
      'two default versions',
      {
        'a.json': {
          ...existing,
          managedPolicies: [
            {
              arn: 'arn:aws:iam::111122223333:policy/a',
              isAwsManaged: false,
              versions: ['v1', 'v2'].map((id) => ({ name: id, id, isDefault: true })),
            },
          ],
        },
      },
      'exactly one is the default',
    ],
  ])('is refused with %s', (_, files, message) => {
    const result = importAccount(filesOf(files))
    expect(result.ok).toBe(false)
    expect(result.diagnostics).toMatchObject([{ code: 'IMPORT_SHAPE_WRONG', severity: 'error' }])
    expect(result.diagnostics[0]!.message).toContain(message)
  })

  it('is of the account that is asked for', () => {
    expect(importAccount(filesOf({ 'a.json': existing }), { account: '999988887777' })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'IMPORT_ACCOUNT_MIXED' }],
    })
  })
})
