import { describe, expect, it } from 'vitest'
import { Undetermined } from '../undetermined.js'
import { Evaluator } from './evaluate.js'
import { references } from './references.js'

const chain = Object.fromEntries(
  Array.from({ length: 60 }, (_, n) => [
    `Chain${n}`,
    {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: n === 0 ? 'x' : { 'Fn::Sub': `\${Chain${n - 1}.TopicName}\${Chain${n - 1}.TopicName}` },
      },
    },
  ]),
)
const template = {
  Parameters: {
    Stage: { Type: 'String', Default: 'prod' },
    Open: { Type: 'String' },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' },
    Count: { Type: 'Number', Default: 3 },
    Dynamic: { Type: 'String', Default: '{{resolve:ssm:/stage}}' },
  },
  Mappings: { Sizes: { prod: { size: 'large' } } },
  Conditions: {
    Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    Unclear: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] },
    Never: { 'Fn::And': [{ Condition: 'Unclear' }, { 'Fn::Not': [{ Condition: 'Prod' }] }] },
    Always: { 'Fn::Or': [{ Condition: 'Unclear' }, { Condition: 'Prod' }] },
    Itself: { 'Fn::Not': [{ Condition: 'Itself' }] },
  },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
    Nameless: { Type: 'AWS::S3::Bucket' },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'reader', Path: '/team/' } },
    Key: { Type: 'AWS::KMS::Key' },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'p' } },
    Loop: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${Loop}-x' } } },
    ...chain,
  },
}
const evaluator = new Evaluator(
  template,
  { account: '111122223333', partition: 'aws', region: 'eu-west-1' },
  references,
)

describe('what a template determines', () => {
  it.each<[unknown, unknown]>([
    [{ Ref: 'Stage' }, 'prod'],
    [{ Ref: 'Count' }, '3'],
    [{ Ref: 'Names' }, ['a', 'b']],
    [{ Ref: 'AWS::AccountId' }, '111122223333'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::NoValue' }, undefined],
    [
      [1, { Ref: 'AWS::NoValue' }, 2],
      [1, 2],
    ],
    [{ a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    [{ Ref: 'Bucket' }, 'data'],
    [{ Ref: 'Role' }, 'reader'],
    [{ Ref: 'Policy' }, 'arn:aws:iam::111122223333:policy/p'],
    [{ Ref: 'Queue' }, 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs'],
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/team/reader'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:eu-west-1:111122223333:jobs'],
    [{ 'Fn::Sub': '${Bucket.Arn}/${Stage}/${!aws:username}' }, 'arn:aws:s3:::data/prod/${aws:username}'],
    [{ 'Fn::Sub': ['${A}-${Stage}', { A: { Ref: 'Bucket' } }] }, 'data-prod'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-prod'],
    [{ 'Fn::Join': ['+', { Ref: 'Names' }] }, 'a+b'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y'] }] }, 'y'],
    [{ 'Fn::Select': [0, ['a', { Ref: 'Open' }]] }, 'a'],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'size'] }, 'large'],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'size', { DefaultValue: 'none' }] }, 'none'],
    [{ 'Fn::If': ['Prod', 'yes', { Ref: 'Open' }] }, 'yes'],
    [{ 'Fn::If': ['Never', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Always', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"prod"}'],
    [
      { Ref: 'x', other: 1 },
      { Ref: 'x', other: 1 },
    ],
  ])('%j is %j', (node, expected) => {
    expect(evaluator.value(node)).toEqual(expected)
  })
})

describe('what it does not', () => {
  it.each<[unknown, string]>([
    [{ Ref: 'Open' }, 'the parameter Open has no default'],
    [{ Ref: 'Image' }, 'the parameter Image is read from Systems Manager at deployment'],
    [{ Ref: 'Nothing' }, 'the template has nothing called Nothing'],
    [{ Ref: 'AWS::StackName' }, 'AWS::StackName is known at deployment only'],
    [{ Ref: 'Nameless' }, 'CloudFormation picks the name of Nameless'],
    [{ Ref: 'Key' }, 'what Key (AWS::KMS::Key) is called is known at deployment only'],
    [{ 'Fn::GetAtt': ['Role', 'RoleId'] }, 'Role.RoleId is known at deployment only'],
    [{ 'Fn::Sub': '${Stage}${Nameless.Arn}' }, 'CloudFormation picks the name of Nameless'],
    [{ 'Fn::Join': ['', ['a', { Ref: 'Open' }]] }, 'the parameter Open has no default'],
    [{ 'Fn::Split': [',', { Ref: 'Open' }] }, 'the parameter Open has no default'],
    [{ 'Fn::Select': [5, ['a']] }, 'a Select picks nothing'],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'size'] }, 'the mapping Sizes has no such entry'],
    [{ 'Fn::If': ['Unclear', 'yes', 'no'] }, 'the parameter Open has no default'],
    [{ 'Fn::If': ['Missing', 'yes', 'no'] }, 'the template has no condition Missing'],
    [{ 'Fn::If': ['Itself', 'yes', 'no'] }, 'condition Itself refers to itself'],
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue is not determined by the template'],
    [{ 'Fn::Transform': {} }, 'Fn::Transform is not determined by the template'],
    ['{{resolve:ssm:/name}}', 'a dynamic reference, {{resolve:…}}, is read at deployment'],
    [
      { 'Fn::Join': ['', ['{{', 'resolve:ssm:/role}}']] },
      'a dynamic reference, {{resolve:…}}, is read at deployment',
    ],
    [{ Ref: 'Dynamic' }, 'a dynamic reference, {{resolve:…}}, is read at deployment'],
    [{ 'Fn::Surprise': {} }, 'Fn::Surprise is not determined by the template'],
    [{ Ref: 'Loop' }, 'reference Loop refers to itself'],
    [{ 'Fn::GetAtt': ['Chain59', 'TopicName'] }, 'a text of the template is too long'],
  ])('%j: %s', (node, reason) => {
    expect(evaluator.value(node)).toEqual(new Undetermined(reason))
  })
})
