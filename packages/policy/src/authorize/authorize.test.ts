import { describe, expect, it } from 'vitest'
import { compileDocument, compilePolicy } from '../compile.js'
import type { RingfenceErrorCode } from '../codes.js'
import type { Layers, PolicyKind } from '../layers.js'
import type { AuthorizationRequest } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { authorize } from './authorize.js'
import { explainDecision } from './explain-decision.js'

const ADA = 'arn:aws:iam::111122223333:user/ada'
const READ: AuthorizationRequest = {
  principal: ADA,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::data/raw/x',
}

function policy(kind: PolicyKind, ...statements: unknown[]) {
  return compileDocument({ Version: '2012-10-17', Statement: statements }, { kind, name: `${kind}-policy` })
}
const allowRaw = policy('identity', {
  Sid: 'ReadRaw',
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::data/raw/*',
  Condition: { Bool: { 'aws:SecureTransport': 'true' } },
})

function codeOf(work: () => unknown): RingfenceErrorCode | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof RingfenceError) return error.code
    throw error
  }
  return undefined
}

it('lets nobody in by a Principal that names nobody', () => {
  const named = policy('resource', {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::data/*',
  })
  const statements = named.policy.statements.map((one) => ({
    ...one,
    principal: { negated: false, entries: [] },
  }))
  const resourcePolicy = compilePolicy({ ...named.policy, statements })
  expect(authorize(READ, { resourcePolicy: named }).decision).toBe('allow')
  expect(authorize(READ, { resourcePolicy }).decision).toBe('implicitDeny')
})

describe('requests that are not understood', () => {
  it.each([
    ['ada', 'REQUEST_PRINCIPAL_INVALID'],
    ['', 'REQUEST_PRINCIPAL_INVALID'],
    ['Anonymous', 'REQUEST_PRINCIPAL_INVALID'],
    ['111122223333', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:iam::11112222333:user/ada', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:iam::111122223333:group/g', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:iam::111122223333:user/', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:iam::111122223333:role/*', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:sts::111122223333:assumed-role/etl', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:sts::111122223333:assumed-role/a/b/c', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:iam::111122223333:rooted', 'REQUEST_PRINCIPAL_INVALID'],
    ['arn:aws:s3:::data', 'REQUEST_PRINCIPAL_INVALID'],
    ['sagemaker.example.com', 'REQUEST_PRINCIPAL_INVALID'],
  ])('principal %j', (principal, code) =>
    expect(codeOf(() => authorize({ ...READ, principal }, {}))).toBe(code),
  )

  it.each(['', '*', 's3', 's3:', 's3:Get*', 's3:Get Object', ':GetObject'])('action %j', (action) =>
    expect(codeOf(() => authorize({ ...READ, action }, {}))).toBe('REQUEST_ACTION_INVALID'),
  )

  it.each(['', 'data', 'arn:aws:s3::data', 'ARN:aws:s3:::data', '**'])('resource %j', (resource) =>
    expect(codeOf(() => authorize({ ...READ, resource }, {}))).toBe('REQUEST_RESOURCE_INVALID'),
  )

  it.each(['', '1', '11112222333a', '1111222233334'])('account %j', (resourceAccount) =>
    expect(codeOf(() => authorize({ ...READ, resourceAccount }, {}))).toBe('REQUEST_ACCOUNT_INVALID'),
  )

  it('a context whose keys differ in case only', () => {
    const context = { 'aws:SecureTransport': true, 'aws:securetransport': false }
    expect(codeOf(() => authorize({ ...READ, context }, { identityPolicies: [allowRaw] }))).toBe(
      'REQUEST_CONTEXT_DUPLICATE_KEY',
    )
  })

  it('a key of a context that no policy reads does not matter', () => {
    const context = { 'x:a': true, 'x:A': false, 'x:b': null } as never
    expect(codeOf(() => authorize({ ...READ, context }, { identityPolicies: [allowRaw] }))).toBeUndefined()
  })

  it.each([[null], [{}], [Number.NaN], [['a', null]]])('a context value %j', (value) => {
    const context = { 'aws:SecureTransport': value } as never
    expect(codeOf(() => authorize({ ...READ, context }, { identityPolicies: [allowRaw] }))).toBe(
      'REQUEST_CONTEXT_INVALID',
    )
  })

  it('names what it does not understand', () => {
    expect(() => authorize({ ...READ, principal: 'somebody' }, {})).toThrow(/"somebody" is no principal/)
  })
})

describe('policies in the wrong layer', () => {
  const bucketPolicy = policy('resource', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' })

  it('refuses a resource policy as identity policy', () => {
    expect(codeOf(() => authorize(READ, { identityPolicies: [bucketPolicy] }))).toBe('POLICY_KIND_MISPLACED')
  })
  it('refuses an identity policy as resource policy', () => {
    expect(codeOf(() => authorize(READ, { resourcePolicy: allowRaw }))).toBe('POLICY_KIND_MISPLACED')
  })
  it('refuses what was never compiled', () => {
    const forged = { name: 'x', kind: 'identity', policy: allowRaw.policy } as const
    expect(codeOf(() => authorize(READ, { identityPolicies: [forged] }))).toBe('POLICY_KIND_MISPLACED')
  })
})

describe('the decision as a value', () => {
  it('is told whole by JSON', () => {
    const decision = authorize(
      { ...READ, context: { 'aws:SecureTransport': false } },
      { identityPolicies: [allowRaw] },
    )
    expect(JSON.parse(JSON.stringify(decision))).toEqual({
      decision: 'implicitDeny',
      statements: [],
      missing: 'identity',
      nearest: {
        layer: 'identity',
        policy: 'identity-policy',
        index: 0,
        sid: 'ReadRaw',
        failed: {
          element: 'Condition',
          operator: 'Bool',
          key: 'aws:SecureTransport',
          expected: ['true'],
          actual: ['false'],
        },
      },
    })
  })

  it('has no actual value where the key was missing', () => {
    const { nearest } = authorize(READ, { identityPolicies: [allowRaw] })
    expect(nearest!.failed).not.toHaveProperty('actual')
  })

  it('prefers the statement that fails least', () => {
    const others = policy(
      'identity',
      { Sid: 'Write', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
      { Sid: 'ReadGold', Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::data/gold/*' },
    )
    expect(authorize(READ, { identityPolicies: [others] }).nearest).toMatchObject({
      sid: 'ReadGold',
      failed: { element: 'Resource', actual: ['arn:aws:s3:::data/raw/x'] },
    })
    expect(authorize(READ, { identityPolicies: [others, allowRaw] }).nearest).toMatchObject({
      sid: 'ReadRaw',
    })
  })
})

function explain(request: AuthorizationRequest, layers: Layers): string[] {
  return explainDecision(request, authorize(request, layers))
}

describe('explainDecision', () => {
  it('tells an allow', () => {
    const request = { ...READ, context: { 'aws:SecureTransport': true } }
    expect(explain(request, { identityPolicies: [allowRaw] })).toEqual([
      'because statement ReadRaw of the identity policy identity-policy allows s3:GetObject',
    ])
  })

  it('tells an allow of the root user', () => {
    expect(explain({ ...READ, principal: 'arn:aws:iam::111122223333:root' }, {})).toEqual([
      'because arn:aws:iam::111122223333:root is the root user of the account, which needs no policy',
    ])
  })

  it('tells an implicit deny with the nearest statement', () => {
    const request = {
      ...READ,
      resource: 'arn:aws:s3:::data/gold/x',
      context: { 'aws:SecureTransport': true },
    }
    expect(explain(request, { identityPolicies: [allowRaw] })).toEqual([
      'because no identity policy allows s3:GetObject on arn:aws:s3:::data/gold/x',
      'the closest is statement ReadRaw of the identity policy identity-policy, which failed at Resource: ' +
        'expected arn:aws:s3:::data/raw/*, was arn:aws:s3:::data/gold/x',
    ])
  })

  it('tells a missing key', () => {
    expect(explain(READ, { identityPolicies: [allowRaw] })[1]).toMatch(
      /failed at Condition Bool aws:SecureTransport: expected true, the key was missing$/,
    )
  })

  it('tells every explicit deny', () => {
    const deny = policy('resource', { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' })
    expect(explain(READ, { resourcePolicy: deny })).toEqual([
      'because of an explicit deny: statement 1 of the resource policy resource-policy denies s3:GetObject',
    ])
  })

  it('tells Block Public Access', () => {
    const open = policy('resource', { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' })
    const block = {
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    }
    const request = { ...READ, principal: 'anonymous' }
    expect(explain(request, { resourcePolicy: open, publicAccessBlock: block })[0]).toMatch(
      /RestrictPublicBuckets/,
    )
  })
})
