import { isDeepStrictEqual } from 'node:util'
import { bucketState } from '../engine/bucket-state.js'
import { guardrailState } from '../engine/guardrail-state.js'
import { iamState, type IamState } from '../engine/iam-state.js'
import { keyState } from '../engine/key-state.js'
import { isObject } from '../pulumi-resource-aws/properties.js'
import { withoutPick } from './access-view.js'
import { accountSecrets } from './account-secrets.js'
import { centerState } from './center-state.js'
import type { InProcessAws } from './in-process-aws.js'
import type { PlannedState } from './planned-state.js'
import { account } from './small-organization.js'

/** All that an account holds, by name, and what Identity Center has. */
export async function stateOf(aws: InProcessAws): Promise<PlannedState> {
  const { aliasOf, keys } = await keyState(aws)
  const secrets = await accountSecrets(aws)
  const iam = await iamState(aws)
  return {
    ...iam,
    ...(await bucketState(aws, account, aliasOf)),
    roles: Object.fromEntries(Object.entries(iam.roles).map(asPlanned)),
    keys,
    secrets,
    center: await centerState(aws),
    guardrails: await guardrailState(aws),
  }
}

/** Of a role of Identity Center AWS alone knows the whole name, and whom it trusts. */
function asPlanned([name, role]: [string, IamState['roles'][string]]): [string, IamState['roles'][string]] {
  const planned = withoutPick(name)
  return planned === name ? [name, role] : [planned, { ...role, trust: undefined }]
}

/** The first path at which two values differ, and both there. */
export function differenceOf(one: unknown, other: unknown, path = ''): string {
  if (isObject(one) && isObject(other))
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
      if (!isDeepStrictEqual(one[name], other[name]))
        return differenceOf(one[name], other[name], path === '' ? name : `${path} > ${name}`)
  return `${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`
}
