import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runClient } from './client-run.js'

let aws: LocalAws
let folder: string
let config: string
let ada: LocalCredentials

beforeAll(async () => {
  aws = await startLocalAws({ account: '111122223333', region: 'eu-west-1' })
  folder = await mkdtemp(join(tmpdir(), 'ringfence-aws-cli-'))
  // The CLI's first version presigns with SigV2 unless told otherwise.
  config = join(folder, 'config')
  await writeFile(config, '[default]\ns3 =\n  signature_version = s3v4\n')
  await succeeds(['s3', 'mb', 's3://cli-data'])
  await succeeds(['iam', 'create-user', '--user-name', 'ada'])
  await succeeds([
    'iam',
    'put-user-policy',
    '--user-name',
    'ada',
    '--policy-name',
    'read',
    '--policy-document',
    readRaw,
  ])
  const made = JSON.parse(await succeeds(['iam', 'create-access-key', '--user-name', 'ada'])) as {
    AccessKey: { AccessKeyId: string; SecretAccessKey: string }
  }
  ada = { accessKeyId: made.AccessKey.AccessKeyId, secretAccessKey: made.AccessKey.SecretAccessKey }
})
afterAll(async () => {
  await aws?.close()
  await rm(folder, { recursive: true, force: true })
})

const readRaw = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::cli-data/raw/*' },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::cli-data',
      Condition: { StringLike: { 's3:prefix': 'raw/*' } },
    },
  ],
})

async function succeeds(args: readonly string[], as: LocalCredentials = aws.root): Promise<string> {
  const { status, stdout, stderr } = await runClient('aws', args, aws, as, { AWS_CONFIG_FILE: config })
  expect(status, `aws ${args.join(' ')}\n${stderr}`).toBe(0)
  return stdout
}
async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}
async function fails(
  args: readonly string[],
  as: LocalCredentials | 'anonymous' = aws.root,
): Promise<string> {
  const { status, stdout, stderr } = await runClient('aws', args, aws, as, { AWS_CONFIG_FILE: config })
  expect(status, `aws ${args.join(' ')} should fail\n${stdout}`).not.toBe(0)
  return stderr
}

test('says who the caller is', async () => {
  const identity = JSON.parse(await succeeds(['sts', 'get-caller-identity'], ada)) as Record<string, string>
  expect(identity['Arn']).toBe('arn:aws:iam::111122223333:user/ada')
})

test('copies small and multipart files there and back, byte for byte', async () => {
  for (const size of [0, 1, 70_000, 20 * 1024 * 1024 + 7]) {
    const [there, back] = [join(folder, `there-${size}`), join(folder, `back-${size}`)]
    await writeFile(there, randomBytes(size))
    await succeeds(['s3', 'cp', '--quiet', there, `s3://cli-data/raw/${size}.bin`])
    await succeeds(['s3', 'cp', '--quiet', `s3://cli-data/raw/${size}.bin`, back])
    expect(await digest(back)).toBe(await digest(there))
  }
  expect(await succeeds(['s3', 'ls', 's3://cli-data/raw/'])).toMatch(/\b20971527 20971527\.bin/)
})

test('enforces prefixes for a user with a policy', async () => {
  await writeFile(join(folder, 'secret'), 'secret')
  await succeeds(['s3', 'cp', '--quiet', join(folder, 'secret'), 's3://cli-data/private/secret'])
  await succeeds(['s3', 'cp', '--quiet', join(folder, 'secret'), 's3://cli-data/raw/open'])
  expect(await succeeds(['s3', 'ls', 's3://cli-data/raw/'], ada)).toContain('open')
  expect(await fails(['s3', 'ls', 's3://cli-data/private/'], ada)).toContain('AccessDenied')
  expect(await fails(['s3', 'cp', 's3://cli-data/private/secret', '-'], ada)).toMatch(/403|AccessDenied/)
  expect(await fails(['s3', 'cp', join(folder, 'secret'), 's3://cli-data/raw/mine'], ada)).toContain(
    'AccessDenied',
  )
  expect(await fails(['s3', 'rm', 's3://cli-data/raw/open'], ada)).toContain('AccessDenied')
  expect(
    await fails(
      [
        'iam',
        'attach-user-policy',
        '--user-name',
        'ada',
        '--policy-arn',
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ],
      ada,
    ),
  ).toContain('is not authorized to perform: iam:AttachUserPolicy')
})

test('presigned URLs work until they expire', async () => {
  const url = (await succeeds(['s3', 'presign', 's3://cli-data/raw/open', '--expires-in', '60'], ada)).trim()
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([200, 'secret'])
  const forged = await fetch(url.replace('/raw/open', '/private/secret'))
  expect([forged.status, await forged.text()]).toEqual([
    403,
    expect.stringContaining('SignatureDoesNotMatch'),
  ])
})

test('answers wrong credentials with AWS’s codes', async () => {
  const wrong = { ...ada, secretAccessKey: `${ada.secretAccessKey.slice(0, -1)}x` }
  expect(await fails(['s3', 'ls', 's3://cli-data'], wrong)).toContain('SignatureDoesNotMatch')
  const unknown = { ...ada, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }
  expect(await fails(['s3', 'ls', 's3://cli-data'], unknown)).toContain('InvalidAccessKeyId')
  expect(await fails(['sts', 'get-caller-identity'], unknown)).toContain('InvalidClientTokenId')
  expect(await fails(['s3', 'ls', 's3://cli-data', '--no-sign-request'], 'anonymous')).toContain(
    'AccessDenied',
  )
})

test('hands out a role’s session limited by its session policy', async () => {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:user/ada' }, Action: 'sts:AssumeRole' },
    ],
  })
  await succeeds(['iam', 'create-role', '--role-name', 'reader', '--assume-role-policy-document', trust])
  const readAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }
  await succeeds([
    'iam',
    'put-role-policy',
    '--role-name',
    'reader',
    '--policy-name',
    'all',
    '--policy-document',
    JSON.stringify(readAll),
  ])
  const limit = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  }
  const { Credentials } = JSON.parse(
    await succeeds(
      [
        'sts',
        'assume-role',
        '--role-arn',
        'arn:aws:iam::111122223333:role/reader',
        '--role-session-name',
        'session',
        '--policy',
        JSON.stringify(limit),
      ],
      ada,
    ),
  ) as { Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string } }
  const session: LocalCredentials = {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  }
  expect(await succeeds(['s3', 'cp', 's3://cli-data/private/secret', '-'], session)).toBe('secret')
  expect(await fails(['s3', 'ls', 's3://cli-data/private/'], session)).toContain('AccessDenied')
})

test('names an operation that it does not have', async () => {
  const torrent = [
    's3api',
    'get-object-torrent',
    '--bucket',
    'cli-data',
    '--key',
    'raw/open',
    join(folder, 'torrent'),
  ]
  expect(await fails(torrent)).toContain('NotImplemented')
})

test('empties and removes a bucket', async () => {
  await succeeds(['s3', 'mb', 's3://cli-short-lived'])
  await succeeds(['s3', 'cp', '--quiet', join(folder, 'secret'), 's3://cli-short-lived/a b+c/ü.txt'])
  expect(await succeeds(['s3', 'ls', '--recursive', 's3://cli-short-lived'])).toContain('a b+c/ü.txt')
  expect(await fails(['s3', 'rb', 's3://cli-short-lived'])).toContain('BucketNotEmpty')
  await succeeds(['s3', 'rb', '--force', 's3://cli-short-lived'])
  expect(await succeeds(['s3', 'ls'])).not.toContain('cli-short-lived')
})
