import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileDocument } from '../compile.js'
import type { PolicyKind } from '../layers.js'
import { parsePolicy, readPolicy } from '../syntax/parse-policy.js'
import { printPolicy } from '../syntax/print-policy.js'
import { authorize } from './authorize.js'

const actions = fc.constantFrom(
  '*',
  's3:*',
  's3:Get*',
  's3:GetObject',
  's3:PutObject',
  'S3:?etObject',
  'kms:Decrypt',
)
const resources = fc.constantFrom(
  '*',
  'arn:aws:s3:::data/*',
  'arn:aws:s3:::data/raw/x',
  'arn:aws:s3:::data/${aws:username}/*',
  "arn:aws:s3:::data/${aws:PrincipalTag/team, 'raw'}/?",
)
const principals = fc.constantFrom<unknown>(
  '*',
  { AWS: '111122223333' },
  { AWS: ['arn:aws:iam::111122223333:user/ada', 'arn:aws:iam::111122223333:role/etl'] },
  { AWS: 'arn:aws:sts::111122223333:assumed-role/etl/run' },
  { Service: 's3.amazonaws.com' },
)
const conditions = fc.constantFrom<Record<string, unknown>>(
  {},
  { Bool: { 'aws:SecureTransport': 'false' } },
  { StringEquals: { 's3:prefix': ['a', '${aws:username}'] } },
  { 'ForAllValues:StringLike': { 'aws:TagKeys': 'a*' } },
  { StringNotEqualsIfExists: { 'aws:PrincipalTag/team': 'red' }, Null: { 's3:prefix': 'true' } },
  { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] }, NumericLessThan: { 's3:max-keys': 10 } },
  {
    ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' },
    DateLessThan: { 'aws:CurrentTime': '2027-03-31' },
  },
)
const oneOrMany = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }))

function statements(kind: PolicyKind, effect?: 'Allow' | 'Deny'): fc.Arbitrary<Record<string, unknown>> {
  const hasPrincipal = kind === 'resource' || kind === 'vpcEndpoint'
  return fc
    .record({
      effect: effect ? fc.constant(effect) : fc.constantFrom('Allow', 'Deny'),
      action: oneOrMany(actions),
      notAction: fc.boolean(),
      resource: oneOrMany(resources),
      notResource: fc.boolean(),
      principal: principals,
      notPrincipal: fc.boolean(),
      condition: conditions,
    })
    .map((row) => {
      const statement: Record<string, unknown> = { Effect: row.effect }
      if (hasPrincipal) statement[row.notPrincipal ? 'NotPrincipal' : 'Principal'] = row.principal
      statement[row.notAction ? 'NotAction' : 'Action'] = row.action
      statement[row.notResource ? 'NotResource' : 'Resource'] = row.resource
      if (Object.keys(row.condition).length > 0) statement['Condition'] = row.condition
      return statement
    })
}

const documents = (kind: PolicyKind) =>
  fc.record({
    Version: fc.constantFrom('2012-10-17', '2008-10-17'),
    Statement: fc.array(statements(kind), { minLength: 1, maxLength: 4 }),
  })

const requests = fc.record({
  principal: fc.constantFrom(
    'arn:aws:iam::111122223333:user/ada',
    'arn:aws:iam::444455556666:user/eve',
    'arn:aws:sts::111122223333:assumed-role/etl/run',
    'arn:aws:iam::111122223333:root',
    's3.amazonaws.com',
    'anonymous',
  ),
  action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'kms:Decrypt'),
  resource: fc.constantFrom('*', 'arn:aws:s3:::data/raw/x', 'arn:aws:s3:::data/ada/y', 'arn:aws:s3:::other'),
  resourceAccount: fc.constant('111122223333'),
  context: fc.record(
    {
      'aws:SecureTransport': fc.boolean(),
      's3:prefix': fc.constantFrom('a', 'ada', ''),
      'aws:TagKeys': fc.array(fc.constantFrom('a', 'ab', 'b'), { maxLength: 2 }),
      'aws:PrincipalTag/team': fc.constantFrom('raw', 'red'),
      'aws:SourceIp': fc.constantFrom('10.1.1.1', '2001:db8::1', '192.0.2.1'),
      's3:max-keys': fc.constantFrom(9, '10'),
      'aws:CurrentTime': fc.constantFrom('2027-03-30T00:00:00Z', '2028-01-01T00:00:00Z'),
    },
    { requiredKeys: [] },
  ),
})

