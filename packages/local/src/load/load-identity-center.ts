import { randomUUID } from 'node:crypto'
import type { IdentityCenterPlan, ProvisionedGroup } from '@ringfence/plan'
import { enableIdentityCenter } from '../identity-center/instances.js'
import { all, type IdentityCenterTables } from '../identity-center/tables.js'
import type { LoadContext } from './load-context.js'

/**
 * The instance that the plan relies on, and what its identity provider would have provisioned: the groups, with whom the
 * file has in the teams and nobody else.
 */
export async function loadIdentityCenter(
  { management, nowMs, state, write }: LoadContext,
  { external, identityStore, instance, region }: IdentityCenterPlan,
): Promise<void> {
  const { account } = await management()
  const tables = state.identityCenter
  await write(() => {
    enableIdentityCenter(tables, account, { instance, identityStore, region }, nowMs())
    for (const group of external) provisionGroup(tables, group)
  })
}

function provisionGroup(tables: IdentityCenterTables, { displayName, members }: ProvisionedGroup): void {
  const group = all(tables.groups).find((one) => one.displayName === displayName) ?? {
    id: randomUUID(),
    displayName,
  }
  tables.groups.put([group.id], group)
  const users = new Set(members.map(({ email, name }) => provisionUser(tables, email, name)))
  for (const one of all(tables.memberships)) {
    if (one.group !== group.id || users.delete(one.user)) continue
    tables.memberships.delete([one.id])
  }
  for (const user of users) {
    const id = randomUUID()
    tables.memberships.put([id], { id, group: group.id, user })
  }
}

function provisionUser(tables: IdentityCenterTables, email: string, name: string): string {
  const present = all(tables.users).find(({ userName }) => userName === email)
  if (present !== undefined) return present.id
  const id = randomUUID()
  tables.users.put([id], {
    id,
    userName: email,
    displayName: name,
    name: { givenName: name, familyName: name },
    emails: [{ value: email, type: 'work', primary: true }],
  })
  return id
}
