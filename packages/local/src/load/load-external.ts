import type { ExternalIdentityProvider, ExternalPrincipal } from '@ringfence/plan'
import { rootArn } from '../iam/identifiers.js'
import { nameKey } from '../iam/tables.js'
import type { LoadContext } from './load-context.js'

const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** Makes what the plan relies on and the account does not have: administrators and identity providers. */
export async function loadExternal(context: LoadContext): Promise<void> {
  for (const external of context.plan.external) {
    if (external.purpose === 'signIn') await loadProvider(context, external)
    else if (external.purpose !== 'administrator') throw new Error(`${external.arn} cannot be made here`)
    else if (external.kind === 'role') await loadRole(context, external)
    else await loadUser(context, external)
  }
}

/** An administrators' role trusts the account, which lets its identity policies decide who takes it. */
async function loadRole({ aws, state }: LoadContext, { name, path }: ExternalPrincipal): Promise<void> {
  if (state.iam.roles.get(nameKey(aws.account, name)) !== undefined) return
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: rootArn(aws.account) }, Action: 'sts:AssumeRole' }],
  }
  await aws.call('iam', 'CreateRole', {
    RoleName: name,
    Path: path,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  })
  await aws.call('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn: administratorAccess })
}

async function loadUser({ aws, state }: LoadContext, { name, path }: ExternalPrincipal): Promise<void> {
  if (state.iam.users.get(nameKey(aws.account, name)) !== undefined) return
  await aws.call('iam', 'CreateUser', { UserName: name, Path: path })
  await aws.call('iam', 'AttachUserPolicy', { UserName: name, PolicyArn: administratorAccess })
}

async function loadProvider({ aws, state }: LoadContext, provider: ExternalIdentityProvider): Promise<void> {
  const { arn, kind } = provider
  const place = [aws.account, arn]
  if (kind === 'oidc') {
    if (state.iam.oidcProviders.get(place) !== undefined) return
    const host = arn.slice(arn.indexOf(':oidc-provider/') + ':oidc-provider/'.length)
    await aws.call('iam', 'CreateOpenIDConnectProvider', {
      Url: `https://${host}`,
      ClientIDList: ['sts.amazonaws.com'],
    })
    return
  }
  if (state.iam.samlProviders.get(place) !== undefined) return
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  await aws.call('iam', 'CreateSAMLProvider', { Name: name, SAMLMetadataDocument: samlMetadata(arn) })
}

/** Metadata of a provider that signs nothing: it stands for the real one, made elsewhere. */
function samlMetadata(arn: string): string {
  const descriptor = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${arn}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>`
  return descriptor.padEnd(1000)
}
