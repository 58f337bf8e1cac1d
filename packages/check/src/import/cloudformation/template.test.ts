import { expect, test } from 'vitest'
import { importAccount } from '../import-account.js'
import { filesOf, folder, goldenAccount, imported } from '../input.fixture.js'

const account = '111122223333'

test('a template in YAML with short forms', () => {
  const found = imported(folder('templates'), { account, region: 'eu-west-1' })
  expect(found).toEqual(goldenAccount('templates', found))
})

const unknownsOf = (resources: object, rest: object = {}) => {
  const files = filesOf({ 'a.json': { Resources: resources, ...rest } })
  return imported(files, { account, region: 'eu-west-1' })
    .unknowns.filter(({ source = '', about }) => source.startsWith('a.json') || about === 'a.json')
    .map(({ about, reason }) => `${about}: ${reason}`)
}
const document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::ImportValue': 'x' } }],
}

test.each<[string, object, string[]]>([
  [
    'a policy for somebody without a name',
    { P: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', Roles: [{ 'Fn::ImportValue': 'r' }] } } },
    [
      'an inline policy (Resources.P): to which role it belongs is not told: Fn::ImportValue is not determined by the template',
    ],
  ],
  [
    'a part of a policy',
    {
      P: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { ManagedPolicyName: 'p', PolicyDocument: document },
      },
    },
    [
      `arn:aws:iam::${account}:policy/p: a part of the policy is not told: Fn::ImportValue is not determined by the template`,
    ],
  ],
  [
    'a group without a name',
    {
      G: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: { Ref: 'H' }, Users: ['ada'] } },
      H: { Type: 'AWS::IAM::Group' },
    },
    [
      'policies of a group of user/ada: which group it is, is not told: CloudFormation picks the name of H',
      'group H: CloudFormation picks the name of H',
    ],
  ],
  [
    'a key without a policy',
    { K: { Type: 'AWS::KMS::Key', Properties: {} } },
    ['key K: the template gives it no key policy, so that KMS does'],
  ],
  [
    'types that are not read',
    { A: { Type: 'AWS::CloudFormation::Stack' }, B: { Type: 'Custom::Grant' }, C: { Type: 'Custom::Grant' } },
    ['a.json: what these types give access to is not read: AWS::CloudFormation::Stack, Custom::Grant'],
  ],
  [
    'a loop',
    {
      A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } },
      'Fn::ForEach::Topics': ['N', ['a'], {}],
    },
    ['a.json: Fn::ForEach::Topics is not evaluated'],
  ],
])('names %s', (_, resources, expected) => {
  expect(unknownsOf(resources)).toEqual(expected)
})

test('what may not be made gives and takes nothing for certain', () => {
  const allow = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  }
  const role = {
    RoleName: 'r',
    AssumeRolePolicyDocument: trust,
    Policies: [{ PolicyName: 'p', PolicyDocument: allow }],
  }
  const lambda = { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: '*' }
  const resources = {
    R: { Type: 'AWS::IAM::Role', Condition: 'Open', Properties: role },
    G: {
      Type: 'AWS::IAM::UserToGroupAddition',
      Condition: 'Open',
      Properties: { GroupName: 'g', Users: ['ada'] },
    },
    L: { Type: 'AWS::Lambda::Permission', Condition: 'Open', Properties: lambda },
  }
  const rest = {
    Parameters: { P: { Type: 'String' } },
    Conditions: { Open: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } },
  }
  expect(unknownsOf(resources, rest)).toEqual(
    [
      'R (AWS::IAM::Role): whether it is made is not told',
      'inline policy of the template of role/r: a part of the policy is not told',
      'G (AWS::IAM::UserToGroupAddition): whether it is made is not told',
      'policies of a group of user/ada: which group it is, is not told',
      'L (AWS::Lambda::Permission): whether it is made is not told',
      'arn:aws:lambda:eu-west-1:111122223333:function:f: a part of the policy is not told',
    ].map((unknown) => `${unknown}: the parameter P has no default`),
  )
})

test('names the parameters whose defaults decide', () => {
  const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } }
  const rest = {
    Parameters: { Stage: { Type: 'String', Default: 'dev' }, Other: { Type: 'String', Default: 'x' } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
  }
  expect(unknownsOf({ A: { ...topic, Condition: 'Prod' }, B: topic }, rest)).toEqual([
    'a.json: parameters are taken to be their defaults, where a deployment may set something else: Stage',
  ])
})

test('names a macro', () => {
  const bucket = { A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'a' } } }
  expect(unknownsOf(bucket, { Transform: ['AWS::Serverless-2016-10-31'] })).toEqual([
    'a.json: it is transformed before it is deployed (AWS::Serverless-2016-10-31), and what that makes of it is not told',
  ])
})

test('takes the account from a rule that pins it', () => {
  const equals = { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '444455556666'] }
  const template = {
    Rules: { Pinned: { Assertions: [{ Assert: equals }] } },
    Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } } },
  }
  expect(imported(filesOf({ 'a.json': template })).account).toBe('444455556666')
  const conditional = { ...template, Rules: { Pinned: { ...template.Rules.Pinned, RuleCondition: equals } } }
  expect(importAccount(filesOf({ 'a.json': conditional })).diagnostics.map(({ code }) => code)).toEqual([
    'IMPORT_ACCOUNT_MISSING',
  ])
})
