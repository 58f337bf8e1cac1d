import { expect, test } from 'vitest'
import { redact } from './redact.js'

test.each([
  'PrivateKey',
  'AddPrivateKey',
  'SecretAccessKey',
  'SessionToken',
  'NewPassword',
  'SSECustomerKey',
])('hides %s, at any depth', (name) => {
  expect(JSON.stringify(redact({ [name]: 'hush', Inner: [{ [name]: 'hush' }] }))).not.toContain('hush')
})
