import { User } from '@pulumi/aws/iam/user.js'
import { Provider } from '@pulumi/aws/provider.js'
import { Bucket } from '@pulumi/aws/s3/bucket.js'
import { Queue } from '@pulumi/aws/sqs/queue.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEngineRun, type EngineRun } from './engine-run.js'

let run: EngineRun
beforeAll(async () => {
  run = await startEngineRun()
})
afterAll(async () => {
  await run?.close()
})

const provider = () => new Provider('aws', run.providerArgs)

test('an inline program is deployed, and taken down again', async () => {
  const stack = await run.stack(async () => {
    const user = new User('ada', { name: 'ada', path: '/people/' }, { provider: provider() })
    return { arn: user.arn }
  })
  const { changes, outputs } = await stack.up()
  expect(changes).toEqual({ create: 3 })
  expect(outputs).toEqual({ arn: 'arn:aws:iam::111122223333:user/people/ada' })
  expect((await stack.up()).changes).toEqual({ same: 3 })
  expect((await stack.destroy()).changes).toEqual({ delete: 3 })
})

test('types and arguments that the stand-in does not have are refused by name', async () => {
  const queue = await run.stack(async () => new Queue('queue', {}, { provider: provider() }), 'queue')
  await expect(queue.up()).rejects.toThrow(/the stand-in for the AWS provider has no aws:sqs\/queue:Queue/)
  const open = await run.stack(
    async () => new Bucket('open', { bucket: 'open', acl: 'public-read' }, { provider: provider() }),
    'argument',
  )
  await expect(open.up()).rejects.toThrow(/does not know 'acl' here; it knows bucket, forceDestroy, tags/)
})

test('an account that is not allowed is refused before anything is made', async () => {
  const stack = await run.stack(async () => {
    const other = new Provider('aws', { ...run.providerArgs, allowedAccountIds: ['444455556666'] })
    return new User('eve', { name: 'eve' }, { provider: other })
  }, 'account')
  await expect(stack.up()).rejects.toThrow(/the credentials are of account 111122223333/)
})

test('an AWS that is not on this machine is refused', async () => {
  const stack = await run.stack(async () => {
    const away = new Provider('aws', { ...run.providerArgs, endpoints: [{ iam: 'https://iam.example.com' }] })
    return new User('eve', { name: 'eve' }, { provider: away })
  }, 'endpoint')
  await expect(stack.up()).rejects.toThrow(/for tests only and speaks to this machine alone/)
})
