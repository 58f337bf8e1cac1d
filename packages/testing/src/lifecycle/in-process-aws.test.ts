import { startLocalAws } from '@ringfence/local'
import { expect, test } from 'vitest'
import { InProcessAws, Killed, type Killing } from './in-process-aws.js'

test.each(['before', 'after'] as const)(
  'whoever is killed %s a call that AWS refuses hears of no refusal, and does nothing more',
  async (when) => {
    const local = await startLocalAws({ account: '111122223333', region: 'eu-west-1' })
    try {
      const changes: string[] = []
      const aws = new InProcessAws(local, local.root, async ({ operation }) => void changes.push(operation))
      const killing: Killing = (call) => (call === 1 ? when : undefined)
      aws.arm(killing)
      const iam = await aws.iam()
      await expect(iam.deleteUser({ UserName: 'nobody' })).rejects.toThrow(/NoSuchEntity|nobody/)
      expect(aws.isKilled).toBe(false)
      await expect(iam.deleteUser({ UserName: 'nobody' })).rejects.toThrow(Killed)
      await expect(iam.createUser({ UserName: 'somebody' })).rejects.toThrow(Killed)
      expect([aws.isKilled, aws.calls, changes]).toEqual([true, 2, []])
    } finally {
      await local.close()
    }
  },
)
