import {
  GetAccessKeyLastUsedCommand,
  IAMClient,
  paginateListAccessKeys,
  paginateListUsers,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import type { AccountKey, KeyOnAws } from '@ringfence/lifecycle'
import { type AwsAccess, clientSettings } from '../deploy/aws-access.js'

/** How many requests are under way at once: IAM throttles more. */
const atOnce = 5

/** The keys of some IAM users, or of all that the account has. A user that is not there has none. */
export async function readAccountKeys(
  access: AwsAccess,
  users?: readonly string[],
): Promise<readonly AccountKey[]> {
  const client = new IAMClient(clientSettings(access))
  try {
    const waiting = [...(users ?? (await listUsers(client)))]
    const found: AccountKey[] = []
    const read = async (): Promise<void> => {
      for (let user = waiting.pop(); user !== undefined; user = waiting.pop())
        found.push(...(await keysOf(client, user)))
    }
    await Promise.all(Array.from({ length: atOnce }, read))
    // The credentials that ask are a user's key where an administrator is one; locally it is made for this alone.
    const own = access.credentials?.accessKeyId
    return found
      .filter(({ id }) => id !== own)
      .toSorted((a, b) => (a.user === b.user ? a.createdMs - b.createdMs : a.user < b.user ? -1 : 1))
  } finally {
    client.destroy()
  }
}

/** Stops a key from signing, at once as far as IAM is at once: that takes seconds. */
export async function deactivateAccountKey(access: AwsAccess, user: string, id: string): Promise<void> {
  const client = new IAMClient(clientSettings(access))
  try {
    await client.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status: 'Inactive' }))
  } finally {
    client.destroy()
  }
}

async function listUsers(client: IAMClient): Promise<readonly string[]> {
  const names: string[] = []
  for await (const { Users } of paginateListUsers({ client }, {}))
    names.push(...(Users ?? []).flatMap(({ UserName }) => (UserName === undefined ? [] : [UserName])))
  return names
}

async function keysOf(client: IAMClient, user: string): Promise<readonly AccountKey[]> {
  const keys: AccountKey[] = []
  try {
    for await (const { AccessKeyMetadata } of paginateListAccessKeys({ client }, { UserName: user })) {
      for (const { AccessKeyId: id, Status, CreateDate } of AccessKeyMetadata ?? []) {
        if (id === undefined || CreateDate === undefined) continue
        const status = Status === 'Active' ? 'active' : 'inactive'
        keys.push({ user, id, status, createdMs: CreateDate.getTime(), ...(await lastUseOf(client, id)) })
      }
    }
  } catch (error) {
    if (!(error instanceof Error && error.name.startsWith('NoSuchEntity'))) throw error
  }
  return keys
}

const known = (text: string | undefined) => (text === undefined || text === 'N/A' ? undefined : text)

/** AWS writes `N/A` for the service and region of a key that was never used. */
async function lastUseOf(client: IAMClient, id: string): Promise<Pick<KeyOnAws, 'lastUse'>> {
  const { AccessKeyLastUsed: use } = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }))
  if (use?.LastUsedDate === undefined) return {}
  const [service, region] = [known(use.ServiceName), known(use.Region)]
  return {
    lastUse: {
      atMs: use.LastUsedDate.getTime(),
      ...(service === undefined ? {} : { service }),
      ...(region === undefined ? {} : { region }),
    },
  }
}
