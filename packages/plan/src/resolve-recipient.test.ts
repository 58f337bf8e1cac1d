import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAgeRecipient } from './age-recipient.js'
import { buildPlan, declarationJsonSchema, parseDeclaration, readDeclaration } from './index.js'
import { inspectPgpKey } from './pgp-key.js'

/** Made by age's own generator and by GnuPG (Ed25519 with a Curve25519 subkey); the secret keys are thrown away. */
const age = 'age1737m4wcvacfcysrq9rfys4qhff73e2drs5zks0tayevujng4gyjs3ntfvn'
const pgp =
  'mDMEawNQphYJKwYBBAHaRw8BAQdAS+l3EwDAMoPFZ5+nEN9eobAnG4OZ5kwKSiGpb6fLUce0EGFkYUBhY21lLmV4YW1wbGWIkAQTFggAOBYhBKlzGUS4D/Dedus3Os8vVcUAlbX2BQJrA1CmAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEM8vVcUAlbX2quoBANhDM+LIA/+XJ0VWzTLwbicpElu3geBcZDG4T4Aw2HtnAQCFq/1IROt+0kypE8FRFow7959ds3Ayn71XukgVI5tjB7g4BGsDUKYSCisGAQQBl1UBBQEBB0DUCOHmMWwVvIKuAeT9kw8ICd7DQZC9tnlRRgdPbn+8NQMBCAeIeAQYFggAIBYhBKlzGUS4D/Dedus3Os8vVcUAlbX2BQJrA1CmAhsMAAoJEM8vVcUAlbX21OEBAJnY2WKcYBviBD501hTsSdfKbk6j8nfBPQTmOc+mrpMlAP4xk1AqwYM4f59lGsn45SC1N4dQwOSgbJCLwR25P4+gAA=='
/** The key without its subkey: by Ed25519 one can only sign. */
const signingPgp = Buffer.from(pgp, 'base64').subarray(0, 217).toString('base64')
/** The same packets, of which the first claims to be a secret key, or the subkey to be a secret subkey. */
const secretPgp = pgp.replace(/^mDME/, 'lDME')
const secretSubkey = changeByte(pgp, (byte, at) => (at > 0 && byte === 0xb8 ? 0x9c : byte))

function changeByte(base64: string, change: (byte: number, at: number) => number): string {
  return Buffer.from([...Buffer.from(base64, 'base64')].map(change)).toString('base64')
}

