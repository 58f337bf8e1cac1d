import { createHash, generateKeyPairSync } from 'node:crypto'
import { IAM } from '@aws-sdk/client-iam'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CloudTrailEvent, LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import { answerOf, rootClients } from '../test-server/root-clients.js'

const account = '111122223333'
const dayMs = 86_400_000
const startMs = Math.ceil(Date.now() / 1000) * 1000
const UserName = 'ada'
const none = 'X'.repeat(32)

let aws: LocalAws
let iam: IAM
let nowMs = startMs
let events: CloudTrailEvent[] = []
beforeAll(async () => {
  aws = await startLocalAws({
    account,
    region: 'eu-west-1',
    nowMs: () => nowMs,
    onEvent: (event) => events.push(event),
  })
  iam = rootClients(aws, startMs - Date.now()).iam
})
afterAll(() => aws.close())

/** A user without anything; the one before keeps what it has under another name. */
let users = 0
beforeEach(async () => {
  nowMs = startMs
  events = []
  if (users > 0) await iam.updateUser({ UserName, NewUserName: `before-${users}` })
  users += 1
  await iam.createUser({ UserName })
})

const pemOf = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString()

const keyPair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** A new certificate, which ends after so many days. The types of `generate` do not know that a key may be given. */
const certificate = (days = 365) =>
  generate([{ name: 'commonName', value: UserName }], { keyPair, days } as Parameters<typeof generate>[1])
    .cert

const uploadKey = (SSHPublicKeyBody: string) =>
  answerOf(iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody }))

const create = (ServiceName: string, CredentialAgeDays?: number) =>
  iam.createServiceSpecificCredential({ UserName, ServiceName, CredentialAgeDays })
const list = async (asked: { ServiceName?: string; AllUsers?: boolean } = {}) => {
  const named = asked.AllUsers === true ? {} : { UserName }
  const answer = await iam.listServiceSpecificCredentials({ ...named, ...asked })
  return answer.ServiceSpecificCredentials ?? []
}

const uploadCertificate = (CertificateBody: string) =>
  answerOf(iam.uploadSigningCertificate({ UserName, CertificateBody }))

