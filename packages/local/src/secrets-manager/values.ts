import { invalidParameter, notFound } from './errors.js'
import type { SecretsManagerOperations } from './operation.js'
import { getLivingSecret, getSecret, namesOf, putSecret } from './operation.js'
import type { SecretRecord, SecretVersionRecord } from './records.js'
import { addVersion, current, moveStage, readValue } from './versions.js'

export const valueOperations = {
  GetSecretValue(input, call, deps) {
    const secret = getLivingSecret(deps, call, input.SecretId)
    const version = findVersion(secret, input)
    const value = deps.tables.values.get([secret.arn, version.id])
    if (value === undefined) throw notFound()
    return {
      ...namesOf(secret),
      VersionId: version.id,
      ...('text' in value
        ? { SecretString: value.text }
        : { SecretBinary: new Uint8Array(Buffer.from(value.bytes, 'base64')) }),
      VersionStages: [...version.stages],
      CreatedDate: new Date(version.createdMs),
    }
  },

  PutSecretValue(input, call, deps) {
    const value = readValue(input)
    if (value === undefined) throw invalidParameter('You must provide either SecretString or SecretBinary.')
    return deps.write(() => {
      const { secret, version } = addVersion(
        deps.tables,
        getLivingSecret(deps, call, input.SecretId),
        value,
        input,
        call,
      )
      putSecret(deps.tables, secret)
      return { ...namesOf(secret), VersionId: version.id, VersionStages: [...version.stages] }
    })
  },

  ListSecretVersionIds(input, call, deps) {
    const secret = getSecret(deps, call, input.SecretId)
    const shown = secret.versions.filter(
      ({ stages }) => input.IncludeDeprecated === true || stages.length > 0,
    )
    return {
      ...namesOf(secret),
      Versions: shown.map(describeVersion),
    }
  },

  UpdateSecretVersionStage(input, call, deps) {
    const { VersionStage: stage = '', MoveToVersionId: to, RemoveFromVersionId: from } = input
    return deps.write(() => {
      const secret = getLivingSecret(deps, call, input.SecretId)
      const holder = secret.versions.find(({ stages }) => stages.includes(stage))
      for (const id of [to, from])
        if (id !== undefined && !secret.versions.some((version) => version.id === id))
          throw notFound('the specified secret version')
      if (holder?.id !== from)
        throw invalidParameter(
          from === undefined
            ? `The staging label ${stage} is currently attached to version ${holder?.id ?? ''}, so you must explicitly reference that version in RemoveFromVersionId.`
            : `The parameter RemoveFromVersionId can't be ${from}. Staging label ${stage} is currently attached to version ${holder?.id ?? 'none'}.`,
        )
      if (stage === current && to === undefined)
        throw invalidParameter(
          'You must specify MoveToVersionId to move the staging label AWSCURRENT: a secret has a current version.',
        )
      putSecret(deps.tables, {
        ...secret,
        changedMs: call.timeMs,
        versions: moveStage(secret.versions, stage, to),
      })
      return namesOf(secret)
    })
  },
} satisfies SecretsManagerOperations

function describeVersion({ id, stages, createdMs }: SecretVersionRecord) {
  const described = { VersionId: id, CreatedDate: new Date(createdMs) }
  return stages.length === 0 ? described : { ...described, VersionStages: [...stages] }
}

/** By id, by label, or the current one; both have to mean the same version. */
function findVersion(
  { versions }: SecretRecord,
  input: { readonly VersionId?: string | undefined; readonly VersionStage?: string | undefined },
): SecretVersionRecord {
  const { VersionId: id, VersionStage: stage } = input
  if (id !== undefined) {
    const version = versions.find((one) => one.id === id)
    if (version === undefined) throw notFound(`the specified secret value for VersionId: ${id}`)
    if (stage === undefined || version.stages.includes(stage)) return version
    throw invalidParameter("The VersionId and VersionStage don't refer to the same version.")
  }
  const wanted = stage ?? current
  const version = versions.find(({ stages }) => stages.includes(wanted))
  if (version === undefined) throw notFound(`the specified secret value for staging label: ${wanted}`)
  return version
}
