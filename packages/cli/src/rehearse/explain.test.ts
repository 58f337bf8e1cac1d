import type { Plan } from '@ringfence/plan'
import type { Decision } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import { explain, linesOfPlan } from './explain.js'
import type { Probe } from './probe.js'

const span = (line: number) => ({ file: 'ringfence.yaml', line, column: 1, endLine: line, endColumn: 9 })
const plan: Pick<Plan, 'statements'> = {
  statements: [
    { policy: 'arn:p', sid: 'Read', declaredAt: span(3) },
    { policy: 'arn:p', sid: 'Read', declaredAt: span(4) },
    { policy: 'arn:b', sid: 'TlsOnly', declaredAt: span(7) },
  ],
}
const lines = linesOfPlan(plan as Plan)
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
const asked = (action: string, decision: Decision) => ({
  principal: 'anonymous',
  action,
  resource: 'arn:aws:s3:::b/k',
  decision,
})
const allow: Decision = {
  decision: 'allow',
  statements: [{ layer: 'identity', policy: 'arn:p', index: 0, sid: 'Read', effect: 'Allow' }],
}
const explicitDeny: Decision = {
  decision: 'explicitDeny',
  statements: [{ layer: 'resource', policy: 'arn:b', index: 0, sid: 'TlsOnly', effect: 'Deny' }],
}
const implicitDeny: Decision = {
  decision: 'implicitDeny',
  statements: [],
  missing: 'identity',
  nearest: {
    layer: 'identity',
    policy: 'arn:p',
    index: 0,
    sid: 'Read',
    failed: {
      element: 'Condition',
      operator: 'StringLike',
      key: 's3:prefix',
      expected: ['a', 'b', 'c', 'd'],
      actual: ['x'],
    },
  },
}

describe('explain', () => {
  it('names every statement that let a request through, with all lines of the file', () => {
    const { decidedBy } = explain(
      probe,
      { outcome: 'allowed' },
      [asked('s3:GetObject', allow), asked('kms:Decrypt', allow)],
      lines,
    )
    expect(
      decidedBy.map(({ action, lines: [line] }) => [
        action,
        line?.sid,
        line?.declaredAt.map((place) => place.line),
      ]),
    ).toEqual([
      ['s3:GetObject', 'Read', [3, 4]],
      ['kms:Decrypt', 'Read', [3, 4]],
    ])
  })

  it('names only what refused where something did', () => {
    const { decidedBy } = explain(
      probe,
      { outcome: 'denied' },
      [asked('s3:GetObject', allow), asked('s3:PutObject', explicitDeny)],
      lines,
    )
    expect(decidedBy).toEqual([
      {
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::b/k',
        decision: 'explicitDeny',
        reasons: [
          'because of an explicit deny: statement TlsOnly of the resource policy arn:b denies s3:PutObject',
        ],
        lines: [{ policy: 'arn:b', sid: 'TlsOnly', declaredAt: [span(7)] }],
      },
    ])
  })

  it('tells the nearest statement of the layer that lacked an allow', () => {
    const { decidedBy } = explain(probe, { outcome: 'denied' }, [asked('s3:ListBucket', implicitDeny)], lines)
    expect(decidedBy[0]?.lines[0]?.sid).toBe('Read')
    expect(decidedBy[0]?.reasons).toHaveLength(2)
    expect(decidedBy[0]?.reasons.at(-1)).toContain('s3:prefix')
  })

  it('has nothing to tell where no permission was asked', () => {
    expect(explain(probe, { outcome: 'failed' }, undefined, lines).decidedBy).toEqual([])
  })
})