describe('SSH public keys', () => {
  test('are told in either encoding, by status, and gone when deleted', async () => {
    const pem = pemOf()
    const { SSHPublicKey: made } = await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody: pem })
    const { SSHPublicKeyId = '', Fingerprint } = made ?? {}
    const metadata = { UserName, SSHPublicKeyId, Status: 'Active', UploadDate: new Date(startMs) }
    expect(SSHPublicKeyId).toMatch(/^APKA[A-Z2-7]{16}$/)
    expect(made).toEqual({ ...metadata, Fingerprint, SSHPublicKeyBody: pem })
    expect(await answerOf(iam.listSSHPublicKeys({ UserName }))).toEqual({
      SSHPublicKeys: [metadata],
      IsTruncated: false,
    })
    const key = { UserName, SSHPublicKeyId }
    const ssh = (await iam.getSSHPublicKey({ ...key, Encoding: 'SSH' })).SSHPublicKey?.SSHPublicKeyBody ?? ''
    const blob = Buffer.from(ssh.replace('ssh-rsa ', ''), 'base64')
    const digest = createHash('md5').update(blob).digest('hex')
    expect(Fingerprint?.replaceAll(':', '')).toBe(digest)
    await iam.updateSSHPublicKey({ ...key, Status: 'Inactive' })
    expect((await iam.listSSHPublicKeys({ UserName })).SSHPublicKeys?.[0]?.Status).toBe('Inactive')
    expect(await answerOf(iam.updateSSHPublicKey({ ...key, Status: 'Expired' }))).toBe('InvalidInput')
    // The same key in the other encoding is the same key.
    expect(await uploadKey(`${ssh} ada@laptop`)).toBe('DuplicateSSHPublicKey')
    await iam.deleteSSHPublicKey(key)
    expect(await uploadKey(`${ssh} ada@laptop`)).toMatchObject({ SSHPublicKey: { Fingerprint } })
    expect(await answerOf(iam.deleteSSHPublicKey(key))).toBe('NoSuchEntity')
    const [again] = (await iam.listSSHPublicKeys({ UserName })).SSHPublicKeys ?? []
    const read = async (Encoding: 'SSH' | 'PEM') => {
      const asked = { UserName, SSHPublicKeyId: again?.SSHPublicKeyId, Encoding }
      return (await iam.getSSHPublicKey(asked)).SSHPublicKey?.SSHPublicKeyBody
    }
    expect([await read('SSH'), await read('PEM')]).toEqual([`${ssh} ada@laptop`, pem])
  })

  test.each([
    ['a short key', () => pemOf(1024), 'InvalidPublicKey'],
    [
      'a key of another kind',
      () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'InvalidPublicKey',
    ],
    ['a key that is cut off', () => 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7', 'InvalidPublicKey'],
    [
      'another encoding',
      () => 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUK2w7OYtRX',
      'UnrecognizedPublicKeyEncoding',
    ],
    ['a private key', () => keyPair.privateKey, 'UnrecognizedPublicKeyEncoding'],
  ])('%s is refused', async (_what, make, code) => {
    expect(await uploadKey(make())).toBe(code)
  })

  test('a user has five, and other users their own', async () => {
    const bodies = Array.from({ length: 6 }, () => pemOf())
    for (const body of bodies.slice(0, 5)) expect(await uploadKey(body)).toBeInstanceOf(Object)
    expect(await uploadKey(bodies[5] ?? '')).toBe('LimitExceeded')
    await iam.createUser({ UserName: 'bob' })
    const SSHPublicKeyBody = bodies[0]
    expect(await answerOf(iam.uploadSSHPublicKey({ UserName: 'bob', SSHPublicKeyBody }))).toBeInstanceOf(
      Object,
    )
  })
})

