/** One key of a member: what the stack keeps of it, and what AWS has. */
export interface MemberKey {
  readonly generation: number
  /** What is kept, and therefore deployed. */
  readonly status: 'active' | 'inactive'
  /** Epoch milliseconds; of a key that is kept as inactive. */
  readonly inactiveSinceMs?: number
  /** Whether the stack's state has it: a key that is kept and not recorded was never made. */
  readonly recorded: boolean
  /** Epoch milliseconds since when its secret in Secrets Manager says it; undefined: it does not. */
  readonly deliveredMs?: number
  /** Undefined: AWS has no such key. */
  readonly onAws?: KeyOnAws
}

export interface KeyOnAws {
  readonly id: string
  readonly status: 'active' | 'inactive'
  /** Epoch milliseconds. */
  readonly createdMs: number
  readonly lastUse?: KeyUse
}

/** The last use of a key as AWS tells it, which it does some hours late. */
export interface KeyUse {
  /** Epoch milliseconds. */
  readonly atMs: number
  readonly service?: string
  readonly region?: string
}

/** What the file says about the keys of a member. */
export interface KeyRules {
  /** The age, in milliseconds, at which a key is to be rotated; undefined: none. */
  readonly rotateAfterMs?: number
  /** How long, in milliseconds, both keys work, and how long the old one is kept afterwards. */
  readonly overlapMs: number
  /** Where the key is handed over; there the member fetches a new one with the old one. */
  readonly deliver?: 'secretsManager'
}

/** Whether a key signs requests: it is there, and neither the stack nor AWS has deactivated it. */
export function works({ status, onAws }: MemberKey): boolean {
  return status === 'active' && onAws?.status === 'active'
}

/** Whether a key is as old as its member's rules let it become. */
export function isOverLimit({ onAws }: MemberKey, { rotateAfterMs }: KeyRules, nowMs: number): boolean {
  return onAws !== undefined && rotateAfterMs !== undefined && nowMs - onAws.createdMs >= rotateAfterMs
}
