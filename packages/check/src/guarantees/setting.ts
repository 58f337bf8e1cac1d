import type { AuthorizationRequest, PolicyLayers, Proof } from '@ringfence/policy'
import type { Account } from '../account/account.js'
import { unknownWords } from '../account/unknown-words.js'
import type { Layered } from '../account/layers-of.js'
import type { DeclaredWorld } from './declared-world.js'
import { explainRefutation } from './explain-refutation.js'
import type { Answer } from './finding.js'
import type { GrantedRegions } from './granted-regions.js'
import type { Kept } from './again/kept.js'
import type { Asked, Prover } from './prover.js'
import type { Region } from './region.js'
import type { Unchanged } from './again/unchanged.js'

/** What every part of a check works with. */
export interface Setting {
  readonly world: DeclaredWorld
  readonly account: Account
  readonly prover: Prover
  readonly regions: GrantedRegions
  readonly unchanged: Unchanged
  readonly kept: Kept
}

/** Somebody who may ask, and the policies around them. */
export interface Party extends Layered {
  /** For sentences. */
  readonly called: string
  /** Layers that allow more and ask less: what holds under these holds under all of them. */
  readonly lenient?: PolicyLayers
  /** Only these of their requests; as well as what the question is limited to. */
  readonly assuming?: Region
}

/** What the prover found, with what it found explained. `who` stands where the account does not know the principal. */
export function answerOf(
  setting: Setting,
  party: Pick<Party, 'called' | 'unknowns'>,
  asked: Asked,
  proof: Proof,
): Answer {
  const [unknown] = party.unknowns
  switch (proof.proof) {
    case 'proved':
      return { proof: 'proved', world: proof.world }
    case 'unknown':
      return { proof: 'unknown', reason: proof.reason }
    case 'refuted':
      if (unknown !== undefined) return { proof: 'unknown', reason: unknownWords(unknown) }
      return {
        proof: 'refuted',
        refutation: explainRefutation(
          setting.account,
          asked,
          proof.request,
          nameOf(setting.account, proof.request) ?? party.called,
        ),
      }
  }
}

const names = new WeakMap<Account, ReadonlyMap<string, string>>()

/** What the file calls whoever sends a request. */
export function nameOf(account: Account, { context, principal }: AuthorizationRequest): string | undefined {
  let byArn = names.get(account)
  if (byArn === undefined) {
    const everybody = [...account.users, ...account.roles]
    byArn = new Map(
      everybody.flatMap(({ arn, declared }) =>
        declared === undefined || declared === 'administrator' ? [] : [[arn, declared]],
      ),
    )
    names.set(account, byArn)
  }
  const role = Object.entries(context ?? {}).find(([key]) => key.toLowerCase() === 'aws:principalarn')?.[1]
  return byArn.get(principal) ?? (typeof role === 'string' ? byArn.get(role) : undefined)
}
