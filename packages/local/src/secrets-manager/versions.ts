import { randomUUID } from 'node:crypto'
import type { Call } from '../call.js'
import { exists, invalidParameter } from './errors.js'
import type { SecretRecord, SecretValueRecord, SecretVersionRecord } from './records.js'
import type { SecretsManagerTables } from './tables.js'

export const current = 'AWSCURRENT'
export const previous = 'AWSPREVIOUS'

/** "Secrets Manager removes deprecated versions" beyond that many (User Guide, "Quotas"). */
const maximumVersions = 100

/** What a request says of a new value. */
export interface ValueInput {
  readonly ClientRequestToken?: string | undefined
  readonly SecretString?: string | undefined
  readonly SecretBinary?: Uint8Array | undefined
  readonly VersionStages?: readonly string[] | undefined
}

/** The value in a request; undefined where it has none. */
export function readValue({ SecretString, SecretBinary }: ValueInput): SecretValueRecord | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw invalidParameter('You must provide either SecretString or SecretBinary, and not both.')
  if (SecretString !== undefined) return { text: SecretString }
  return SecretBinary === undefined ? undefined : { bytes: Buffer.from(SecretBinary).toString('base64') }
}

/**
 * The secret with one more version. The same request twice makes one; another value under its token is refused.
 * Labels are taken from whichever version had them, and what was current becomes the previous one.
 */
export function addVersion(
  tables: SecretsManagerTables,
  secret: SecretRecord,
  value: SecretValueRecord,
  input: ValueInput,
  { timeMs }: Pick<Call, 'timeMs'>,
): { readonly secret: SecretRecord; readonly version: SecretVersionRecord } {
  const id = input.ClientRequestToken ?? randomUUID()
  const same = secret.versions.find((version) => version.id === id)
  if (same !== undefined) {
    const kept = tables.values.get([secret.arn, id])
    if (JSON.stringify(kept) === JSON.stringify(value)) return { secret, version: same }
    throw exists(`You can't use ClientRequestToken ${id} because that value is already in use for a version.`)
  }
  const wanted = input.VersionStages ?? [current]
  const stages = secret.versions.length === 0 ? [...new Set([current, ...wanted])] : wanted
  const version: SecretVersionRecord = { id, createdMs: timeMs, stages: [] }
  const moved = stages.reduce((versions, stage) => moveStage(versions, stage, id), [
    ...secret.versions,
    version,
  ] as readonly SecretVersionRecord[])
  tables.values.put([secret.arn, id], value)
  const next = { ...secret, changedMs: timeMs, versions: withoutOldest(tables, secret.arn, moved) }
  return { secret: next, version: next.versions.find((one) => one.id === id) ?? version }
}

/** Gives a label to one version and takes it from the others; without `to` it is only taken away. */
export function moveStage(
  versions: readonly SecretVersionRecord[],
  stage: string,
  to: string | undefined,
): readonly SecretVersionRecord[] {
  const from = versions.find(({ stages }) => stages.includes(stage))
  const moved = versions.map((version) => {
    const rest = version.stages.filter((one) => one !== stage)
    return version.id === to ? { ...version, stages: [...rest, stage] } : { ...version, stages: rest }
  })
  const leaves = stage === current && from !== undefined && from.id !== to
  return leaves ? moveStage(moved, previous, from.id) : moved
}

/** Deprecated versions go first, the oldest of them before the others. */
function withoutOldest(
  tables: SecretsManagerTables,
  arn: string,
  versions: readonly SecretVersionRecord[],
): readonly SecretVersionRecord[] {
  const tooMany = Math.max(0, versions.length - maximumVersions)
  const gone = new Set(
    versions
      .filter(({ stages }) => stages.length === 0)
      .slice(0, tooMany)
      .map(({ id }) => id),
  )
  for (const id of gone) tables.values.delete([arn, id])
  return versions.filter(({ id }) => !gone.has(id))
}
