import * as fc from 'fast-check'
import { readCaller } from '../reference/caller.js'
import {
  asList,
  type NamedRawPolicy,
  type RawPolicy,
  type RawPublicAccessBlock,
  type RawRequest,
  type RawStatement,
  type SimulateCase,
} from '../reference/case.js'
import { sometimes, withoutAbsent } from './absent.js'
import { focusedCaseArbitrary } from './focused-case.js'
import { keyGrantsArbitrary } from './key-grants.js'
import { requestArbitrary } from './request.js'
import { namePolicies, policyArbitrary, statementArbitrary } from './statements.js'
import {
  KMS_SCENARIO,
  OTHER_ACCOUNT,
  OTHER_SCENARIO,
  OWN_ACCOUNT,
  S3_SCENARIO,
  TRUST_SCENARIO,
  type Scenario,
} from './universe.js'

const FULL_ACCESS: RawPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

/** AWS attaches it at every level and nobody can take it away. */
const RCP_FULL_ACCESS: NamedRawPolicy = {
  name: 'RCPFullAWSAccess',
  policy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
}

function oneToThree(policy: fc.Arbitrary<RawPolicy>): fc.Arbitrary<readonly RawPolicy[]> {
  return fc.array(policy, { minLength: 1, maxLength: 3 })
}

/** Policies of a layer that only limits: mostly with full access among them, else hardly anything passes. */
function limiting(policy: fc.Arbitrary<RawPolicy>, full: RawPolicy): fc.Arbitrary<readonly RawPolicy[]> {
  return fc.oneof(
    { arbitrary: fc.constant([full]), weight: 2 },
    { arbitrary: policy.map((one) => [full, one]), weight: 2 },
    { arbitrary: oneToThree(policy), weight: 3 },
    { arbitrary: fc.constant([]), weight: 1 },
  )
}

function named(layer: string): (policies: readonly RawPolicy[]) => readonly NamedRawPolicy[] {
  return (policies) => namePolicies(layer, policies)
}

/** Deny to everyone, with actions of the service alone instead of NotAction and of `*`. */
function toControl(scenario: Scenario, statement: RawStatement): RawStatement {
  const { NotAction: _, Action, ...rest } = statement
  const service = `${scenario.actions[0]?.split(':')[0]}:*`
  const actions = asList(Action)
  return {
    ...rest,
    Effect: 'Deny',
    Principal: '*',
    Action: actions.length === 0 || actions.includes('*') ? service : actions,
  }
}

/** RCPs that an organization writes: Deny to everyone, no NotAction (Organizations guide, RCP syntax). */
function resourceControlArbitrary(scenario: Scenario): fc.Arbitrary<readonly NamedRawPolicy[]> {
  const deny = statementArbitrary(scenario, 'identity').map((statement) => toControl(scenario, statement))
  const own = policyArbitrary(deny, fc.constant<RawPolicy['Version']>('2012-10-17'))
  return fc
    .array(own, { maxLength: 1 })
    .chain((policies) =>
      fc
        .constantFrom<NamedRawPolicy[][]>([RCP_FULL_ACCESS], [])
        .map((full) => full.concat(namePolicies('rcp', policies))),
    )
}

const ALL_BLOCKED: RawPublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}

const publicAccessBlock: fc.Arbitrary<RawPublicAccessBlock> = fc.oneof(
  fc.constant(ALL_BLOCKED),
  fc.record({
    blockPublicAcls: fc.boolean(),
    ignorePublicAcls: fc.boolean(),
    blockPublicPolicy: fc.boolean(),
    restrictPublicBuckets: fc.boolean(),
  }),
)

type Parts = { -readonly [Key in keyof SimulateCase]: SimulateCase[Key] | undefined } & {
  request: RawRequest
}

/** Leaves out layers that such a caller cannot have, and those that are absent. */
function wellFormed(parts: Parts): SimulateCase {
  const { kind, serviceLinked } = readCaller(parts.request)
  const isIdentity = ['user', 'role', 'session', 'federated'].includes(kind)
  const kept: Parts = { ...parts }
  if (!isIdentity) kept.identityPolicies = undefined
  if (!isIdentity || serviceLinked) kept.permissionsBoundary = undefined
  if (!['session', 'federated'].includes(kind) || serviceLinked) kept.sessionPolicies = undefined
  // A resource `*` stands for no resource, which can have neither policy nor grants.
  if (parts.request.resource === '*') {
    kept.resourcePolicy = undefined
    kept.keyGrants = undefined
  }
  return withoutAbsent<SimulateCase>(kept)
}

