import type { AccountKey } from '@ringfence/lifecycle'
import type { LocalAws } from '@ringfence/local'
import { keyHolder } from './small-organization.js'

/** The keys of the only one who has any. */
export async function accountKeys({
  call,
  root,
}: Pick<LocalAws, 'call' | 'root'>): Promise<readonly AccountKey[]> {
  try {
    const { AccessKeyMetadata = [] } = await call(root, 'iam', 'ListAccessKeys', { UserName: keyHolder })
    return AccessKeyMetadata.map(({ AccessKeyId: id = '', CreateDate, Status }) => ({
      user: keyHolder,
      id,
      status: Status === 'Active' ? 'active' : 'inactive',
      createdMs: CreateDate?.getTime() ?? 0,
    }))
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'NoSuchEntity') throw error
    return []
  }
}
