import { describe, expect, it } from 'vitest'
import { readAnswer } from './answer.js'
import { fromPlainError, toPlainError } from './client-messages.js'
import type { Probe } from './probe.js'

const probe: Probe = {
  actor: { kind: 'anonymous' },
  stage: 'data',
  description: '',
  service: 's3',
  operation: 'GetObject',
  input: {},
  transport: 'tls',
  atMs: 0,
  expectation: { expected: 'denied', because: [], reason: '' },
}

describe('errors between threads', () => {
  it.each([
    [
      'of the SDK',
      Object.assign(new Error('no'), {
        name: 'AccessDenied',
        $metadata: { httpStatusCode: 403, requestId: 'r1', attempts: 1 },
        $response: () => 'cannot be cloned',
      }),
    ],
    ['of a socket', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['that are none', 'text'],
  ])('%s are read as they were', (_, error) => {
    const passed = fromPlainError(structuredClone(toPlainError(error)))
    const before = readAnswer(probe, { error })
    expect(readAnswer(probe, { error: passed })).toEqual(
      error instanceof Error ? before : { ...before, code: 'Error' },
    )
  })
})
