import { describe, expect, it } from 'vitest'
import { combinePublicAccessBlocks } from './public-access-block.js'
import { isPublicPolicy } from './public-policy.js'
import { readPolicy } from './syntax/parse-policy.js'

function isPublic(statement: Record<string, unknown>): boolean {
  const document = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*', ...statement },
  }
  return isPublicPolicy(readPolicy(document, { kind: 'resource', name: 'bucket' }).policy!)
}
const limited = (Condition: unknown) => isPublic({ Principal: '*', Condition })

/** [S3 guide, "The meaning of public"] */
describe('isPublicPolicy', () => {
  it.each([['*'], [{ AWS: '*' }], [{ AWS: ['111122223333', '*'] }]])('everyone: %j', (Principal) =>
    expect(isPublic({ Principal })).toBe(true),
  )
  it.each([
    [{ AWS: '111122223333' }],
    [{ AWS: 'arn:aws:iam::111122223333:role/r' }],
    [{ Service: 'cloudtrail.amazonaws.com' }],
    [{ Federated: 'arn:aws:iam::111122223333:saml-provider/idp' }],
  ])('named: %j', (Principal) => expect(isPublic({ Principal })).toBe(false))

  it.each([
    [{ StringEquals: { 'aws:SourceVpc': 'vpc-91237329' } }],
    [{ StringLike: { 'AWS:sourcevpce': ['vpce-1', 'vpce-2'] } }],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:topic' } }],
    [{ StringEquals: { 'aws:SourceAccount': '111122223333' } }],
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-1' }, Bool: { 'aws:SecureTransport': 'true' } }],
    [{ StringEquals: { 'aws:userid': 'AIDAEXAMPLE' } }],
    [{ ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:eu-west-1:111122223333:accesspoint/*' } }],
    [{ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } }],
    [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }],
    [{ 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': 'o-1/r-1/' } }],
  ])('limited: %j', (condition) => expect(limited(condition)).toBe(false))

  it.each([
    [{ StringLike: { 'aws:SourceVpce': 'vpce-*' } }],
    [{ StringEquals: { 'aws:SourceVpce': ['vpce-1', '${aws:PrincipalTag/x}'] } }],
    [{ StringLike: { 'aws:userid': 'AROAEXAMPLE:*' } }],
    [{ StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }],
    [{ 'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': 'o-1/r-1/' } }],
    [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }],
    [{ Null: { 'aws:SourceVpce': 'false' } }],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/1'] } }],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }],
    [{ IpAddress: { 'aws:SourceIp': '2000::/31' } }],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    [{ ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:eu-west-1:*:accesspoint/x' } }],
    [{ StringEquals: { 'aws:SourceVpce': '${*}' } }],
    [{ StringEquals: { 's3:prefix': 'public/' } }],
    [{ StringLike: { 'aws:Referer': 'https://example.com/' } }],
  ])('not limited: %j', (condition) => expect(limited(condition)).toBe(true))

  it('does not mind denies', () => expect(isPublic({ Effect: 'Deny', Principal: '*' })).toBe(false))
  it('takes NotPrincipal with Allow for public', () =>
    expect(isPublic({ NotPrincipal: { AWS: '111122223333' } })).toBe(true))
})

describe('combinePublicAccessBlocks', () => {
  it('takes the stricter of each setting', () => {
    const a = {
      blockPublicAcls: true,
      ignorePublicAcls: false,
      blockPublicPolicy: false,
      restrictPublicBuckets: false,
    }
    const b = {
      blockPublicAcls: false,
      ignorePublicAcls: true,
      blockPublicPolicy: false,
      restrictPublicBuckets: true,
    }
    expect(combinePublicAccessBlocks(a, b)).toEqual({
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: false,
      restrictPublicBuckets: true,
    })
    expect(combinePublicAccessBlocks(undefined, a)).toEqual(a)
    expect(Object.values(combinePublicAccessBlocks(undefined, undefined))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
