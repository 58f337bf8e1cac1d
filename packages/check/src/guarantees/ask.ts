import type { AuthorizationRequest, Policy, PrincipalElement, Proof, Statement } from '@ringfence/policy'
import { unknownWords } from '../account/unknown-words.js'
import type { Answer } from './finding.js'
import { together } from './finding.js'
import { plainParts, withoutNeedlessKeys } from './plain-request.js'
import type { Asked } from './prover.js'
import type { Region } from './region.js'
import { bothOf } from './region.js'
import type { Party, Setting } from './setting.js'
import { answerOf } from './setting.js'

/** The question about one party's requests within a region. */
export function askedOf(party: Party, within: Region | undefined): Asked {
  const { assuming, question } = party
  const limit = assuming === undefined ? within : within === undefined ? assuming : bothOf(within, assuming)
  return limit === undefined ? question : { ...question, within: limit }
}

/** Whether what each party is allowed within a part of all requests keeps to a region. */
export function allWithin(
  setting: Setting,
  parties: readonly Party[],
  within: Region | undefined,
  region: Region,
): Answer {
  const goal: Goal = { isAllowed: false, region, prove: (asked) => setting.prover.within(asked, region) }
  return together(parties.map((party) => answerFor(setting, party, within, goal)))
}

/** Whether no party is allowed anything within a part of all requests. */
export function noneAllowed(setting: Setting, parties: readonly Party[], within: Region | undefined): Answer {
  const goal: Goal = { isAllowed: false, prove: (asked) => setting.prover.nothing(asked) }
  return together(parties.map((party) => answerFor(setting, party, within, goal)))
}

/** Whether each party is allowed everything within a part of all requests: a policy that is not known could deny. */
export function allAllowed(setting: Setting, parties: readonly Party[], within: Region): Answer {
  const [unknown] = parties.flatMap(({ unknowns }) => unknowns)
  if (unknown !== undefined) return { proof: 'unknown', reason: unknownWords(unknown) }
  const goal: Goal = { isAllowed: true, prove: (asked) => setting.prover.allowed(asked) }
  return together(parties.map((party) => answerFor(setting, party, within, goal)))
}

interface Goal {
  /** That all is allowed; else that nothing is outside of the region, or at all. */
  readonly isAllowed: boolean
  readonly region?: Region
  readonly prove: (asked: Asked) => Proof
}

function answerFor(setting: Setting, party: Party, within: Region | undefined, goal: Goal): Answer {
  const asked = askedOf(party, within)
  const { lenient } = party
  if (!goal.isAllowed && lenient !== undefined) {
    const proof = goal.prove({ ...asked, layers: lenient })
    if (proof.proof === 'proved') return { proof: 'proved', world: proof.world }
  }
  const proof = goal.prove(asked)
  if (proof.proof !== 'refuted') return answerOf(setting, party, asked, proof)
  const [told, request] = plainest(setting, asked, proof.request, goal)
  const plain = withoutNeedlessKeys(request, told, goal.region)
  return answerOf(setting, party, told, { proof: 'refuted', request: plain })
}

/** A refutation by a well-known request, and of somebody who is not in the file, if there is one. */
function plainest(
  { account }: Setting,
  asked: Asked,
  found: AuthorizationRequest,
  goal: Goal,
): readonly [Asked, AuthorizationRequest] {
  const { who, within } = asked
  const parts = within === undefined ? [] : plainParts(within)
  const isAnybody = who.only === undefined && (who.kind === 'user' || who.kind === 'session')
  const described = (who.kind === 'user' ? account.users : account.roles).map(({ arn }) => arn)
  const strangers = isAnybody ? [{ ...who, except: [...(who.except ?? []), ...described] }] : []
  for (const somebody of [...strangers, who])
    for (const part of [...parts, ...(within === undefined ? [] : [within])]) {
      const narrower = { ...asked, who: somebody, within: part }
      const proof = goal.prove(narrower)
      if (proof.proof === 'refuted') return [narrower, proof.request]
    }
  return [asked, found]
}

/**
 * Whether nobody outside of the account is allowed anything. Asked first of whom the resource's policy names at all,
 * which is the same question for most resources: to principals outside nothing else can allow anything.
 */
export function noneAllowedOutside(
  setting: Setting,
  parties: readonly Party[],
  within: Region | undefined,
): Answer {
  return together(
    parties.map((party) => {
      const { resourcePolicy } = party.question.layers
      if (resourcePolicy !== undefined) {
        const layers = { ...party.question.layers, resourcePolicy: namesOnly(resourcePolicy) }
        if (setting.prover.nothing({ ...party.question, layers }).proof === 'proved')
          return { proof: 'proved', world: 'allActions' }
      }
      const asked = askedOf(party, within)
      return answerOf(setting, party, asked, setting.prover.nothing(asked))
    }),
  )
}

const reduced = new WeakMap<Policy, Policy>()

/** A policy that allows everything to everybody whom an Allow of a resource's policy names. */
function namesOnly(policy: Policy): Policy {
  let names = reduced.get(policy)
  if (names === undefined) {
    const principals = new Map(
      policy.statements.flatMap(({ effect, principal }) =>
        effect === 'Allow' && principal !== undefined ? [[JSON.stringify(principal), principal]] : [],
      ),
    )
    const statements = [...principals.values()].map((one, index) => allowing(one, index, policy.kind))
    names = { kind: policy.kind, name: policy.name, version: '2012-10-17', statements }
    reduced.set(policy, names)
  }
  return names
}

function allowing(principal: PrincipalElement, index: number, kind: Policy['kind']): Statement {
  const action = { negated: false, patterns: [{ source: '*', service: '*', name: '*' }] }
  const resource = { negated: false, patterns: [{ type: 'everything', source: '*' } as const] }
  const all = { index, effect: 'Allow', principal, action, conditions: [] } as const
  return kind === 'trust' ? all : { ...all, resource }
}
