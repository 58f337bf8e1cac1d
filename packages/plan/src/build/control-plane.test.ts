import { describe, expect, test } from 'vitest'
import type { Question } from './decide.fixture.js'
import { createDecider } from './decide.fixture.js'
import { loadExample } from './examples.fixture.js'
import { everybody } from './expected.fixture.js'

describe('platforms, fence of IAM and guardrail', () => {
  const { declaration, plan } = loadExample('acme-ai')
  const decide = createDecider(plan)
  const { account } = declaration
  const user = (name: string): string => `arn:aws:iam::${account}:user/ringfence/acme/${name}`
  const role = (name: string): string => `arn:aws:iam::${account}:role/ringfence/acme/${name}`
  const sagemaker = (resource: string): string => `arn:aws:sagemaker:eu-west-1:${account}:${resource}`
  const request = { 'aws:RequestTag/ringfence:team': 'applied-research' }
  const tagged = { 'aws:ResourceTag/ringfence:team': 'applied-research' }
  const mine = sagemaker('training-job/training--applied-research--run-1')

  test.each<[string, Question, boolean]>([
    [
      'starts own job',
      { who: user('ada'), action: 'sagemaker:CreateTrainingJob', resource: mine, context: request },
      true,
    ],
    [
      'not without the tag',
      { who: user('ada'), action: 'sagemaker:CreateTrainingJob', resource: mine },
      false,
    ],
    [
      'not with another team’s tag',
      {
        who: user('ada'),
        action: 'sagemaker:CreateTrainingJob',
        resource: mine,
        context: { 'aws:RequestTag/ringfence:team': 'data-engineering' },
      },
      false,
    ],
    [
      'not under another name',
      {
        who: user('ada'),
        action: 'sagemaker:CreateTrainingJob',
        resource: sagemaker('training-job/run-1'),
        context: request,
      },
      false,
    ],
    [
      'stops own job',
      { who: user('ada'), action: 'sagemaker:StopTrainingJob', resource: mine, context: tagged },
      true,
    ],
    [
      'stops no other team’s job',
      { who: user('edgar'), action: 'sagemaker:StopTrainingJob', resource: mine, context: tagged },
      false,
    ],
    [
      'team without train starts none',
      { who: user('joy'), action: 'sagemaker:CreateTrainingJob', resource: mine, context: request },
      false,
    ],
    [
      'passes the platform’s role',
      {
        who: user('ada'),
        action: 'iam:PassRole',
        resource: role('acme-training-execution'),
        context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      },
      true,
    ],
    [
      'not to another service',
      {
        who: user('ada'),
        action: 'iam:PassRole',
        resource: role('acme-training-execution'),
        context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
      },
      false,
    ],
    [
      'not another platform’s role',
      {
        who: user('ada'),
        action: 'iam:PassRole',
        resource: role('acme-serving-execution'),
        context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      },
      false,
    ],
    [
      'invokes',
      {
        who: user('joy'),
        action: 'sagemaker:InvokeEndpoint',
        resource: sagemaker('endpoint/serving--product--chat'),
      },
      true,
    ],
    [
      'deploys by role',
      {
        who: role('acme-product'),
        action: 'sagemaker:CreateModel',
        resource: sagemaker('model/serving--product--chat'),
        context: { 'aws:RequestTag/ringfence:team': 'product' },
      },
      true,
    ],
    [
      'deploys not without grant',
      {
        who: user('joy'),
        action: 'sagemaker:CreateModel',
        resource: sagemaker('model/serving--safety--chat'),
        context: { 'aws:RequestTag/ringfence:team': 'safety' },
      },
      false,
    ],
    [
      'changes own password',
      {
        who: user('ada'),
        action: 'iam:ChangePassword',
        resource: user('ada'),
        context: { 'aws:username': 'ada' },
      },
      true,
    ],
    [
      'not another’s MFA',
      {
        who: user('ada'),
        action: 'iam:EnableMFADevice',
        resource: user('grace'),
        context: { 'aws:username': 'ada' },
      },
      false,
    ],
    [
      'no own access keys',
      {
        who: user('ada'),
        action: 'iam:CreateAccessKey',
        resource: user('ada'),
        context: { 'aws:username': 'ada' },
      },
      false,
    ],
    [
      'settings by administer',
      {
        who: user('edgar'),
        action: 's3:PutBucketTagging',
        resource: 'arn:aws:s3:::acme-web-crawl-111122223333',
      },
      true,
    ],
    [
      'no settings without',
      {
        who: user('ada'),
        action: 's3:PutBucketTagging',
        resource: 'arn:aws:s3:::acme-web-crawl-111122223333',
      },
      false,
    ],
  ])('%s', (_, question, expected) => {
    expect(decide(question) === 'allow').toBe(expected)
  })

  const changes: [string, string][] = [
    ['iam:CreateAccessKey', user('ada')],
    ['iam:AttachUserPolicy', user('ada')],
    ['iam:PutUserPolicy', user('ada')],
    ['iam:TagUser', user('ada')],
    ['iam:CreateUser', user('new')],
    ['iam:UpdateLoginProfile', user('ada')],
    ['iam:DeactivateMFADevice', user('ada')],
    ['iam:AddUserToGroup', `arn:aws:iam::${account}:group/ringfence/acme/acme-safety`],
    ['iam:CreatePolicyVersion', `arn:aws:iam::${account}:policy/ringfence/acme/acme-team-safety-1`],
    ['iam:UpdateAssumeRolePolicy', role('acme-training-execution')],
    ['iam:DeleteRolePermissionsBoundary', role('acme-training-execution')],
    ['iam:PassRole', role('acme-training-execution')],
    ['iam:UpdateAssumeRolePolicy', `arn:aws:iam::${account}:role/platform-admin`],
    ['iam:UpdateSAMLProvider', `arn:aws:iam::${account}:saml-provider/acme-sso`],
    ['s3:PutAccountPublicAccessBlock', '*'],
    ['kms:UpdateAlias', `arn:aws:kms:eu-west-1:${account}:alias/ringfence/acme/user-data-a`],
  ]
  test.each(changes)('%s on %s is left to administrators', (action, resource) => {
    expect(decide({ who: `arn:aws:iam::${account}:role/platform-admin`, action, resource })).toBe('allow')
    for (const who of [`arn:aws:iam::${account}:user/somebody`, `arn:aws:iam::${account}:root`]) {
      expect(decide({ who, action, resource }), who).toBe('explicitDeny')
    }
    for (const who of everybody(declaration))
      expect(decide({ who: who.arn, action, resource }), who.arn).not.toBe('allow')
  })

  function assumeExecutionRole(who: string, context: Record<string, string>): string {
    return decide({ who, action: 'sts:AssumeRole', resource: role('acme-training-execution'), context })
  }

  function assumeTeamRole(mail: string, audience = 'https://signin.aws.amazon.com/saml'): string {
    return decide({
      who: `arn:aws:iam::${account}:saml-provider/acme-sso`,
      action: 'sts:AssumeRoleWithSAML',
      resource: role('acme-product'),
      context: { 'SAML:aud': audience, 'SAML:sub': mail },
    })
  }

  test('execution roles can be assumed by SageMaker for this account alone', () => {
    const ours = { 'aws:SourceAccount': account, 'aws:SourceArn': mine }
    expect(assumeExecutionRole('sagemaker.amazonaws.com', ours)).toBe('allow')
    expect(
      assumeExecutionRole('sagemaker.amazonaws.com', { ...ours, 'aws:SourceAccount': '999999999999' }),
    ).not.toBe('allow')
    expect(assumeExecutionRole('sagemaker.amazonaws.com', {})).not.toBe('allow')
    expect(assumeExecutionRole('lambda.amazonaws.com', ours)).not.toBe('allow')
    expect(assumeExecutionRole(`arn:aws:iam::${account}:user/somebody`, ours)).not.toBe('allow')
    expect(assumeExecutionRole(user('ada'), ours)).not.toBe('allow')
  })

  test('team roles can be assumed by their federated members alone', () => {
    expect(assumeTeamRole('susan@acme.example')).toBe('allow')
    expect(assumeTeamRole('ada@acme.example')).not.toBe('allow')
    expect(assumeTeamRole('susan@acme.example', 'https://other.example')).not.toBe('allow')
  })
})
