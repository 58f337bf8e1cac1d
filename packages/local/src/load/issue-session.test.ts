import { IAM } from '@aws-sdk/client-iam'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import { rootClients } from '../test-server/root-clients.js'

const account = '111122223333'
const provider = `arn:aws:iam::${account}:saml-provider/sso`
const document = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] })

let aws: LocalAws
beforeEach(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  const trust = { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithSAML' }
  const { iam } = rootClients(aws)
  await iam.createRole({ RoleName: 'team', AssumeRolePolicyDocument: document(trust) })
})
afterEach(() => aws.close())

/** IAM User Guide, "SAML role permissions policies": of the keys of SAML, requests of the session have three. */
test.each([
  ['SAML:sub', 'ada@acme.example', true],
  ['saml:sub_type', 'persistent', true],
  ['saml:aud', 'https://signin.aws.amazon.com/saml', false],
  ['saml:cn', 'ada', false],
])('%s is carried by the session: %s, %s', async (key, value, isCarried) => {
  const PolicyDocument = document({
    Effect: 'Allow',
    Action: 'iam:ListUsers',
    Resource: '*',
    Condition: { StringEquals: { [key]: value } },
  })
  await rootClients(aws).iam.putRolePolicy({ RoleName: 'team', PolicyName: 'own', PolicyDocument })
  const credentials = await aws.issueRoleSession({
    roleArn: `arn:aws:iam::${account}:role/team`,
    sessionName: 'ada',
    principal: provider,
    action: 'sts:AssumeRoleWithSAML',
    context: { [key]: value },
  })
  const iam = new IAM({ endpoint: aws.endpoint, region: 'us-east-1', credentials })
  const listed = await iam.listUsers({}).then(
    () => true,
    () => false,
  )
  expect(listed).toBe(isCarried)
})
