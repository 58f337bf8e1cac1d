import { alreadyExists, invalidInput, limitExceeded, noSuchEntity } from './errors.js'
import { iamArn } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { required } from './operation.js'
import type { OidcProviderRecord, SamlProviderRecord } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'
import { readTags, tagList } from './tags.js'

/** Client ids of one OIDC provider and providers of one account (IAM quotas). */
const maximumClientIds = 100
const maximumProviders = 100

export const identityProviderOperations = {
  CreateOpenIDConnectProvider(input, call, { tables, write }) {
    const { account } = call.caller
    const given = required(input.Url, 'url')
    if (!given.startsWith('https://')) throw invalidInput('Invalid Open ID Connect Provider URL')
    const url = given.slice('https://'.length).replace(/\/$/, '')
    const arn = iamArn(account, `oidc-provider/${url}`)
    return write(() => {
      if (tables.oidcProviders.get([account, arn]) !== undefined) {
        throw alreadyExists(`Provider with url ${given} already exists.`)
      }
      if ([...under(tables.oidcProviders, [account])].length >= maximumProviders) {
        throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${maximumProviders}`)
      }
      const provider: OidcProviderRecord = {
        account,
        arn,
        url,
        clientIds: checkClientIds(input.ClientIDList ?? []),
        thumbprints: input.ThumbprintList ?? [],
        tags: readTags(input.Tags),
        createdMs: call.timeMs,
      }
      tables.oidcProviders.put([account, arn], provider)
      return { OpenIDConnectProviderArn: arn, Tags: tagList(provider.tags) }
    })
  },

  GetOpenIDConnectProvider(input, call, { tables }) {
    const provider = getOidc(tables, call.caller.account, input.OpenIDConnectProviderArn)
    return {
      Url: provider.url,
      ClientIDList: [...provider.clientIds],
      ThumbprintList: [...provider.thumbprints],
      CreateDate: new Date(provider.createdMs),
      Tags: tagList(provider.tags),
    }
  },

  ListOpenIDConnectProviders: (_input, call, { tables }) => ({
    OpenIDConnectProviderList: [...under(tables.oidcProviders, [call.caller.account])].map(({ value }) => ({
      Arn: value.arn,
    })),
  }),

  AddClientIDToOpenIDConnectProvider(input, call, { tables, write }) {
    const id = required(input.ClientID, 'clientID')
    return write(() => {
      const provider = getOidc(tables, call.caller.account, input.OpenIDConnectProviderArn)
      const clientIds = checkClientIds([...new Set([...provider.clientIds, id])])
      tables.oidcProviders.put([provider.account, provider.arn], { ...provider, clientIds })
      return {}
    })
  },

  RemoveClientIDFromOpenIDConnectProvider(input, call, { tables, write }) {
    return write(() => {
      const provider = getOidc(tables, call.caller.account, input.OpenIDConnectProviderArn)
      const clientIds = provider.clientIds.filter((id) => id !== input.ClientID)
      tables.oidcProviders.put([provider.account, provider.arn], { ...provider, clientIds })
      return {}
    })
  },

  UpdateOpenIDConnectProviderThumbprint(input, call, { tables, write }) {
    const thumbprints = required(input.ThumbprintList, 'thumbprintList')
    return write(() => {
      const provider = getOidc(tables, call.caller.account, input.OpenIDConnectProviderArn)
      tables.oidcProviders.put([provider.account, provider.arn], { ...provider, thumbprints })
      return {}
    })
  },

  DeleteOpenIDConnectProvider(input, call, { tables, write }) {
    return write(() => {
      const { account, arn } = getOidc(tables, call.caller.account, input.OpenIDConnectProviderArn)
      tables.oidcProviders.delete([account, arn])
      return {}
    })
  },

  CreateSAMLProvider(input, call, { tables, write }) {
    const { account } = call.caller
    const name = required(input.Name, 'name')
    const arn = iamArn(account, `saml-provider/${name}`)
    const metadata = checkMetadata(input.SAMLMetadataDocument)
    return write(() => {
      if (tables.samlProviders.get([account, arn]) !== undefined) {
        throw alreadyExists(`SAML provider ${name} already exists.`)
      }
      const tags = readTags(input.Tags)
      tables.samlProviders.put([account, arn], { account, arn, name, metadata, tags, createdMs: call.timeMs })
      return { SAMLProviderArn: arn, Tags: tagList(tags) }
    })
  },

  GetSAMLProvider(input, call, { tables }) {
    const provider = getSaml(tables, call.caller.account, input.SAMLProviderArn)
    return {
      SAMLMetadataDocument: provider.metadata,
      CreateDate: new Date(provider.createdMs),
      Tags: tagList(provider.tags),
    }
  },

  UpdateSAMLProvider(input, call, { tables, write }) {
    const metadata = checkMetadata(input.SAMLMetadataDocument)
    return write(() => {
      const provider = getSaml(tables, call.caller.account, input.SAMLProviderArn)
      tables.samlProviders.put([provider.account, provider.arn], { ...provider, metadata })
      return { SAMLProviderArn: provider.arn }
    })
  },

  ListSAMLProviders: (_input, call, { tables }) => ({
    SAMLProviderList: [...under(tables.samlProviders, [call.caller.account])].map(({ value }) => ({
      Arn: value.arn,
      CreateDate: new Date(value.createdMs),
    })),
  }),

  DeleteSAMLProvider(input, call, { tables, write }) {
    return write(() => {
      const { account, arn } = getSaml(tables, call.caller.account, input.SAMLProviderArn)
      tables.samlProviders.delete([account, arn])
      return {}
    })
  },
} satisfies IamOperations

function checkClientIds(ids: readonly string[]): readonly string[] {
  if (ids.length <= maximumClientIds) return ids
  throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${maximumClientIds}`)
}

/** AWS takes 1,000 to 10,000,000 characters of XML with an entity descriptor. */
function checkMetadata(text: string | undefined): string {
  const metadata = required(text, 'sAMLMetadataDocument')
  const sized = metadata.length >= 1000 && metadata.length <= 10_000_000
  if (sized && metadata.includes('EntityDescriptor')) return metadata
  throw invalidInput('Could not parse metadata')
}

function getOidc(tables: IamTables, account: string, arn: string | undefined): OidcProviderRecord {
  const provider = tables.oidcProviders.get([account, required(arn, 'openIDConnectProviderArn')])
  if (provider !== undefined) return provider
  throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`)
}

function getSaml(tables: IamTables, account: string, arn: string | undefined): SamlProviderRecord {
  const provider = tables.samlProviders.get([account, required(arn, 'sAMLProviderArn')])
  if (provider !== undefined) return provider
  throw noSuchEntity(`Manifest not found for arn ${arn}`)
}
