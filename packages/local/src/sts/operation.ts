import type { STS } from '@aws-sdk/client-sts'
import { parsePolicy } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import { validationError } from '../iam/errors.js'
import { defaultDocument, findPolicy } from '../iam/policy-uses.js'
import type { Tags } from '../iam/records.js'
import type { IamTables } from '../iam/tables.js'
import { readTags } from '../iam/tags.js'
import type { AnyOperation, OperationsOf } from '../operation-types.js'
import type { StsTables } from './records.js'
import type { Trust } from './trust.js'

/** A public key of an identity provider, as a JSON Web Key. */
export type WebIdentityKey = Readonly<Record<string, unknown>>

/** What STS's operations work with. */
export interface StsDeps {
  readonly tables: StsTables
  readonly iam: IamTables
  readonly write: <Result>(work: () => Result) => Promise<Result>
  readonly trust: Trust
  /** The signing keys of an OIDC issuer; nothing is fetched from a network. */
  readonly webIdentityKeys: (issuer: string) => readonly WebIdentityKey[]
}

export type StsOperations = Partial<OperationsOf<STS, StsDeps>>
export type AnyStsOperation = AnyOperation<StsDeps>

/** Characters of inline and names of managed session policies (IAM quotas). */
const maximumPolicy = 2048
const maximumPolicyArns = 10

/** Session policies that a request hands in: the texts of the inline one and of the managed ones. */
export function readSessionPolicies(
  iam: IamTables,
  account: string,
  inline: string | undefined,
  arns: readonly { readonly arn?: string | undefined }[] | undefined,
): readonly string[] | undefined {
  if (inline === undefined && (arns === undefined || arns.length === 0)) return undefined
  const texts: string[] = []
  if (inline !== undefined) {
    if (inline.length > maximumPolicy) {
      throw validationError(
        `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${maximumPolicy}`,
      )
    }
    const read = parsePolicy(inline, { kind: 'session', name: 'session policy' })
    if (!read.ok) {
      throw new AwsError('MalformedPolicyDocument', read.diagnostics[0]?.message ?? 'malformed', 400)
    }
    texts.push(inline)
  }
  if ((arns?.length ?? 0) > maximumPolicyArns) {
    throw validationError(`At most ${maximumPolicyArns} managed session policies may be given.`)
  }
  for (const { arn = '' } of arns ?? []) {
    const policy = findPolicy(iam, account, arn)
    if (policy === undefined)
      throw new AwsError('MalformedPolicyDocument', `Policy ${arn} does not exist.`, 400)
    texts.push(defaultDocument(policy))
  }
  return texts
}

/** Percent of AWS's packed limit that session policies and tags take, at least 1 where there are some. */
export function packedSize(policies: readonly string[] | undefined, tags: Tags): number | undefined {
  const size = [...(policies ?? []), ...Object.entries(tags).flat()].reduce(
    (sum, text) => sum + text.length,
    0,
  )
  return size === 0 ? undefined : Math.max(1, Math.min(100, Math.ceil((size / 16_384) * 100)))
}

/** Session tags; keys are those of the request with the transitive ones of the calling session. */
export function readSessionTags(
  list: Parameters<typeof readTags>[0],
  transitive: readonly string[] | undefined,
  inherited: Tags,
): { readonly tags: Tags; readonly transitiveTagKeys: readonly string[] } {
  const own = readTags(list)
  const ownKeys = new Set(Object.keys(own).map((key) => key.toLowerCase()))
  for (const key of Object.keys(inherited)) {
    if (!ownKeys.has(key.toLowerCase())) continue
    throw validationError(
      `The session tag ${key} is transitive in the calling session and cannot be changed.`,
    )
  }
  for (const key of transitive ?? []) {
    if (ownKeys.has(key.toLowerCase())) continue
    throw validationError(`The transitive tag key ${key} is not among the tags of the request.`)
  }
  return {
    tags: { ...inherited, ...own },
    transitiveTagKeys: [...Object.keys(inherited), ...(transitive ?? [])],
  }
}

/** Seconds within AWS's bounds. */
export function readDuration(seconds: number | undefined, otherwise: number, maximum: number): number {
  const duration = seconds ?? Math.min(otherwise, maximum)
  if (duration < 900) {
    throw validationError(
      `1 validation error detected: Value '${duration}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    )
  }
  if (duration > maximum) {
    throw validationError(
      `1 validation error detected: Value '${duration}' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to ${maximum}`,
    )
  }
  return duration
}

export function checkSessionName(name: string | undefined): string {
  if (name !== undefined && /^[\w+=,.@-]{2,64}$/.test(name)) return name
  throw validationError(
    `1 validation error detected: Value '${name ?? ''}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
  )
}
