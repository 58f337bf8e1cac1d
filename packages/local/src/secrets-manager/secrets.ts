import { randomInt } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import { exists, invalidParameter, invalidRequest } from './errors.js'
import { secretPage } from './list-secrets.js'
import type { SecretsManagerOperations } from './operation.js'
import { dropSecret, getLivingSecret, getSecret, isGone, namesOf, putSecret } from './operation.js'
import type { SecretRecord } from './records.js'
import { readSecretTags, tagList, withoutTags } from './tags.js'
import { addVersion, readValue } from './versions.js'

const dayMs = 86_400_000

export const secretOperations = {
  CreateSecret(input, call, deps) {
    const { tables } = deps
    checkKey(input.KmsKeyId)
    if ((input.AddReplicaRegions ?? []).length > 0) throw unsupported('replicas in other regions')
    const name = checkName(input.Name ?? '')
    const value = readValue(input)
    const tags = readSecretTags(input.Tags)
    return deps.write(() => {
      const place = [call.caller.account, call.region, name]
      const present = tables.secrets.get(place)
      if (present !== undefined && isGone(present, call)) dropSecret(tables, present)
      else if (present?.deletionMs !== undefined)
        throw invalidRequest(
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        )
      else if (present !== undefined)
        throw exists(`The operation failed because the secret ${name} already exists.`)
      const made: SecretRecord = {
        account: call.caller.account,
        region: call.region,
        name,
        arn: `arn:aws:secretsmanager:${call.region}:${call.caller.account}:secret:${name}-${randomSuffix()}`,
        ...(input.Description === undefined ? {} : { description: input.Description }),
        tags,
        createdMs: call.timeMs,
        changedMs: call.timeMs,
        versions: [],
      }
      if (value === undefined) {
        putSecret(tables, made)
        return namesOf(made)
      }
      const { secret, version } = addVersion(tables, made, value, input, call)
      putSecret(tables, secret)
      return { ...namesOf(secret), VersionId: version.id }
    })
  },

  DescribeSecret(input, call, deps) {
    const secret = getSecret(deps, call, input.SecretId)
    return { ...describe(secret), VersionIdsToStages: stagesOf(secret) }
  },

  UpdateSecret(input, call, deps) {
    checkKey(input.KmsKeyId)
    const value = readValue(input)
    return deps.write(() => {
      const secret = getLivingSecret(deps, call, input.SecretId)
      const described = {
        ...secret,
        changedMs: call.timeMs,
        ...(input.Description === undefined ? {} : { description: input.Description }),
      }
      if (value === undefined) {
        putSecret(deps.tables, described)
        return namesOf(secret)
      }
      const { secret: next, version } = addVersion(deps.tables, described, value, input, call)
      putSecret(deps.tables, next)
      return { ...namesOf(secret), VersionId: version.id }
    })
  },

  DeleteSecret(input, call, deps) {
    const force = input.ForceDeleteWithoutRecovery ?? false
    const days = input.RecoveryWindowInDays
    if (force && days !== undefined)
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      )
    if (days !== undefined && (days < 7 || days > 30))
      throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
    return deps.write(() => {
      if (force) {
        const secret = getSecret(deps, call, input.SecretId)
        dropSecret(deps.tables, secret)
        return { ...namesOf(secret), DeletionDate: new Date(call.timeMs) }
      }
      const secret = getLivingSecret(deps, call, input.SecretId)
      const deletionMs = call.timeMs + (days ?? 30) * dayMs
      putSecret(deps.tables, { ...secret, deletionMs })
      return { ...namesOf(secret), DeletionDate: new Date(deletionMs) }
    })
  },

  RestoreSecret(input, call, deps) {
    return deps.write(() => {
      const secret = getSecret(deps, call, input.SecretId)
      const { deletionMs: _, ...living } = secret
      putSecret(deps.tables, living)
      return namesOf(secret)
    })
  },

  ListSecrets(input, call, deps) {
    const { items, ...rest } = secretPage(deps.tables, call, input)
    const list = items.map((secret) =>
      Object.assign(describe(secret), { SecretVersionsToStages: stagesOf(secret) }),
    )
    return { SecretList: list, ...rest }
  },

  TagResource(input, call, deps) {
    return deps.write(() => {
      const secret = getLivingSecret(deps, call, input.SecretId)
      putSecret(deps.tables, { ...secret, tags: readSecretTags(input.Tags, secret.tags) })
      return {}
    })
  },

  UntagResource(input, call, deps) {
    return deps.write(() => {
      const secret = getLivingSecret(deps, call, input.SecretId)
      putSecret(deps.tables, { ...secret, tags: withoutTags(secret.tags, input.TagKeys) })
      return {}
    })
  },
} satisfies SecretsManagerOperations

function describe(secret: SecretRecord) {
  const { description, tags, createdMs, changedMs, deletionMs } = secret
  return {
    ...namesOf(secret),
    ...(description === undefined ? {} : { Description: description }),
    LastChangedDate: new Date(changedMs),
    CreatedDate: new Date(createdMs),
    ...(deletionMs === undefined ? {} : { DeletedDate: new Date(deletionMs) }),
    ...(Object.keys(tags).length === 0 ? {} : { Tags: tagList(tags) }),
  }
}

/** Versions that have a label; the others are deprecated and not told. */
function stagesOf({ versions }: SecretRecord): Record<string, string[]> {
  return Object.fromEntries(
    versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, [...stages]]),
  )
}

function checkName(name: string): string {
  if (/^[A-Za-z0-9/_+=.@-]+$/.test(name)) return name
  throw new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@',
    400,
  )
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function randomSuffix(): string {
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')
}

/** Values are under the key that AWS manages; what another key would allow or refuse is not enforced here. */
function checkKey(id: string | undefined): void {
  if (id === undefined || id === 'alias/aws/secretsmanager') return
  throw unsupported('another key than aws/secretsmanager')
}

function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS does not have secrets with ${what}.`, 501)
}