/** The document, with one more statement where there is one. */
function compile(kind: PolicyKind, document: { readonly Statement: readonly unknown[] }, extra?: unknown) {
  const all = extra ? [...document.Statement, extra] : document.Statement
  return compileDocument({ ...document, Statement: all }, { kind, name: kind })
}

/** The tree without the places of its elements. */
function withoutSpans(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, entry: unknown) => (key === 'span' ? undefined : entry)))
}

describe.each(['identity', 'resource'] as const)('%s policies', (kind) => {
  it('are the same after printing and parsing', () => {
    fc.assert(
      fc.property(documents(kind), (document) => {
        const first = readPolicy(document, { kind, name: 'p' })
        const printed = printPolicy(first.policy!)
        const second = parsePolicy(printed, { kind, name: 'p' })
        expect(withoutSpans(second.policy)).toEqual(withoutSpans(first.policy))
        expect(printPolicy(second.policy!)).toBe(printed)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('authorize', () => {
  it('never allows more after a Deny was added, in whatever layer', () => {
    const layers = fc.record({
      identity: documents('identity'),
      resource: documents('resource'),
      boundary: fc.option(documents('boundary'), { nil: undefined }),
    })
    const denies = fc.record({
      layer: fc.constantFrom('identity', 'resource', 'boundary'),
      identity: statements('identity', 'Deny'),
      resource: statements('resource', 'Deny'),
    })
    fc.assert(
      fc.property(layers, denies, requests, (base, deny, request) => {
        const build = (extra: boolean) => ({
          identityPolicies: [
            compile(
              'identity',
              base.identity,
              extra && deny.layer === 'identity' ? deny.identity : undefined,
            ),
          ],
          resourcePolicy: compile(
            'resource',
            base.resource,
            extra && deny.layer === 'resource' ? deny.resource : undefined,
          ),
          ...(base.boundary
            ? {
                permissionsBoundary: [
                  compile(
                    'boundary',
                    base.boundary,
                    extra && deny.layer === 'boundary' ? deny.identity : undefined,
                  ),
                ],
              }
            : {}),
        })
        const before = authorize(request, build(false)).decision
        const after = authorize(request, build(true)).decision
        if (before !== 'allow') expect(after).not.toBe('allow')
        if (before === 'explicitDeny') expect(after).toBe('explicitDeny')
      }),
      { numRuns: 5000 },
    )
  })

  it('gives reasons that fit the decision', () => {
    fc.assert(
      fc.property(documents('identity'), documents('resource'), requests, (identity, resource, request) => {
        const decision = authorize(request, {
          identityPolicies: [compileDocument(identity, { kind: 'identity', name: 'identity' })],
          resourcePolicy: compileDocument(resource, { kind: 'resource', name: 'resource' }),
        })
        const { effects, missing } = {
          effects: new Set(decision.statements.map(({ effect }) => effect)),
          missing: decision.missing,
        }
        expect(missing === undefined).toBe(decision.decision !== 'implicitDeny')
        if (decision.decision === 'explicitDeny') expect([...effects]).toEqual(['Deny'])
        if (decision.decision === 'implicitDeny') expect(effects.size).toBe(0)
        if (decision.decision === 'allow' && !request.principal.endsWith(':root'))
          expect([...effects]).toEqual(['Allow'])
      }),
      { numRuns: 3000 },
    )
  })
})