/** A case in one world. */
export function caseArbitrary(scenario: Scenario): fc.Arbitrary<SimulateCase> {
  const own = policyArbitrary(statementArbitrary(scenario, 'identity'))
  const granting = fc.oneof(
    { arbitrary: oneToThree(own), weight: 2 },
    { arbitrary: fc.array(own, { maxLength: 1 }).map((some) => [FULL_ACCESS].concat(some)), weight: 1 },
  )
  const modern = policyArbitrary(
    statementArbitrary(scenario, 'identity'),
    fc.constant<RawPolicy['Version']>('2012-10-17'),
  )
  const endpoint = policyArbitrary(statementArbitrary(scenario, 'endpoint'))
  const endpointFull = RCP_FULL_ACCESS.policy
  const level = limiting(modern, FULL_ACCESS).map(named('scp'))
  return fc
    .record({
      request: requestArbitrary(scenario),
      identityPolicies: fc.option(granting.map(named('identity')), { freq: 7, nil: undefined }),
      resourcePolicy: fc.option(policyArbitrary(statementArbitrary(scenario, scenario.resourcePolicy)), {
        freq: scenario.name === 'trust' || scenario.name === 'kms' ? 7 : 1,
        nil: undefined,
      }),
      permissionsBoundary: sometimes(limiting(own, FULL_ACCESS).map(named('boundary')), 4),
      sessionPolicies: sometimes(limiting(own, FULL_ACCESS).map(named('session')), 2),
      serviceControlPolicies: sometimes(fc.array(level, { minLength: 1, maxLength: 2 }), 4),
      resourceControlPolicies: sometimes(
        fc.array(resourceControlArbitrary(scenario), { minLength: 1, maxLength: 2 }),
        5,
      ),
      vpcEndpointPolicies: sometimes(limiting(endpoint, endpointFull).map(named('endpoint')), 5),
      publicAccessBlock: scenario.name === 's3' ? sometimes(publicAccessBlock, 2) : fc.constant(undefined),
      keyGrants: scenario.name === 'kms' ? sometimes(keyGrantsArbitrary, 3) : fc.constant(undefined),
      managementAccount: sometimes(fc.constantFrom(OWN_ACCOUNT, OTHER_ACCOUNT), 8),
    })
    .map(wellFormed)
}

/**
 * Random well-formed `simulate` cases, dense enough that all outcomes and all layers occur (the distribution
 * is asserted in `distribution.test.ts`). Shrinks towards absent layers.
 */
export const simulateCaseArbitrary: fc.Arbitrary<SimulateCase> = fc.oneof(
  { arbitrary: caseArbitrary(S3_SCENARIO), weight: 5 },
  { arbitrary: caseArbitrary(OTHER_SCENARIO), weight: 2 },
  { arbitrary: caseArbitrary(KMS_SCENARIO), weight: 2 },
  { arbitrary: caseArbitrary(TRUST_SCENARIO), weight: 2 },
  { arbitrary: focusedCaseArbitrary, weight: 2 },
)

/** Policies of one case, and further requests to hold against the same policies. */
export interface SharedPolicies {
  readonly given: SimulateCase
  readonly requests: readonly RawRequest[]
}

/**
 * A case with up to five further requests, by any principal that can have these layers, for the same policies:
 * what is kept from one request must not show in the next.
 */
export const sharedPoliciesArbitrary: fc.Arbitrary<SharedPolicies> = fc.oneof(
  ...[S3_SCENARIO, OTHER_SCENARIO, KMS_SCENARIO, TRUST_SCENARIO].map((scenario) =>
    fc
      .tuple(caseArbitrary(scenario), fc.array(requestArbitrary(scenario), { minLength: 1, maxLength: 8 }))
      .map(([given, requests]) => ({ given, requests: requests.filter(canHaveLayersOf(given)).slice(0, 5) })),
  ),
)

function canHaveLayersOf(given: SimulateCase): (request: RawRequest) => boolean {
  const layerCount = Object.keys(given).length
  return (request) =>
    Object.keys(wellFormed(Object.assign({}, given, { request }) as Parts)).length === layerCount
}
