import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalAws, type LocalAws } from '@ringfence/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runClient } from './client-run.js'

let aws: LocalAws
let folder: string

beforeAll(async () => {
  aws = await startLocalAws({ account: '111122223333', region: 'eu-west-1' })
  folder = await mkdtemp(join(tmpdir(), 'ringfence-rclone-'))
  await mkdir(join(folder, 'nested', 'deeper'), { recursive: true })
  await writeFile(join(folder, 'empty'), '')
  await writeFile(join(folder, 'nested', 'with space + plus.txt'), 'text')
  await writeFile(join(folder, 'nested', 'deeper', 'big.bin'), randomBytes(12 * 1024 * 1024 + 3))
})
afterAll(async () => {
  await aws?.close()
  await rm(folder, { recursive: true, force: true })
})

/** `provider=Other`: with `AWS`, rclone forces virtual hosts, which resolve nowhere for a loopback address. */
async function rclone(args: readonly string[], secret = aws.root.secretAccessKey) {
  return await runClient(
    'rclone',
    ['--config', '/dev/null', '--retries', '1', '--low-level-retries', '1', ...args],
    aws,
    aws.root,
    {
      RCLONE_CONFIG_LOCAL_TYPE: 's3',
      RCLONE_CONFIG_LOCAL_PROVIDER: 'Other',
      RCLONE_CONFIG_LOCAL_ENDPOINT: aws.endpoint,
      RCLONE_CONFIG_LOCAL_REGION: aws.region,
      RCLONE_CONFIG_LOCAL_ACCESS_KEY_ID: aws.root.accessKeyId,
      RCLONE_CONFIG_LOCAL_SECRET_ACCESS_KEY: secret,
      // It sends an ACL with every object by default, which buckets of today refuse.
      RCLONE_S3_ACL: 'bucket-owner-full-control',
      RCLONE_S3_BUCKET_ACL: 'private',
      RCLONE_S3_UPLOAD_CUTOFF: '6Mi',
      RCLONE_S3_CHUNK_SIZE: '6Mi',
    },
  )
}
async function succeeds(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await rclone(args)
  expect(status, `rclone ${args.join(' ')}\n${stderr}`).toBe(0)
  return stdout
}

test('copies a folder, lists it, finds it equal, and removes it', async () => {
  await succeeds(['mkdir', 'local:rclone-data'])
  await succeeds(['copy', folder, 'local:rclone-data/tree'])
  expect(
    (await succeeds(['lsf', '-R', '--files-only', 'local:rclone-data/tree'])).trim().split('\n').toSorted(),
  ).toEqual(['empty', 'nested/deeper/big.bin', 'nested/with space + plus.txt'])
  await succeeds(['check', '--download', folder, 'local:rclone-data/tree'])
  expect(await succeeds(['cat', 'local:rclone-data/tree/nested/with space + plus.txt'])).toBe('text')
  await succeeds(['moveto', 'local:rclone-data/tree/empty', 'local:rclone-data/moved'])
  expect(await succeeds(['lsf', 'local:rclone-data'])).toBe('moved\ntree/\n')
  await succeeds(['purge', 'local:rclone-data'])
  expect(await succeeds(['lsd', 'local:'])).toBe('')
})

test('a wrong secret is refused', async () => {
  const { status, stderr } = await rclone(['lsd', 'local:'], 'wrong')
  expect(status).not.toBe(0)
  expect(stderr).toContain('SignatureDoesNotMatch')
})
