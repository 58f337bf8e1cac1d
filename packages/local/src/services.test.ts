import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureAccount } from './accounts.js'
import { AwsError } from './aws-error.js'
import type { Call, Caller, ServiceName } from './call.js'
import type { OperationInput, OperationName, OperationOutput } from './http/operations.js'
import { rootArn } from './iam/identifiers.js'
import type { Services } from './services.js'
import { createServices } from './services.js'
import { openDatabase } from './store/database.js'

const account = '111122223333'
const other = '444455556666'
const region = 'eu-west-1'
const boundaryArn = `arn:aws:iam::${account}:policy/limit`

let folder: string
let services: Services
let nowMs: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-services-'))
  nowMs = Date.UTC(2027, 0, 1)
  services = createServices({
    database: openDatabase(folder, { durable: false }),
    nowMs: () => nowMs,
    webIdentityKeys: () => [],
  })
  await ensureAccount(services, account, region, nowMs)
  await ensureAccount(services, other, region, nowMs)
})

afterEach(async () => {
  await services.database.close()
  rmSync(folder, { recursive: true })
})

const root: Caller = { principal: rootArn(account), account, userId: account }

/** One request behind the wire: enforcement, then the operation. */
async function send<Service extends ServiceName, Name extends OperationName<Service> & string>(
  caller: Caller,
  service: Service,
  operation: Name,
  input: OperationInput<Service, Name>,
  more: Partial<Call> = {},
): Promise<OperationOutput<Service, Name>> {
  const call: Call = {
    requestId: '1',
    service,
    operation,
    region,
    timeMs: nowMs,
    caller,
    sourceIp: '127.0.0.1',
    secureTransport: true,
    userAgent: 'test',
    headers: {},
    query: new Map(),
    ...more,
  }
  const decided = await services.enforcement.enforce(call, input as Record<string, unknown>)
  if (!decided.allowed) throw decided.error
  const run = services.operations.get(`${service}:${operation}`)
  if (run === undefined) throw new Error(`no operation ${operation}`)
  const output = await run(input as never, call, { deniedItems: decided.deniedItems })
  return output as OperationOutput<Service, Name>
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (error instanceof AwsError) return error.code
    throw error
  }
}

/** A user with one inline policy, and the caller that its access key stands for. */
async function makeUser(name: string, statements: readonly object[], more: object = {}): Promise<Caller> {
  await send(root, 'iam', 'CreateUser', { UserName: name, ...more })
  if (statements.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    await send(root, 'iam', 'PutUserPolicy', { UserName: name, PolicyName: 'own', PolicyDocument })
  }
  const { AccessKey } = await send(root, 'iam', 'CreateAccessKey', { UserName: name })
  return callerOf(AccessKey?.AccessKeyId ?? '')
}

function callerOf(id: string, token?: string): Caller {
  const found = services.credentials.lookup(id, token)
  if ('error' in found) throw found.error
  return found.caller
}

function allow(action: string | string[], resource = '*', condition?: object) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...(condition && { Condition: condition }) }
}

