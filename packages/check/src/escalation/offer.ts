import type { ContextValue } from '@ringfence/policy'
import type { Fact } from './fact.js'
import type { Step } from './step.js'

/** One request of a step, as it is made. */
export interface Request {
  readonly action: string
  /** May hold `*`: some resource that it matches. */
  readonly resource: string
  readonly keys: Readonly<Record<string, ContextValue | null>>
}

/** A request in which an identity provider vouches for somebody. */
export interface SignIn {
  /** ARN. */
  readonly provider: string
  readonly action: 'sts:AssumeRoleWithSAML' | 'sts:AssumeRoleWithWebIdentity'
  /** Condition keys that its token is known to have. */
  readonly claims: Readonly<Record<string, string>>
}

/** A step that somebody could take, whether allowed or not. */
export interface Candidate {
  readonly step: Step
  /** ARN of whom or what the step is done to. */
  readonly target: string
  /** ARN of whose permissions change; of whom one becomes. */
  readonly concerns: string
  readonly gives: readonly Fact[]
  readonly requests: readonly Request[]
  /** Whose trust policy decides, besides. */
  readonly assumes?: string
  /** The host of the service that the target has to trust. */
  readonly service?: string
  /** How an identity provider signs the caller in to the target. */
  readonly signIn?: SignIn
  /** What is taken to exist and not known to, in words. */
  readonly needs: readonly string[]
}

/** The same for the same step on the same target with the same outcome. */
export function candidateKey({ step, target, gives }: Candidate): string {
  return [step.id, target, ...gives.map(({ kind, of, value }) => `${kind} ${of} ${value ?? ''}`)].join('|')
}