function read(keys: string) {
  const text = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members: { bot: { kind: service, keys: { until: 2035-01-31, ${keys} } } }
teams: { t: [bot] }
datasets: { d: {} }
grants: [{ to: t, can: read, on: d }]
`
  return parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })
}

describe('recipients', () => {
  test.each([
    [`age: ${age}`, { kind: 'age', key: age }],
    [`pgp: ${pgp}`, { kind: 'pgp', key: pgp }],
  ])('%s is who the plan encrypts the secret to', (keys, encryptTo) => {
    const declaration = read(keys)
    expect(declaration.diagnostics).toEqual([])
    const plan = declaration.ok ? buildPlan(declaration.value) : declaration
    if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics))
    const key = plan.value.resources.find((one) => one.type === 'iam.AccessKey')
    expect(key).toMatchObject({ user: 'bot', until: '2035-02-01T00:00:00Z', encryptTo })
  })

  test.each([
    ['age: age1abc', 'KEY_RECIPIENT_INVALID', 'is not a recipient of age'],
    [`age: ${age.replace('737', '773')}`, 'KEY_RECIPIENT_INVALID', 'its checksum is wrong'],
    ['age: ssh-ed25519 AAAA', 'KEY_RECIPIENT_INVALID', 'is not a recipient of age'],
    [`age: ${age}, pgp: ${pgp}`, 'KEY_RECIPIENT_INVALID', 'either to "age" or to "pgp"'],
    [`age: ${age}, deliver: secretsManager`, 'KEY_DELIVERY_INVALID', 'or encrypted to "age", not both'],
    [`deliver: secretsManager, pgp: ${pgp}`, 'KEY_DELIVERY_INVALID', 'or encrypted to "pgp", not both'],
    ['deliver: secretManager', 'VALUE_UNKNOWN', 'secretManager'],
    ['pgp: "keybase:ada"', 'KEY_RECIPIENT_INVALID', 'is not an OpenPGP public key'],
    [`pgp: ${pgp.slice(0, 200)}`, 'KEY_RECIPIENT_INVALID', 'is not an OpenPGP public key'],
    ['pgp: "-----BEGIN PGP PUBLIC KEY BLOCK-----"', 'KEY_RECIPIENT_INVALID', 'is not an OpenPGP public key'],
    [`pgp: ${signingPgp}`, 'KEY_RECIPIENT_INVALID', 'can only sign'],
    [`pgp: ${secretPgp}`, 'SECRET_IN_FILE', 'a private key'],
    [`pgp: ${secretPgp.slice(0, 120)}`, 'SECRET_IN_FILE', 'a private key'],
    [`pgp: ${secretSubkey}`, 'SECRET_IN_FILE', 'holds secret material'],
    ['pgp: "-----BEGIN PGP PRIVATE KEY BLOCK-----"', 'SECRET_IN_FILE', 'a private key'],
    [`pgp: ${btoa('-----BEGIN PGP PRIVATE KEY BLOCK-----')}`, 'SECRET_IN_FILE', 'a private key'],
    [`age: AGE-SECRET-KEY-1${'Q'.repeat(58)}`, 'SECRET_IN_FILE', 'a private key'],
  ])('%s is refused', (keys, code, message) => {
    const { ok, diagnostics } = read(keys)
    expect(ok).toBe(false)
    const found = diagnostics.find((one) => one.code === code)
    expect(found?.message).toContain(message)
    if (code !== 'SECRET_IN_FILE') return
    for (const one of diagnostics) expect(one.sensitive).toBe(true)
    const secret = keys.replace(/^\w+: "?/, '').slice(0, 40)
    expect(JSON.stringify(diagnostics)).not.toContain(secret)
  })

  test('a secret key is found in a value of a program and in a comment too', () => {
    const value = { organization: 'acme', members: { bot: { keys: { pgp: secretPgp } } } }
    const fromValue = readDeclaration({ file: 'ringfence.ts', value, nowMs: 0 })
    expect(fromValue.diagnostics.map((one) => one.code)).toContain('SECRET_IN_FILE')
    const commented = parseDeclaration({ file: 'ringfence.yaml', text: `# ${secretPgp}\na: b\n`, nowMs: 0 })
    expect(commented.diagnostics.map((one) => one.code)).toContain('SECRET_IN_FILE')
  })

  test('editors know both', () => {
    expect(JSON.stringify(declarationJsonSchema())).toMatch(/"until":\{.*"age":\{.*"pgp":\{/)
  })
})

test('a slip of one character or two in a recipient of age is always seen', () => {
  expect(isAgeRecipient(age)).toBe(true)
  const at = fc.integer({ min: 4, max: age.length - 1 })
  const character = fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l')
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(at, character), { minLength: 1, maxLength: 2 }), (slips) => {
      const slipped = [...age]
      for (const [index, other] of slips) slipped[index] = other
      expect(isAgeRecipient(slipped.join(''))).toBe(slipped.join('') === age)
    }),
  )
})

test('whatever is cut off or appended, a key is public only whole', () => {
  expect(inspectPgpKey(pgp)).toBe('public')
  const bytes = Buffer.from(pgp, 'base64')
  for (let length = 0; length < bytes.length; length += 1) {
    const cut = inspectPgpKey(bytes.subarray(0, length).toString('base64'))
    // Between two packets a part is a key as well, though of no use.
    if (cut !== 'broken') expect(packetEnds(bytes)).toContain(length)
  }
  expect(inspectPgpKey(secretSubkey)).toBe('secret')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (tail) => {
      const longer = Buffer.concat([bytes, Buffer.from(tail)]).toString('base64')
      expect(['public', 'secret', 'broken']).toContain(inspectPgpKey(longer))
    }),
  )
})

/** All packets of this key are in the old format with a length of one byte. */
function packetEnds(bytes: Buffer): number[] {
  const ends: number[] = []
  for (let at = 0; at < bytes.length; at = ends.at(-1) ?? 0) ends.push(at + 2 + (bytes[at + 1] ?? 0))
  return ends
}
