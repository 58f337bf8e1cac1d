import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

let cwd: string
let other: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ringfence-exposure-'))
  other = mkdtempSync(join(tmpdir(), 'ringfence-template-'))
})
afterAll(() => {
  rmSync(cwd, { recursive: true })
  rmSync(other, { recursive: true })
})

const account = 'arn:aws:iam::111122223333'

function document(...statements: readonly object[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map((one) => Object.assign({ Effect: 'Allow' }, one)),
  }
}

/** A user who may run code as a role, to which one of AWS's policies is attached. */
function authorizationDetails(policies: readonly object[]): string {
  return JSON.stringify({
    UserDetailList: [
      {
        UserName: 'eve',
        Path: '/',
        Arn: `${account}:user/eve`,
        UserPolicyList: [
          {
            PolicyName: 'run',
            PolicyDocument: document({ Action: ['iam:PassRole', 'lambda:*'], Resource: '*' }),
          },
        ],
      },
    ],
    GroupDetailList: [],
    RoleDetailList: [
      {
        RoleName: 'runner',
        Path: '/',
        Arn: `${account}:role/runner`,
        AssumeRolePolicyDocument: document({
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        AttachedManagedPolicies: [
          { PolicyName: 'PowerUser', PolicyArn: 'arn:aws:iam::aws:policy/PowerUser' },
        ],
      },
    ],
    Policies: policies,
  })
}

/** The policy of AWS, with one statement. */
function managed(statement: object) {
  return {
    Arn: 'arn:aws:iam::aws:policy/PowerUser',
    PolicyName: 'PowerUser',
    Path: '/',
    DefaultVersionId: 'v1',
    PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: document(statement) }],
  }
}

async function exposure(policies: readonly object[]): Promise<string> {
  writeFileSync(join(cwd, 'details.json'), authorizationDetails(policies))
  const io = memoryIo({ cwd })
  await run(['check', '--account', '.'], io)
  return io.written.stdout
}

it('does not say that nobody becomes an administrator where a role is not described', async () => {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Runner: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: document({
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          }),
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        },
      },
      Pipeline: { Type: 'AWS::IAM::User', Properties: { UserName: 'pipeline' } },
    },
  }
  writeFileSync(join(other, 'template.json'), JSON.stringify(template))
  const io = memoryIo({ cwd: other })
  await run(['import', '.', '--account', '111122223333', '--json'], io)
  writeFileSync(join(other, 'account.json'), io.written.stdout)
  await run(['check', '--account', 'account.json'], io)
  expect(io.written.stdout).toContain('\nways to become an administrator: none that is certain')
})

it('does not say that nobody becomes an administrator where that hangs on what is not known', async () => {
  const text = await exposure([])
  expect(text).toContain('\nways to become an administrator: none that is certain: see what is not known\n')
  expect(text).toContain(
    `${account}:role/runner: arn:aws:iam::aws:policy/PowerUser: what the policy says is not`,
  )
})

it('says so where all of it is known', async () => {
  const harmless = await exposure([managed({ Action: 's3:ListAllMyBuckets', Resource: '*' })])
  expect(harmless).toContain('\nways to become an administrator: nothing\n')
  const mighty = await exposure([managed({ Action: '*', Resource: '*' })])
  expect(mighty).toContain('\nways to become an administrator\n  user/eve')
})

it('tells which roles anybody at an identity provider can take on, and what their trust lacks', async () => {
  const provider = `${account}:oidc-provider/token.actions.githubusercontent.com`
  const Condition = { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } }
  const trust = document({
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
  })
  const RoleDetailList = [
    {
      RoleName: 'deploy',
      Path: '/',
      Arn: `${account}:role/deploy`,
      AssumeRolePolicyDocument: trust,
      AttachedManagedPolicies: [],
    },
  ]
  writeFileSync(
    join(cwd, 'details.json'),
    JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList, Policies: [] }),
  )
  const io = memoryIo({ cwd })
  const code = await run(['check', '--account', '.'], io)
  expect(io.written.stdout).toContain(
    `\nopen to anybody at an identity provider\n  role deploy, to anybody at GitHub Actions (${provider})\n    {"principal"`,
  )
  expect(io.written.stdout).toContain(
    '    Try: a condition on token.actions.githubusercontent.com:sub in its trust policy, such as "repo:',
  )
  expect(code).toBe(5)
})