async function makeRole(name: string, principal: object, statements: readonly object[], actions?: string[]) {
  const trust = { Effect: 'Allow', Principal: principal, Action: actions ?? 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  await send(root, 'iam', 'CreateRole', { RoleName: name, AssumeRolePolicyDocument })
  if (statements.length === 0) return `arn:aws:iam::${account}:role/${name}`
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await send(root, 'iam', 'PutRolePolicy', { RoleName: name, PolicyName: 'own', PolicyDocument })
  return `arn:aws:iam::${account}:role/${name}`
}

async function assume(caller: Caller, roleArn: string, more: object = {}): Promise<Caller> {
  const input = { RoleArn: roleArn, RoleSessionName: 'session', ...more }
  const { Credentials } = await send(caller, 'sts', 'AssumeRole', input)
  return callerOf(Credentials?.AccessKeyId ?? '', Credentials?.SessionToken)
}

describe('users and their policies', () => {
  test('a user may do what a policy allows and nothing else, and sees changes at once', async () => {
    const ada = await makeUser('ada', [allow('iam:GetUser', `arn:aws:iam::${account}:user/\${aws:username}`)])
    expect((await send(ada, 'iam', 'GetUser', {})).User?.UserName).toBe('ada')
    await send(root, 'iam', 'CreateUser', { UserName: 'bob' })
    expect(await codeOf(send(ada, 'iam', 'GetUser', { UserName: 'bob' }))).toBe('AccessDenied')
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [allow('iam:*')] })
    await send(root, 'iam', 'PutUserPolicy', { UserName: 'ada', PolicyName: 'own', PolicyDocument })
    expect((await send(ada, 'iam', 'GetUser', { UserName: 'bob' })).User?.UserName).toBe('bob')
    await send(root, 'iam', 'DeleteUserPolicy', { UserName: 'ada', PolicyName: 'own' })
    expect(await codeOf(send(ada, 'iam', 'GetUser', { UserName: 'bob' }))).toBe('AccessDenied')
  })

  test('a denial reads as AWS writes it', async () => {
    const ada = await makeUser('ada', [])
    await expect(send(ada, 'iam', 'ListUsers', {})).rejects.toThrow(
      `User: arn:aws:iam::${account}:user/ada is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${account}:user/ because no identity-based policy allows the iam:ListUsers action`,
    )
  })

  test('a group gives its members its policies', async () => {
    const ada = await makeUser('ada', [])
    await send(root, 'iam', 'CreateGroup', { GroupName: 'readers', Path: '/team/' })
    const GroupName = 'readers'
    await send(root, 'iam', 'AttachGroupPolicy', {
      GroupName,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    })
    expect(await codeOf(send(ada, 'iam', 'ListUsers', {}))).toBe('AccessDenied')
    await send(root, 'iam', 'AddUserToGroup', { GroupName, UserName: 'ada' })
    expect((await send(ada, 'iam', 'ListUsers', {})).Users).toHaveLength(1)
    expect(await codeOf(send(root, 'iam', 'DeleteUser', { UserName: 'ada' }))).toBe('DeleteConflict')
  })

  test('a boundary limits, and is named in the denial', async () => {
    await send(root, 'iam', 'CreatePolicy', {
      PolicyName: 'limit',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allow('iam:Get*')] }),
    })
    const ada = await makeUser('ada', [allow('iam:*')], { PermissionsBoundary: boundaryArn })
    expect((await send(ada, 'iam', 'GetUser', { UserName: 'ada' })).User?.UserName).toBe('ada')
    await expect(send(ada, 'iam', 'ListUsers', {})).rejects.toThrow('because no permissions boundary allows')
    expect(await codeOf(send(root, 'iam', 'DeletePolicy', { PolicyArn: boundaryArn }))).toBe('DeleteConflict')
  })

  test('inactive and deleted keys are unknown', async () => {
    const ada = await makeUser('ada', [])
    const AccessKeyId = ada.accessKeyId ?? ''
    await send(root, 'iam', 'UpdateAccessKey', { UserName: 'ada', AccessKeyId, Status: 'Inactive' })
    expect(() => callerOf(AccessKeyId)).toThrow(AwsError)
    await send(root, 'iam', 'UpdateAccessKey', { UserName: 'ada', AccessKeyId, Status: 'Active' })
    expect(callerOf(AccessKeyId).principal).toBe(`arn:aws:iam::${account}:user/ada`)
    await send(root, 'iam', 'DeleteAccessKey', { UserName: 'ada', AccessKeyId })
    expect(() => callerOf(AccessKeyId)).toThrow(AwsError)
  })

  test('AWS limits: two keys, five versions, ten groups, sizes, duplicate names', async () => {
    await makeUser('ada', [])
    await send(root, 'iam', 'CreateAccessKey', { UserName: 'ada' })
    expect(await codeOf(send(root, 'iam', 'CreateAccessKey', { UserName: 'ada' }))).toBe('LimitExceeded')
    expect(await codeOf(send(root, 'iam', 'CreateUser', { UserName: 'ADA' }))).toBe('EntityAlreadyExists')
    for (let index = 0; index < 11; index++) {
      const GroupName = `group-${index}`
      await send(root, 'iam', 'CreateGroup', { GroupName })
      const added = codeOf(send(root, 'iam', 'AddUserToGroup', { GroupName, UserName: 'ada' }))
      expect(await added).toBe(index < 10 ? 'none' : 'LimitExceeded')
    }
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [allow('s3:*')] })
    await send(root, 'iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument })
    const PolicyArn = `arn:aws:iam::${account}:policy/p`
    for (let index = 2; index < 7; index++) {
      const made = codeOf(send(root, 'iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument }))
      expect(await made).toBe(index < 6 ? 'none' : 'LimitExceeded')
    }
    const sized = (size: number) => {
      const empty = JSON.stringify({ Version: '2012-10-17', Statement: [allow('s3:*', 'arn:aws:s3:::')] })
      return empty.replace('arn:aws:s3:::', `arn:aws:s3:::${'a'.repeat(size - empty.length)}`)
    }
    const create = (PolicyName: string, size: number) =>
      codeOf(send(root, 'iam', 'CreatePolicy', { PolicyName, PolicyDocument: sized(size) }))
    expect(await create('fits', 6144)).toBe('none')
    expect(await create('long', 6145)).toBe('LimitExceeded')
  })

  test('a malformed policy is refused', async () => {
    const withPrincipal = { Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' }
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [withPrincipal] })
    expect(await codeOf(send(root, 'iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument }))).toBe(
      'MalformedPolicyDocument',
    )
  })

  test('lists come in pages', async () => {
    for (let index = 0; index < 25; index++)
      await send(root, 'iam', 'CreateUser', { UserName: `user-${index}` })
    const names: string[] = []
    let Marker: string | undefined
    do {
      const answer = await send(root, 'iam', 'ListUsers', { MaxItems: 10, ...(Marker && { Marker }) })
      names.push(...(answer.Users ?? []).map(({ UserName }) => UserName ?? ''))
      Marker = answer.Marker
    } while (Marker !== undefined)
    expect(new Set(names).size).toBe(25)
    expect(names).toHaveLength(25)
  })
})

