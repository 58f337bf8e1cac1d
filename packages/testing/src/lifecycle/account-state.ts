import { isDeepStrictEqual } from 'node:util'
import { bucketState } from '../engine/bucket-state.js'
import { iamState } from '../engine/iam-state.js'
import { keyState } from '../engine/key-state.js'
import { isObject } from '../pulumi-resource-aws/properties.js'
import { accountSecrets } from './account-secrets.js'
import type { InProcessAws } from './in-process-aws.js'
import type { PlannedState } from './planned-state.js'
import { account } from './small-organization.js'

/** All that an account holds, by name. */
export async function stateOf(aws: InProcessAws): Promise<PlannedState> {
  const { aliasOf, keys } = await keyState(aws)
  const secrets = await accountSecrets(aws)
  return { ...(await iamState(aws)), ...(await bucketState(aws, account, aliasOf)), keys, secrets }
}

/** The first path at which two values differ, and both there. */
export function differenceOf(one: unknown, other: unknown, path = ''): string {
  if (isObject(one) && isObject(other))
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
      if (!isDeepStrictEqual(one[name], other[name]))
        return differenceOf(one[name], other[name], path === '' ? name : `${path} > ${name}`)
  return `${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`
}
