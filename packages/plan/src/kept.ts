import { z } from 'zod'

/** One of the access keys of a member: the first has generation 1, each that a rotation makes the next number. */
export interface KeptKey {
  readonly generation: number
  readonly status: 'active' | 'inactive'
  /** ISO 8601 instant, UTC, at which a rotation asked for it. */
  readonly createdAt?: string
  /** ISO 8601 instant, UTC, at which it was deactivated: AWS does not tell. */
  readonly inactiveSince?: string
}

/**
 * What a deployment keeps beside its file, since no file could say it: which keys a rotation has come to, and from
 * when on sessions count. Plain JSON.
 */
export interface Kept {
  /** By member, in the order of their generations; a member that is absent has generation 1 alone, active. */
  readonly accessKeys: Readonly<Record<string, readonly KeptKey[]>>
  /**
   * By the name of a role: ISO 8601 instant, UTC; sessions that were issued before it are refused. An instant is
   * moved forward and never dropped, so that no plan changes by itself.
   */
  readonly revocations: Readonly<Record<string, string>>
  /**
   * By the name of a role, who left it, while its sessions are not refused for certain: some could be taken on until its
   * trust had changed, so that its revocation is to be made again. Absent: nobody.
   */
  readonly leaving?: Readonly<Record<string, Leaving>>
}

/** Who has left a role. */
export interface Leaving {
  /** Names, or subjects where the identity provider or an issuer of tokens knows them by those alone. */
  readonly members: readonly string[]
  /** By the claim that their sessions carry, such as `SAML:sub`, what it says: the role refuses them whenever they began. */
  readonly subjects: Readonly<Record<string, readonly string[]>>
}

export const nothingKept: Kept = { accessKeys: {}, revocations: {} }

/** IAM quota: "Access keys assigned to the IAM user". */
export const keysPerUser = 2

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
const texts = z.array(z.string())
const keptKey = z.strictObject({
  generation: z.int().min(1),
  status: z.enum(['active', 'inactive']),
  createdAt: z.optional(instant),
  inactiveSince: z.optional(instant),
})
const keptSchema = z.strictObject({
  accessKeys: z.record(
    z.string(),
    z
      .array(keptKey)
      .min(1)
      .max(keysPerUser)
      .refine((keys) => keys.every((key, at) => at === 0 || key.generation > keys[at - 1]!.generation)),
  ),
  revocations: z.record(z.string(), instant),
  leaving: z.optional(
    z.record(z.string(), z.strictObject({ members: texts, subjects: z.record(z.string(), texts) })),
  ),
})

/** What a state says is kept; undefined for anything else, such as what a later version writes. */
export function readKept(value: unknown): Kept | undefined {
  const read = keptSchema.safeParse(value)
  return read.success ? (read.data as Kept) : undefined
}

/** The same with one more revocation; an earlier instant than the one that is kept changes nothing. */
export function withRevocation(kept: Kept, role: string, revokedAt: string): Kept {
  const before = kept.revocations[role]
  if (before !== undefined && before >= revokedAt) return kept
  return { ...kept, revocations: { ...kept.revocations, [role]: revokedAt } }
}
