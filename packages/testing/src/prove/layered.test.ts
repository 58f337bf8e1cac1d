import {
  authorize,
  compileLayers,
  loadActionCatalogue,
  parseCase,
  proveAllowed,
  proveNoMore,
  proveNothingAllowed,
  proveWithin,
  readPolicy,
  regionAllows,
  type AccessQuestion,
  type AuthorizationRequest,
  type CompiledPolicy,
  type Layers,
  type Policy,
  type PolicyLayers,
  type Proof,
  type Who,
} from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { caseArbitrary } from '../arbitraries/simulate-case.js'
import { policyArbitrary, statementArbitrary } from '../arbitraries/statements.js'
import {
  KMS_SCENARIO,
  OTHER_SCENARIO,
  S3_SCENARIO,
  TRUST_SCENARIO,
  type Scenario,
} from '../arbitraries/universe.js'
import { randomCaseCount, randomSeed } from '../random-runs.js'
import type { RawPolicy, RawRequest, SimulateCase } from '../reference/case.js'
import { sendableRequestArbitrary, tellingNoSource } from './sendable-request.js'

const catalogue = await loadActionCatalogue()
const REQUESTS_A_CASE = 20

interface Given {
  readonly scenario: Scenario
  readonly older: SimulateCase
  readonly newer: SimulateCase
  readonly region: RawPolicy
  readonly within: RawPolicy | undefined
  readonly requests: readonly RawRequest[]
  /** Whom the question is about: everybody of a kind, one of them, or everybody but some. */
  readonly about: 'everybody' | 'one' | 'others'
}

const givenArbitrary: fc.Arbitrary<Given> = fc
  .constantFrom(S3_SCENARIO, S3_SCENARIO, OTHER_SCENARIO, KMS_SCENARIO, TRUST_SCENARIO)
  .chain((scenario) =>
    fc.record({
      scenario: fc.constant(scenario),
      older: caseArbitrary(scenario),
      newer: caseArbitrary(scenario),
      region: policyArbitrary(statementArbitrary(scenario, 'identity')),
      within: fc.option(policyArbitrary(statementArbitrary(scenario, 'identity')), { nil: undefined }),
      requests: fc.array(sendableRequestArbitrary(scenario, 'resource').map(tellingNoSource), {
        minLength: REQUESTS_A_CASE,
        maxLength: REQUESTS_A_CASE,
      }),
      about: fc.constantFrom<Given['about'][]>('everybody', 'one', 'others'),
    }),
  )

/** The policies of a case; what only requests have, and what proofs do not take, is left out. */
function layersOf(given: SimulateCase): PolicyLayers {
  const { keyGrants, vpcEndpointPolicies, ...raw } = given
  const left = keyGrants ?? vpcEndpointPolicies
  note(left === undefined ? 'cases as they were' : 'cases without what proofs do not take')
  const parsed = parseCase(raw)
  if (!parsed.ok) throw new Error(JSON.stringify([raw, parsed.diagnostics]))
  const policies = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(policies)
    return typeof value === 'object' && value !== null && 'policy' in value
      ? (value as CompiledPolicy).policy
      : value
  }
  return Object.fromEntries(
    Object.entries(parsed.value.layers).map(([name, value]) => [name, policies(value)]),
  ) as PolicyLayers
}

