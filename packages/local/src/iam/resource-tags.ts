import type { Table } from '../call.js'
import type { AwsError } from '../aws-error.js'
import { noSuchEntity } from './errors.js'
import type { IamDeps, IamOperations } from './operation.js'
import { required } from './operation.js'
import { page } from './pages.js'
import type { Tags } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey } from './tables.js'
import { addTags, removeTags, tagList } from './tags.js'
import type { Call } from '../call.js'

interface Tagged {
  readonly tags: Tags
}
type TagList = Parameters<typeof addTags>[1]

/** Tagging of one kind of record, found by its key in a table. */
function taggingOf<Record extends Tagged>(
  tableOf: (tables: IamTables) => Table<Record>,
  keyOf: (account: string, id: string) => readonly string[],
) {
  const find = (tables: IamTables, call: Call, id: string | undefined) => {
    const key = keyOf(call.caller.account, required(id, 'resource'))
    const record = tableOf(tables).get(key)
    if (record === undefined) throw missing(id)
    return { key, record }
  }
  const update = (deps: IamDeps, call: Call, id: string | undefined, change: (tags: Tags) => Tags) =>
    deps.write(() => {
      const { key, record } = find(deps.tables, call, id)
      tableOf(deps.tables).put(key, { ...record, tags: change(record.tags) })
      return {}
    })
  return {
    tag: (deps: IamDeps, call: Call, id: string | undefined, tags: TagList) =>
      update(deps, call, id, (old) => addTags(old, tags)),
    untag: (deps: IamDeps, call: Call, id: string | undefined, keys: readonly string[] | undefined) =>
      update(deps, call, id, (old) => removeTags(old, keys)),
    list: (deps: IamDeps, call: Call, id: string | undefined, input: Parameters<typeof page>[1]) => {
      const { items, ...rest } = page(
        tagList(find(deps.tables, call, id).record.tags),
        input,
        ({ Key }) => Key,
      )
      return { Tags: items, ...rest }
    },
  }
}

function missing(id: string | undefined): AwsError {
  return noSuchEntity(`${id ?? ''} cannot be found.`)
}

const byArn = (account: string, arn: string) => [account, arn]
const profiles = taggingOf((tables) => tables.instanceProfiles, nameKey)
const oidc = taggingOf((tables) => tables.oidcProviders, byArn)
const saml = taggingOf((tables) => tables.samlProviders, byArn)
const devices = taggingOf((tables) => tables.mfaDevices, byArn)

/** Tags of instance profiles, identity providers and MFA devices. */
export const resourceTagOperations = {
  TagInstanceProfile: (input, call, deps) => profiles.tag(deps, call, input.InstanceProfileName, input.Tags),
  UntagInstanceProfile: (input, call, deps) =>
    profiles.untag(deps, call, input.InstanceProfileName, input.TagKeys),
  ListInstanceProfileTags: (input, call, deps) => profiles.list(deps, call, input.InstanceProfileName, input),
  TagOpenIDConnectProvider: (input, call, deps) =>
    oidc.tag(deps, call, input.OpenIDConnectProviderArn, input.Tags),
  UntagOpenIDConnectProvider: (input, call, deps) =>
    oidc.untag(deps, call, input.OpenIDConnectProviderArn, input.TagKeys),
  ListOpenIDConnectProviderTags: (input, call, deps) =>
    oidc.list(deps, call, input.OpenIDConnectProviderArn, input),
  TagSAMLProvider: (input, call, deps) => saml.tag(deps, call, input.SAMLProviderArn, input.Tags),
  UntagSAMLProvider: (input, call, deps) => saml.untag(deps, call, input.SAMLProviderArn, input.TagKeys),
  ListSAMLProviderTags: (input, call, deps) => saml.list(deps, call, input.SAMLProviderArn, input),
  TagMFADevice: (input, call, deps) => devices.tag(deps, call, input.SerialNumber, input.Tags),
  UntagMFADevice: (input, call, deps) => devices.untag(deps, call, input.SerialNumber, input.TagKeys),
  ListMFADeviceTags: (input, call, deps) => devices.list(deps, call, input.SerialNumber, input),
} satisfies IamOperations