describe('service-specific credentials', () => {
  test('tell their secret once, and never again: not in lists, nor in events', async () => {
    const { ServiceSpecificCredential: made } = await create('codecommit.amazonaws.com')
    const { ServicePassword = '', ServiceSpecificCredentialId = '', ...rest } = made ?? {}
    expect(ServiceSpecificCredentialId).toMatch(/^ACCA[A-Z2-7]{17}$/)
    expect(ServicePassword).toMatch(/^[\w+/]{59}=$/)
    expect(rest).toEqual({
      UserName,
      ServiceName: 'codecommit.amazonaws.com',
      ServiceUserName: `ada-at-${account}`,
      Status: 'Active',
      CreateDate: new Date(startMs),
    })
    expect(await list()).toEqual([{ ...rest, ServiceSpecificCredentialId }])
    const id = { UserName, ServiceSpecificCredentialId }
    const { ServiceSpecificCredential: reset } = await iam.resetServiceSpecificCredential(id)
    expect(reset).toEqual({ ...made, ServicePassword: expect.any(String) })
    expect(reset?.ServicePassword).not.toBe(ServicePassword)
    const { ServiceSpecificCredential: key } = await create('bedrock.amazonaws.com')
    expect(key).toMatchObject({ ServiceCredentialAlias: `ada-at-${account}` })
    const told = JSON.stringify(events)
    expect(told).toContain('"eventName":"ResetServiceSpecificCredential"')
    const secrets = [ServicePassword, reset?.ServicePassword, key?.ServiceCredentialSecret]
    for (const secret of secrets) {
      expect(secret).toHaveLength(60)
      expect(told).not.toContain(secret)
    }
  })

  test('a user has two for each service, with names of their own, and none for what is no such service', async () => {
    await create('codecommit.amazonaws.com')
    await create('codecommit.amazonaws.com')
    await create('cassandra.amazonaws.com')
    expect((await list()).map((one) => [one.ServiceName, one.ServiceUserName]).toSorted()).toEqual([
      ['cassandra.amazonaws.com', `ada-at-${account}`],
      ['codecommit.amazonaws.com', `ada+1-at-${account}`],
      ['codecommit.amazonaws.com', `ada-at-${account}`],
    ])
    expect(await list({ ServiceName: 'cassandra.amazonaws.com' })).toHaveLength(1)
    expect(await list({ ServiceName: 'cassandra.amazonaws.com', AllUsers: true })).toHaveLength(1)
    expect(await answerOf(create('codecommit.amazonaws.com'))).toBe('LimitExceeded')
    expect(await answerOf(create('s3.amazonaws.com'))).toBe('NoSuchEntity')
    expect(await answerOf(iam.listServiceSpecificCredentials({ UserName, AllUsers: true }))).toBe(
      'ValidationError',
    )
    await iam.updateUser({ UserName, NewUserName: 'lovelace' })
    const { ServiceSpecificCredentials = [] } = await iam.listServiceSpecificCredentials({
      UserName: 'lovelace',
    })
    expect(ServiceSpecificCredentials.map((one) => one.UserName)).toEqual([
      'lovelace',
      'lovelace',
      'lovelace',
    ])
    await iam.updateUser({ UserName: 'lovelace', NewUserName: UserName })
  })

  test('API keys expire, passwords do not', async () => {
    const { ServiceSpecificCredential } = await create('bedrock.amazonaws.com', 30)
    expect(ServiceSpecificCredential?.ExpirationDate).toEqual(new Date(startMs + 30 * dayMs))
    const { ServiceSpecificCredentialId } = ServiceSpecificCredential ?? {}
    await iam.updateServiceSpecificCredential({ UserName, ServiceSpecificCredentialId, Status: 'Inactive' })
    expect((await list()).map(({ Status }) => Status)).toEqual(['Inactive'])
    nowMs = startMs + 30 * dayMs
    const later = rootClients(aws, nowMs - Date.now()).iam
    const { ServiceSpecificCredentials } = await later.listServiceSpecificCredentials({ UserName })
    expect(ServiceSpecificCredentials?.map(({ Status }) => Status)).toEqual(['Expired'])
    nowMs = startMs
    expect(await answerOf(create('codecommit.amazonaws.com', 30))).toBe('ValidationError')
  })
})