describe('what is not known', () => {
  test('an operation without a row is refused', async () => {
    const input = { ReportName: 'x' } as never
    expect(await codeOf(send(root, 'iam', 'GenerateCredentialReport', input))).toBe('NotImplemented')
  })

  test('anonymous requests reach no service but S3', async () => {
    const nobody: Caller = { principal: 'anonymous', account: '', userId: '' }
    expect(await codeOf(send(nobody, 'iam', 'ListUsers', {}))).toBe('MissingAuthenticationToken')
    expect(await codeOf(send(nobody, 'kms', 'ListKeys', {}))).toBe('MissingAuthenticationTokenException')
  })
})

describe('roles', () => {
  test('both trust and identity policy count; a session policy narrows', async () => {
    const ada = await makeUser('ada', [allow('sts:AssumeRole')])
    const bob = await makeUser('bob', [allow('sts:*')])
    const roleArn = await makeRole('reader', { AWS: `arn:aws:iam::${account}:user/ada` }, [allow('iam:*')])
    const session = await assume(ada, roleArn)
    expect(session.principal).toBe(`arn:aws:sts::${account}:assumed-role/reader/session`)
    expect((await send(session, 'iam', 'ListUsers', {})).Users).toHaveLength(2)
    await expect(assume(bob, roleArn)).rejects.toThrow('because no role trust policy allows')
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow('iam:ListRoles')] })
    const narrow = await assume(ada, roleArn, { Policy })
    expect((await send(narrow, 'iam', 'ListRoles', {})).Roles).toHaveLength(1)
    await expect(send(narrow, 'iam', 'ListUsers', {})).rejects.toThrow('because no session policy allows')
  })

  test('tags take sts:TagSession and become principal tags', async () => {
    const ada = await makeUser('ada', [allow(['sts:AssumeRole', 'sts:TagSession'])])
    const principal = { AWS: rootArn(account) }
    const tagged = [allow('iam:ListUsers', '*', { StringEquals: { 'aws:PrincipalTag/team': 'vision' } })]
    const plain = await makeRole('plain', principal, tagged)
    expect(await codeOf(assume(ada, plain, { Tags: [{ Key: 'team', Value: 'vision' }] }))).toBe(
      'AccessDenied',
    )
    const open = await makeRole('open', principal, tagged, ['sts:AssumeRole', 'sts:TagSession'])
    const right = await assume(ada, open, { Tags: [{ Key: 'team', Value: 'vision' }] })
    expect((await send(right, 'iam', 'ListUsers', {})).Users).toHaveLength(1)
    const wrong = await assume(ada, open, { Tags: [{ Key: 'team', Value: 'speech' }] })
    expect(await codeOf(send(wrong, 'iam', 'ListUsers', {}))).toBe('AccessDenied')
  })

  test('sessions end, need their token, and lose everything with their role', async () => {
    const ada = await makeUser('ada', [allow('sts:AssumeRole')])
    const roleArn = await makeRole('reader', { AWS: rootArn(account) }, [allow('iam:*')])
    const input = { RoleArn: roleArn, RoleSessionName: 'session', DurationSeconds: 900 }
    const { Credentials } = await send(ada, 'sts', 'AssumeRole', input)
    const { AccessKeyId = '', SessionToken = '' } = Credentials ?? {}
    const session = callerOf(AccessKeyId, SessionToken)
    expect(() => callerOf(AccessKeyId)).toThrow('invalid')
    expect(() => callerOf(AccessKeyId, `${SessionToken.slice(1)}A`)).toThrow('invalid')
    await send(root, 'iam', 'DeleteRolePolicy', { RoleName: 'reader', PolicyName: 'own' })
    await send(root, 'iam', 'DeleteRole', { RoleName: 'reader' })
    await makeRole('reader', { AWS: rootArn(account) }, [allow('iam:*')])
    expect(await codeOf(send(session, 'iam', 'ListUsers', {}))).toBe('AccessDenied')
    nowMs += 900_000
    expect(() => callerOf(AccessKeyId, SessionToken)).toThrow('expired')
  })

  test('durations keep within bounds, chained ones within an hour; root takes no role', async () => {
    const ada = await makeUser('ada', [allow('sts:AssumeRole')])
    const roleArn = await makeRole('reader', { AWS: rootArn(account) }, [allow('sts:AssumeRole')])
    await send(root, 'iam', 'UpdateRole', { RoleName: 'reader', MaxSessionDuration: 7200 })
    expect(await codeOf(assume(ada, roleArn, { DurationSeconds: 7201 }))).toBe('ValidationError')
    expect(await codeOf(assume(ada, roleArn, { DurationSeconds: 899 }))).toBe('ValidationError')
    const session = await assume(ada, roleArn, { DurationSeconds: 7200 })
    expect(await codeOf(assume(session, roleArn, { DurationSeconds: 3601 }))).toBe('ValidationError')
    expect((await assume(session, roleArn)).session?.expiresAtMs).toBe(nowMs + 3_600_000)
    const closed = await makeRole('closed', { Service: 'ec2.amazonaws.com' }, [])
    for (const arn of [roleArn, closed, `arn:aws:iam::${account}:role/none`]) {
      await expect(assume(root, arn)).rejects.toThrow('Roles may not be assumed by root accounts.')
    }
  })

  test('a user of the same name is not the one that a policy named', async () => {
    const ada = await makeUser('ada', [allow('sts:AssumeRole')])
    const roleArn = await makeRole('reader', { AWS: `arn:aws:iam::${account}:user/ada` }, [])
    await send(root, 'iam', 'UpdateUser', { UserName: 'ada', NewUserName: 'eda' })
    const eda = callerOf(ada.accessKeyId ?? '')
    expect(eda.principal).toBe(`arn:aws:iam::${account}:user/eda`)
    expect((await assume(eda, roleArn)).session?.source).toBe(roleArn)
    await send(root, 'iam', 'DeleteAccessKey', { UserName: 'eda', AccessKeyId: ada.accessKeyId ?? '' })
    await send(root, 'iam', 'DeleteUserPolicy', { UserName: 'eda', PolicyName: 'own' })
    await send(root, 'iam', 'DeleteUser', { UserName: 'eda' })
    const next = await makeUser('eda', [allow('sts:AssumeRole')])
    expect(await codeOf(assume(next, roleArn))).toBe('AccessDenied')
    const { Role } = await send(root, 'iam', 'GetRole', { RoleName: 'reader' })
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('"AWS":"AIDA')
  })

  test('principals that do not exist are refused in trust policies', async () => {
    const made = makeRole('reader', { AWS: `arn:aws:iam::${account}:user/nobody` }, [])
    await expect(made).rejects.toThrow('Invalid principal in policy')
  })

  test('another account: both sides must allow', async () => {
    const otherRoot: Caller = { principal: rootArn(other), account: other, userId: other }
    const roleArn = await makeRole('shared', { AWS: rootArn(other) }, [allow('iam:ListUsers')])
    await send(otherRoot, 'iam', 'CreateUser', { UserName: 'eve' })
    const { AccessKey } = await send(otherRoot, 'iam', 'CreateAccessKey', { UserName: 'eve' })
    const eve = callerOf(AccessKey?.AccessKeyId ?? '')
    expect(await codeOf(assume(eve, roleArn))).toBe('AccessDenied')
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [allow('sts:AssumeRole', roleArn)],
    })
    await send(otherRoot, 'iam', 'PutUserPolicy', { UserName: 'eve', PolicyName: 'p', PolicyDocument })
    const session = await assume(eve, roleArn)
    expect(session.account).toBe(account)
    expect((await send(session, 'iam', 'ListUsers', {})).Users).toEqual([])
  })
})