function region(document: RawPolicy): Policy {
  const result = readPolicy(document, { kind: 'identity', name: 'region' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}

/** Whom a question is about that the first request comes from; `others` leaves out whom later ones come from. */
function whoOf([first, ...later]: readonly AuthorizationRequest[], about: Given['about']): Who {
  const kind = kindOf(first!.principal)
  if (about === 'everybody' || kind === 'anonymous') return { kind }
  if (about === 'one') return { kind, only: [nameOf(first!)] }
  const others = later.slice(0, 3).map(nameOf)
  return { kind, except: others.filter((name) => name !== nameOf(first!)) }
}

function isAbout({ except, kind, only }: Who, request: AuthorizationRequest): boolean {
  if (kindOf(request.principal) !== kind) return false
  const name = nameOf(request)
  return (only?.includes(name) ?? true) && !(except?.includes(name) ?? false)
}

/** The role's ARN for its sessions. */
function nameOf(request: AuthorizationRequest): string {
  return kindOf(request.principal) === 'session' ? roleOf(request) : request.principal
}

function roleOf({ context, principal }: AuthorizationRequest): string {
  const given = context?.['aws:PrincipalArn']
  const [, account, name] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)/.exec(principal) ?? []
  return typeof given === 'string' ? given : `arn:aws:iam::${account}:role/${name}`
}

function kindOf(principal: string): Who['kind'] {
  if (principal === 'anonymous') return 'anonymous'
  if (principal.includes(':user/')) return 'user'
  if (principal.includes(':assumed-role/')) return 'session'
  if (principal.includes(':federated-user/')) return 'federatedUser'
  if (principal.endsWith(':root')) return 'root'
  return principal.includes('provider/') || !principal.endsWith('.amazonaws.com') ? 'provider' : 'service'
}

const verdicts = new Map<string, number>()
function note(name: string): void {
  verdicts.set(name, (verdicts.get(name) ?? 0) + 1)
}

/** A proof against one request that the question is about: `holds` is what the proof says of all of them. */
function check(name: string, proof: Proof, holds: boolean, about: unknown): void {
  if (proof.proof === 'proved' && proof.world === 'allActions')
    expect(holds, JSON.stringify([name, about])).toBe(true)
}

test('random requests contradict no proof about layers', { timeout: 900_000 }, () => {
  const seed = randomSeed()
  const numRuns = Math.ceil(randomCaseCount() / REQUESTS_A_CASE / 4)
  console.log(`${numRuns} cases with layers, RINGFENCE_RANDOM_SEED=${seed}`)
  fc.assert(
    fc.property(givenArbitrary, (given) => {
      const [older, newer] = [layersOf(given.older), layersOf(given.newer)]
      const compiled: readonly [Layers, Layers] = [compileLayers(older), compileLayers(newer)]
      const wanted = region(given.region)
      const within = given.within && region(given.within)
      const who = whoOf(given.requests, given.about)
      const resourceAccount = '111122223333'
      const about = { who, resourceAccount, ...(within ? { within } : {}) }
      const [old, young]: AccessQuestion[] = [
        { ...about, layers: older },
        { ...about, layers: newer },
      ]
      const options = { catalogue }
      const proofs = {
        nothing: proveNothingAllowed(young!, options),
        within: proveWithin(young!, wanted, options),
        allowed: proveAllowed(young!, options),
        noMore: proveNoMore(young!, old!, options),
      }
      for (const [name, proof] of Object.entries(proofs)) {
        note(`${name} ${proof.proof}`)
        if (proof.proof === 'refuted')
          expect(isAbout(who, proof.request), JSON.stringify([who, proof.request])).toBe(true)
      }
      for (const sent of given.requests) {
        const account = sent.resource.split(':')[4] ?? ''
        const isAsked = isAbout(who, sent) && (account === '' || account === resourceAccount)
        const request = { ...sent, resourceAccount }
        if (!isAsked || (within && !regionAllows(within, request))) continue
        const [before, after] = compiled.map((layers) => authorize(request, layers).decision === 'allow')
        const details = { request, given }
        check('nothing', proofs.nothing, !after, details)
        check('within', proofs.within, !after || regionAllows(wanted, request), details)
        check('allowed', proofs.allowed, after!, details)
        check('noMore', proofs.noMore, !after || before!, details)
      }
    }),
    { seed, numRuns },
  )
  console.log('verdicts', Object.fromEntries([...verdicts].toSorted()))
  for (const name of ['nothing', 'within', 'allowed', 'noMore'])
    for (const proof of ['proved', 'refuted'])
      expect(verdicts.get(`${name} ${proof}`) ?? 0, `${name} ${proof}`).toBeGreaterThan(numRuns / 50)
})
