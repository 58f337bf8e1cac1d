import { describe, expect, it } from 'vitest'
import { authorize } from './authorize/authorize.js'
import { parseCase } from './parse-case.js'

const request = { principal: 'anonymous', action: 's3:GetObject', resource: 'arn:aws:s3:::data/x' }
const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' }

function problems(value: unknown): string[] {
  return parseCase(value).diagnostics.map(
    ({ code, hint, path }) => `${code} ${path}${hint ? ` | ${hint}` : ''}`,
  )
}

describe('parseCase', () => {
  it('takes bare policies, named ones and texts', () => {
    const parsed = parseCase({
      request: { ...request, principal: 'arn:aws:iam::111122223333:user/ada' },
      identityPolicies: [
        { Statement: statement },
        { name: 'named', policy: { Statement: { ...statement, Effect: 'Deny' } } },
        { name: 'text', policy: JSON.stringify({ Statement: statement }) },
        JSON.stringify({ Statement: statement }),
      ],
    })
    expect(parsed.value!.layers.identityPolicies!.map(({ name }) => name)).toEqual([
      'identityPolicies[0]',
      'named',
      'text',
      'identityPolicies[3]',
    ])
    expect(authorize(parsed.value!.request, parsed.value!.layers).statements).toMatchObject([
      { policy: 'named' },
    ])
  })

  it('reads each layer’s policies as that layer’s kind', () => {
    const parsed = parseCase({
      request,
      identityPolicies: [{ Statement: statement }],
      permissionsBoundary: [{ Statement: statement }],
      sessionPolicies: [{ Statement: statement }],
      serviceControlPolicies: [[{ Statement: statement }]],
      resourcePolicy: { Statement: { ...statement, Principal: '*' } },
      vpcEndpointPolicies: [{ Statement: { ...statement, Principal: '*' } }],
      resourceControlPolicies: [
        [{ Version: '2012-10-17', Statement: { ...statement, Effect: 'Deny', Principal: '*' } }],
      ],
    })
    const { layers } = parsed.value!
    const kinds = [
      layers.identityPolicies![0],
      layers.permissionsBoundary![0],
      layers.sessionPolicies![0],
      layers.serviceControlPolicies![0]![0],
      layers.resourcePolicy,
      layers.vpcEndpointPolicies![0],
      layers.resourceControlPolicies![0]![0],
    ].map((policy) => policy!.kind)
    expect(kinds).toEqual([
      'identity',
      'boundary',
      'session',
      'serviceControl',
      'resource',
      'vpcEndpoint',
      'resourceControl',
    ])
  })

  it.each(['sts:AssumeRole', 'sts:assumerolewithwebidentity', 'sts:TagSession', 'sts:SetSourceIdentity'])(
    'reads the resource policy of %s on a role as a trust policy',
    (action) => {
      const resource = 'arn:aws:iam::111122223333:role/r'
      const trust = { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:*' } }
      const parsed = parseCase({
        request: { principal: 'anonymous', action, resource },
        resourcePolicy: trust,
      })
      expect(parsed.value!.layers.resourcePolicy!.kind).toBe('trust')
    },
  )

  it('refuses unknown keys with a did-you-mean', () => {
    expect(
      problems({ request: { ...request, ressource: '*' }, identityPolicy: [], sessionPolices: [] }),
    ).toEqual([
      'CASE_KEY_UNKNOWN identityPolicy | did you mean "identityPolicies"?',
      'CASE_KEY_UNKNOWN sessionPolices | did you mean "sessionPolicies"?',
      'CASE_KEY_UNKNOWN request.ressource | did you mean "resource"?',
    ])
  })

  it('lists everything that is wrong', () => {
    const found = problems({
      request: {
        principal: 1,
        action: 's3:GetObject',
        context: { 'aws:SourceIp': null, 'aws:TagKeys': ['a', {}] },
      },
      identityPolicies: { Statement: statement },
      serviceControlPolicies: [{ Statement: statement }],
      resourcePolicy: { Statement: statement },
      publicAccessBlock: { blockPublicAcl: true, restrictPublicBuckets: 'yes' },
      keyGrants: [{ id: 'g', operations: 'Decrypt' }],
      managementAccount: 111122223333,
    })
    expect(found.map((line) => line.split(' | ')[0])).toEqual([
      'CASE_VALUE_MALFORMED request.principal',
      'CASE_KEY_MISSING request',
      'CASE_VALUE_MALFORMED request.context["aws:SourceIp"]',
      'CASE_VALUE_MALFORMED request.context["aws:TagKeys"]',
      'CASE_VALUE_MALFORMED identityPolicies',
      'ELEMENT_MISSING Statement',
      'CASE_VALUE_MALFORMED serviceControlPolicies',
      'CASE_KEY_UNKNOWN publicAccessBlock.blockPublicAcl',
      'CASE_VALUE_MALFORMED publicAccessBlock.restrictPublicBuckets',
      'CASE_KEY_MISSING keyGrants[0]',
      'CASE_VALUE_MALFORMED keyGrants[0].operations',
      'CASE_VALUE_MALFORMED managementAccount',
    ])
  })

  it.each([[null], [[]], ['case'], [1], [undefined]])('refuses %j as a case', (value) =>
    expect(problems(value)).toEqual(['CASE_VALUE_MALFORMED ']),
  )

  it('wants a request', () => expect(problems({})).toEqual(['CASE_KEY_MISSING ']))

  it('wants a policy beside a name', () =>
    expect(problems({ request, identityPolicies: [{ name: 'x' }] })).toEqual([
      'CASE_KEY_MISSING identityPolicies[0]',
    ]))
})
