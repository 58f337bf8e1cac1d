import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam'
import { type LocalAws, startLocalAws } from '@ringfence/local'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deactivateAccountKey, readAccountKeys } from './account-keys.js'

const startMs = Date.UTC(2030, 0, 1)
const clock = { nowMs: startMs }
let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws({
    account: '111122223333',
    region: 'eu-west-1',
    port: 0,
    plainPort: 0,
    nowMs: () => clock.nowMs,
  })
})
afterAll(async () => {
  await aws?.close()
})

const accessOf = (credentials: LocalAws['root']) => ({
  region: aws.region,
  endpoint: aws.endpoint,
  credentials,
})

it('reads keys of some users or of all, with their last use, and deactivates one at once', async () => {
  const root = accessOf(aws.root)
  const clientOf = (credentials: LocalAws['root']) =>
    new IAMClient({ ...accessOf(credentials), systemClockOffset: clock.nowMs - Date.now() })
  const iam = clientOf(aws.root)
  const issue = async (UserName: string) => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  }
  for (const UserName of ['ada', 'bot', 'eve']) await iam.send(new CreateUserCommand({ UserName }))
  const [used, unused, eves] = [await issue('bot'), await issue('bot'), await issue('eve')]
  // Denied, and a use all the same.
  await expect(clientOf(used).send(new GetUserCommand({}))).rejects.toThrow('not authorized')

  const all = await readAccountKeys(root)
  expect(all.map(({ user, id }) => [user, id]).toSorted()).toEqual(
    [
      ['bot', used.accessKeyId],
      ['bot', unused.accessKeyId],
      ['eve', eves.accessKeyId],
    ].toSorted(),
  )
  expect(JSON.stringify(all)).not.toContain(used.secretAccessKey)
  const bots = await readAccountKeys(root, ['bot', 'gone'])
  expect(bots.find(({ id }) => id === used.accessKeyId)).toEqual({
    user: 'bot',
    id: used.accessKeyId,
    status: 'active',
    createdMs: startMs,
    lastUse: { atMs: startMs, service: 'iam', region: expect.any(String) },
  })
  expect(bots.find(({ id }) => id === unused.accessKeyId)).not.toHaveProperty('lastUse')

  await deactivateAccountKey(root, 'bot', used.accessKeyId)
  await expect(clientOf(used).send(new GetUserCommand({}))).rejects.toThrow(/InvalidClientTokenId|invalid/)
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'bot' }))
  expect(AccessKeyMetadata?.map(({ Status }) => Status).toSorted()).toEqual(['Active', 'Inactive'])
})