const sageMaker = { Service: 'sagemaker.amazonaws.com' }
const job = (name: string, RoleArn: string) => ({
  TrainingJobName: name,
  RoleArn,
  AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' as const },
  OutputDataConfig: { S3OutputPath: 's3://models/out/' },
  ResourceConfig: { InstanceType: 'ml.m5.large' as const, InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 600 },
})

function invoke(caller: Caller): Promise<string> {
  const input = { EndpointName: 'x', Body: new Uint8Array() }
  return codeOf(send(caller, 'sagemaker-runtime', 'InvokeEndpoint', input))
}

describe('SageMaker', () => {
  test('a job takes its action and PassRole on its role, and the role must trust SageMaker', async () => {
    const roleArn = await makeRole('execution', sageMaker, [])
    const foreign = await makeRole('foreign', { AWS: rootArn(account) }, [])
    const create = allow(
      'sagemaker:CreateTrainingJob',
      `arn:aws:sagemaker:${region}:${account}:training-job/a--*`,
    )
    const ada = await makeUser('ada', [create])
    await expect(send(ada, 'sagemaker', 'CreateTrainingJob', job('a--1', roleArn))).rejects.toThrow(
      'iam:PassRole',
    )
    const pass = allow('iam:PassRole', roleArn, {
      StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    })
    const bob = await makeUser('bob', [create, pass, allow('sagemaker:DescribeTrainingJob')])
    const { TrainingJobArn } = await send(bob, 'sagemaker', 'CreateTrainingJob', job('a--1', roleArn))
    expect(TrainingJobArn).toBe(`arn:aws:sagemaker:${region}:${account}:training-job/a--1`)
    expect(await codeOf(send(bob, 'sagemaker', 'CreateTrainingJob', job('b--1', roleArn)))).toBe(
      'AccessDeniedException',
    )
    expect(await codeOf(send(bob, 'sagemaker', 'CreateTrainingJob', job('a--2', foreign)))).toBe(
      'AccessDeniedException',
    )
    expect(await codeOf(send(root, 'sagemaker', 'CreateTrainingJob', job('a--2', foreign)))).toBe(
      'ValidationException',
    )
    const describeJob = () => send(bob, 'sagemaker', 'DescribeTrainingJob', { TrainingJobName: 'a--1' })
    expect((await describeJob()).TrainingJobStatus).toBe('InProgress')
    nowMs += 6 * 60_000
    expect((await describeJob()).TrainingJobStatus).toBe('Completed')
  })

  test('an endpoint that is not there is told after the permission was asked', async () => {
    const ada = await makeUser('ada', [])
    expect(await invoke(ada)).toBe('AccessDeniedException')
    expect(await invoke(root)).toBe('ValidationError')
  })
})

