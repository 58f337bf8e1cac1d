import type { Call } from '../call.js'
import { page } from './pages.js'
import type { SsoAdminOperations } from './operation.js'
import { getInstance } from './operation.js'
import type { InstanceRecord } from './records.js'
import { findInstance, type IdentityCenterTables, putInstance } from './tables.js'

/** How an instance is known. */
export interface InstanceIdentity {
  readonly instance: string
  readonly identityStore: string
  readonly region: string
}

export const instanceOperations = {
  ListInstances(input, call, { tables }) {
    const instance = findInstance(tables)
    const seen = instance !== undefined && isSeen(instance, call) ? [instance] : []
    const { items, ...rest } = page(seen, input, ({ arn }) => arn)
    return { Instances: items.map(describe), ...rest }
  },

  DescribeInstance: (input, call, { tables }) => describe(getInstance(tables, call, input.InstanceArn)),
} satisfies SsoAdminOperations

function isSeen({ owner, region }: InstanceRecord, { caller, region: asked }: Call): boolean {
  return owner === caller.account && region === asked
}

function describe({ arn, createdMs, identityStoreId, owner }: InstanceRecord) {
  return {
    InstanceArn: arn,
    IdentityStoreId: identityStoreId,
    OwnerAccountId: owner,
    CreatedDate: new Date(createdMs),
    Status: 'ACTIVE' as const,
  }
}

/**
 * Inside a transaction: the organization's instance, made where there is none. Throws RangeError where there is another
 * one: an organization has one instance at most.
 */
export function enableIdentityCenter(
  tables: IdentityCenterTables,
  owner: string,
  wanted: InstanceIdentity,
  nowMs: number,
): InstanceRecord {
  const present = findInstance(tables)
  const { identityStore, instance: arn, region } = wanted
  if (present !== undefined) {
    if (present.arn === arn && present.identityStoreId === identityStore && present.region === region)
      return present
    throw new RangeError(
      `Identity Center is there already: ${present.arn} with ${present.identityStoreId} in ${present.region}`,
    )
  }
  const instance: InstanceRecord = {
    arn,
    identityStoreId: identityStore,
    owner,
    region,
    createdMs: nowMs,
    tags: {},
  }
  putInstance(tables, instance)
  return instance
}
