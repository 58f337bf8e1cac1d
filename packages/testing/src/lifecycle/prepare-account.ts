import type { LocalAws, LocalCredentials } from '@ringfence/local'
import { declare, planOf, type SmallOrganization } from './small-organization.js'

/** Who deploys: to the account, and to that of Identity Center. */
export interface Administrators {
  readonly administrator: LocalCredentials
  readonly management: LocalCredentials
}

/** Makes what every file relies on: who deploys, the identity providers, and Identity Center. */
export async function prepareAccount(local: LocalAws, nowMs: number): Promise<Administrators> {
  const some: SmallOrganization = {
    members: { nightly: { teams: ['red'] }, fay: { teams: ['red'] } },
    grants: [],
  }
  for (const one of [some, { ...some, vouchedBy: 'next' }, { ...some, vouchedBy: 'center' }] as const)
    await local.loadExternal(planOf(declare(one, nowMs)))
  return {
    administrator: await local.issueUserKey('deployer'),
    management: await local.addManagementAccount(),
  }
}
