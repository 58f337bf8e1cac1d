import * as fc from 'fast-check'
import type { RawContextValue, RawRequest } from '../reference/case.js'
import { contextArbitrary } from './conditions.js'
import {
  CANONICAL_IDS,
  FEDERATED_USERS,
  LINKED_ROLES,
  OTHER_ACCOUNT,
  OWN_ACCOUNT,
  PROVIDERS,
  ROLES,
  ROOTS,
  SERVICES,
  USERS,
  type Scenario,
  type UniversePrincipal,
} from './universe.js'

function principalArbitrary(scenario: Scenario): fc.Arbitrary<UniversePrincipal> {
  const hosts: readonly string[] = scenario.name === 'trust' ? [...SERVICES, ...PROVIDERS] : SERVICES
  const others = hosts.map((principal) => ({ principal }))
  return fc.oneof(
    { arbitrary: fc.constantFrom(...USERS), weight: 6 },
    { arbitrary: fc.constantFrom(...ROLES), weight: 6 },
    { arbitrary: fc.constantFrom(...FEDERATED_USERS), weight: 1 },
    { arbitrary: fc.constantFrom(...ROOTS), weight: 2 },
    { arbitrary: fc.constantFrom(...LINKED_ROLES), weight: 1 },
    { arbitrary: fc.constantFrom(...others), weight: scenario.name === 'trust' ? 4 : 2 },
    { arbitrary: fc.constant({ principal: 'anonymous' }), weight: 1 },
  )
}

/** A request of the scenario by any kind of principal, mostly within one account. */
export function requestArbitrary(
  scenario: Scenario,
  contexts: fc.Arbitrary<Readonly<Record<string, RawContextValue>>> = contextArbitrary,
): fc.Arbitrary<RawRequest> {
  return fc
    .tuple(
      principalArbitrary(scenario),
      fc.constantFrom(...scenario.actions),
      fc.constantFrom(...scenario.resources),
      fc.constantFrom(OWN_ACCOUNT, OWN_ACCOUNT, undefined, undefined, OTHER_ACCOUNT),
      contexts,
      fc.constantFrom(undefined, undefined, ...CANONICAL_IDS),
    )
    .map(([who, action, resource, account, sent, canonical]) => {
      const context: Record<string, RawContextValue> = Object.assign({}, sent, who.context)
      // An account that contradicts the one in the ARN is no request that AWS could see.
      const accountInArn = resource.split(':')[4] ?? ''
      const owner = account === undefined || accountInArn !== '' ? {} : { resourceAccount: account }
      // The ID is one of an account, so only who has an account has one.
      const canonicalUser =
        canonical === undefined || !/:\d{12}:/.test(who.principal) ? {} : { canonicalUserId: canonical }
      return Object.assign({ principal: who.principal, action, resource }, owner, canonicalUser, { context })
    })
}