describe('KMS', () => {
  test('a key encrypts under its context, for whom its policy and IAM let', async () => {
    const ada = await makeUser('ada', [allow('kms:Encrypt')])
    const { KeyMetadata } = await send(root, 'kms', 'CreateKey', {})
    const KeyId = KeyMetadata?.KeyId ?? ''
    await send(root, 'kms', 'CreateAlias', { AliasName: 'alias/data', TargetKeyId: KeyId })
    const Plaintext = new TextEncoder().encode('secret')
    const EncryptionContext = { purpose: 'test' }
    const input = { KeyId: 'alias/data', Plaintext, EncryptionContext }
    const { CiphertextBlob } = await send(ada, 'kms', 'Encrypt', input)
    expect(await codeOf(send(ada, 'kms', 'Decrypt', { CiphertextBlob, EncryptionContext }))).toBe(
      'AccessDeniedException',
    )
    const back = await send(root, 'kms', 'Decrypt', { CiphertextBlob, EncryptionContext })
    expect(new TextDecoder().decode(back.Plaintext)).toBe('secret')
    expect(await codeOf(send(root, 'kms', 'Decrypt', { CiphertextBlob }))).toBe('InvalidCiphertextException')
    await send(root, 'kms', 'DisableKey', { KeyId })
    expect(await codeOf(send(root, 'kms', 'Decrypt', { CiphertextBlob, EncryptionContext }))).toBe(
      'DisabledException',
    )
    expect(await codeOf(send(root, 'kms', 'DescribeKey', { KeyId: 'alias/none' }))).toBe('NotFoundException')
  })
})