describe('signing certificates', () => {
  test('are listed with their status, and gone when deleted', async () => {
    const CertificateBody = certificate()
    const { Certificate } = await iam.uploadSigningCertificate({ UserName, CertificateBody })
    const { CertificateId } = Certificate ?? {}
    expect(CertificateId).toMatch(/^[A-Z2-7]{32}$/)
    expect(Certificate).toEqual({
      UserName,
      CertificateId,
      CertificateBody,
      Status: 'Active',
      UploadDate: new Date(startMs),
    })
    await iam.updateSigningCertificate({ UserName, CertificateId, Status: 'Inactive' })
    expect((await iam.listSigningCertificates({ UserName })).Certificates).toEqual([
      { ...Certificate, Status: 'Inactive' },
    ])
    await iam.createUser({ UserName: 'carol' })
    expect(await answerOf(iam.uploadSigningCertificate({ UserName: 'carol', CertificateBody }))).toBe(
      'DuplicateCertificate',
    )
    await iam.deleteSigningCertificate({ UserName, CertificateId })
    expect((await iam.listSigningCertificates({ UserName })).Certificates).toEqual([])
    const gone = { UserName, CertificateId: none }
    expect(await answerOf(iam.deleteSigningCertificate(gone))).toBe('NoSuchEntity')
  })

  test('a user has two, and what is no certificate of today is refused', async () => {
    const [one, two, three] = [certificate(), certificate(), certificate()]
    expect(await uploadCertificate(`${one}${two}`)).toBe('MalformedCertificate')
    expect(await uploadCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toBe(
      'MalformedCertificate',
    )
    const short = certificate(1)
    nowMs = startMs + 2 * dayMs
    const later = rootClients(aws, nowMs - Date.now()).iam
    expect(await answerOf(later.uploadSigningCertificate({ UserName, CertificateBody: short }))).toBe(
      'MalformedCertificate',
    )
    nowMs = startMs
    for (const body of [one, two]) expect(await uploadCertificate(body)).toBeInstanceOf(Object)
    expect(await uploadCertificate(three)).toBe('LimitExceeded')
  })

  test("the account's root has its own, which the summary counts", async () => {
    const present = async () =>
      (await iam.getAccountSummary({})).SummaryMap?.AccountSigningCertificatesPresent
    expect(await present()).toBe(0)
    const { Certificate } = await iam.uploadSigningCertificate({ CertificateBody: certificate() })
    expect([Certificate?.UserName, await present()]).toEqual([account, 1])
    expect((await iam.listSigningCertificates({ UserName })).Certificates).toEqual([])
    await iam.deleteSigningCertificate({ CertificateId: Certificate?.CertificateId })
  })
})

test('a user who has one of any kind cannot be deleted, and says which', async () => {
  const refusal = () =>
    iam.deleteUser({ UserName }).then(
      () => 'deleted',
      (error: Error) => `${error.name}: ${error.message}`,
    )
  const referenced = 'DeleteConflictException: Cannot delete entity, must remove referenced objects first.'
  const { Certificate } = await iam.uploadSigningCertificate({ UserName, CertificateBody: certificate() })
  expect(await refusal()).toBe(
    'DeleteConflictException: Cannot delete entity, must delete certificates first.',
  )
  await iam.deleteSigningCertificate({ UserName, CertificateId: Certificate?.CertificateId })
  const { SSHPublicKey } = await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody: pemOf() })
  expect(await refusal()).toBe(referenced)
  await iam.deleteSSHPublicKey({ UserName, SSHPublicKeyId: SSHPublicKey?.SSHPublicKeyId })
  const ServiceName = 'codecommit.amazonaws.com'
  const made = await iam.createServiceSpecificCredential({ UserName, ServiceName })
  expect(await refusal()).toBe(referenced)
  const { ServiceSpecificCredentialId } = made.ServiceSpecificCredential ?? {}
  await iam.deleteServiceSpecificCredential({ UserName, ServiceSpecificCredentialId })
  expect(await refusal()).toBe('deleted')
  await iam.createUser({ UserName })
})

test('each needs its permission on the user, and the service of a credential may be limited', async () => {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['iam:CreateServiceSpecificCredential', 'iam:UploadSSHPublicKey'],
        Resource: `arn:aws:iam::${account}:user/\${aws:username}`,
        Condition: {
          StringEqualsIfExists: {
            'iam:ServiceSpecificCredentialServiceName': 'codecommit.amazonaws.com',
          },
          NumericLessThanIfExists: { 'iam:ServiceSpecificCredentialAgeDays': '91' },
        },
      },
    ],
  })
  await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument })
  const own = new IAM({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: await aws.issueUserKey(UserName),
    systemClockOffset: startMs - Date.now(),
  })
  await iam.createUser({ UserName: 'dora' })
  const answers = [
    own.createServiceSpecificCredential({ UserName, ServiceName: 'codecommit.amazonaws.com' }),
    own.createServiceSpecificCredential({ UserName, ServiceName: 'bedrock.amazonaws.com' }),
    own.uploadSSHPublicKey({ UserName, SSHPublicKeyBody: pemOf() }),
    own.uploadSSHPublicKey({ UserName: 'dora', SSHPublicKeyBody: pemOf() }),
    own.listServiceSpecificCredentials({}),
    own.listServiceSpecificCredentials({ AllUsers: true }),
    own.uploadSigningCertificate({ CertificateBody: certificate() }),
  ]
  const codes = await Promise.all(answers.map(answerOf))
  expect(codes.map((one) => (typeof one === 'string' ? one : 'done'))).toEqual([
    'done',
    'AccessDenied',
    'done',
    'AccessDenied',
    'AccessDenied',
    'AccessDenied',
    'AccessDenied',
  ])
})
