import type { SourceSpan } from '@ringfence/plan'
import type { AuthorizationRequest, DecisionKind, LayerName } from '@ringfence/policy'

/** What a check answers for a declared file. */
export type GuaranteeKind =
  /** What a grant allows works, below its prefix and before its end. */
  | 'works'
  /** Nothing else works, for whoever there can be. */
  | 'nothingElse'
  /** Nobody reaches two stores that the file keeps apart. */
  | 'separate'
  /** Somebody never may, as the file says. */
  | 'never'
  /** Public in none of AWS's senses. */
  | 'notPublic'
  /** Nothing without TLS. */
  | 'tls'
  /** Only administrators change what protects the data. */
  | 'fence'
  /** Administrators can change it, whatever happens. */
  | 'lockOut'

/** A statement that decided about a request, and the lines of the file that asked for it. */
export interface DecidedBy {
  readonly layer: LayerName
  readonly policy: string
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
  readonly declaredAt?: SourceSpan
}

/** A request that a guarantee says is decided otherwise. */
export interface Refutation {
  readonly request: AuthorizationRequest
  /** Who asks, as in a sentence: `member/ada`, `a user of the account who is not in the file`. */
  readonly who: string
  readonly decision: DecisionKind
  readonly decidedBy: readonly DecidedBy[]
  /** Of an implicit deny: the layer that lacks an allow. */
  readonly missing?: LayerName
  /** Steps that come before the request, where it takes some. */
  readonly steps?: readonly string[]
}

/** What is known about one guarantee. */
export interface Finding {
  readonly guarantee: GuaranteeKind
  /** Whom it is about: `team/research`; absent: everybody that there can be. */
  readonly subject?: string
  /** What it is about: `dataset/user-data-a`, `key of dataset/user-data-a`; absent: all else in the account. */
  readonly target?: string
  /** Where the file asks for it. */
  readonly declaredAt: readonly SourceSpan[]
  readonly answer: Answer
}

export type Answer =
  | { readonly proof: 'proved'; readonly world: 'allActions' | 'knownActions' }
  | { readonly proof: 'refuted'; readonly refutation: Refutation }
  | { readonly proof: 'unknown'; readonly reason: string }

/** One answer for several questions that all have to be proved: a refutation first, then what is not known. */
export function together(answers: Iterable<Answer>): Answer {
  let unknown: Answer | undefined
  let world: 'allActions' | 'knownActions' = 'allActions'
  for (const answer of answers) {
    if (answer.proof === 'refuted') return answer
    if (answer.proof === 'unknown') unknown ??= answer
    else if (answer.world === 'knownActions') world = 'knownActions'
  }
  return unknown ?? { proof: 'proved', world }
}
