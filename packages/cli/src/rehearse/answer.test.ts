import { AwsError } from '@ringfence/local'
import { describe, expect, it } from 'vitest'
import { asDeclared, readAnswer, readSignIn } from './answer.js'
import type { Probe } from './probe.js'

const probe: Probe = {
  actor: { kind: 'anonymous' },
  stage: 'data',
  description: 'get x',
  service: 's3',
  operation: 'GetObject',
  input: {},
  transport: 'tls',
  atMs: 0,
  expectation: { expected: 'denied', because: [], reason: 'nobody may' },
}

function sdkError(name: string, httpStatusCode = 403): Error {
  return Object.assign(new Error('no'), { name, $metadata: { httpStatusCode, requestId: 'r1' } })
}

describe('readAnswer', () => {
  it.each([
    ['AccessDenied', 'denied'],
    ['AccessDeniedException', 'denied'],
    ['MissingAuthenticationToken', 'denied'],
    ['NoSuchBucket', 'failed'],
    ['SignatureDoesNotMatch', 'failed'],
    ['ExpiredToken', 'failed'],
    ['InternalError', 'failed'],
    ['ModelError', 'failed'],
    ['AccessControlListNotSupported', 'failed'],
  ])('takes %s for %s', (code, outcome) => {
    expect(readAnswer(probe, { error: sdkError(code) })).toMatchObject({ outcome, code, requestId: 'r1' })
  })

  it('takes the codes that a probe names for refusals, and those past authorization for let in', () => {
    const named: Probe = {
      ...probe,
      refusals: ['AccessControlListNotSupported'],
      pastAuthorization: ['ModelError'],
    }
    expect(readAnswer(named, { error: sdkError('AccessControlListNotSupported', 400) }).outcome).toBe(
      'denied',
    )
    expect(readAnswer(named, { error: sdkError('ModelError', 424) }).outcome).toBe('allowed')
  })

  it('reads the local AWS’s own errors by their code', () => {
    expect(readAnswer(probe, { error: new AwsError('AccessDenied', 'no', 403) }).outcome).toBe('denied')
  })

  it('takes broken connections for failed', () => {
    const error = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    expect(readAnswer(probe, { error })).toMatchObject({ outcome: 'failed', code: 'ECONNREFUSED' })
  })

  it('takes every output for allowed', () => {
    const output = { $metadata: { httpStatusCode: 200, requestId: 'r2' } }
    expect(readAnswer(probe, { output })).toEqual({ outcome: 'allowed', httpStatus: 200, requestId: 'r2' })
  })
})

describe('readSignIn', () => {
  it('never takes a lack of credentials for a refusal, but after a declared end', () => {
    const refused = sdkError('AccessDenied')
    expect(readSignIn(probe, refused)).toMatchObject({ outcome: 'failed', message: 'could not sign in: no' })
    expect(readSignIn({ ...probe, stage: 'later' }, refused).outcome).toBe('denied')
    expect(readSignIn({ ...probe, stage: 'later' }, sdkError('NoSuchEntity')).outcome).toBe('failed')
  })
})

describe('asDeclared', () => {
  it('takes a failure for a surprise whatever was declared', () => {
    const failed = { outcome: 'failed', code: 'NoSuchBucket' } as const
    const allowing: Probe = { ...probe, expectation: { ...probe.expectation, expected: 'allowed' } }
    expect([asDeclared(probe, failed), asDeclared(allowing, failed)]).toEqual([false, false])
    expect(asDeclared(probe, { outcome: 'denied' })).toBe(true)
    expect(asDeclared(allowing, { outcome: 'denied' })).toBe(false)
  })
})
