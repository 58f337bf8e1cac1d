import {
  proveNothingAllowed,
  type AuthorizationRequest,
  type Policy,
  type ProveOptions,
} from '@ringfence/policy'
import type { Unknown } from '../account/account.js'
import { unknownWords } from '../account/unknown-words.js'
import { widest, type Layered, type TakeUnknown } from '../account/layers-of.js'

/** Whether some request is allowed, whatever is not known; `unknown` where it hangs on that. */
export type Reached =
  | { readonly answer: 'yes'; readonly request: AuthorizationRequest }
  | { readonly answer: 'no' }
  | { readonly answer: 'unknown'; readonly reason: string }

/** Nothing is open where what is not known allows everything; something is where it allows nothing. */
export function reached(
  layers: (take: TakeUnknown) => Layered,
  within: Policy,
  options: ProveOptions,
  /** What beside policies may let somebody in. */
  beside: readonly Unknown[] = [],
): Reached {
  const most = layers(widest(beside))
  const open = proveNothingAllowed({ ...most.question, within }, options)
  if (open.proof === 'proved') return { answer: 'no' }
  if (open.proof === 'refuted' && most.unknowns.length + beside.length === 0)
    return { answer: 'yes', request: open.request }
  const least = proveNothingAllowed({ ...layers('nothing').question, within }, options)
  const mayDeny = most.unknowns.some(({ isBounded }) => isBounded !== true)
  // What is not known may deny as well, so that even a request that the rest allows is not certain.
  if (least.proof === 'refuted' && !mayDeny) return { answer: 'yes', request: least.request }
  if (open.proof === 'unknown') return { answer: 'unknown', reason: open.reason }
  const missing = most.unknowns[0] ?? beside[0]
  return { answer: 'unknown', reason: missing ? unknownWords(missing) : 'it is not decided' }
}
