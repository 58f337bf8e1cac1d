import type {
  External,
  ExternalBucket,
  ExternalIdentityProvider,
  ExternalKey,
  ExternalPrincipal,
} from '@ringfence/plan'
import { someReservedRole } from '@ringfence/plan'
import { putReservedRole } from '../identity-center/reserved-roles.js'
import { rootArn } from '../iam/identifiers.js'
import { nameKey } from '../iam/tables.js'
import { newKeyRecord } from '../kms/keys.js'
import { putKey } from '../kms/operation.js'
import { findKey } from '../kms/tables.js'
import { loadIdentityCenter } from './load-identity-center.js'
import type { LoadContext } from './load-context.js'
import { createBucket } from './load-s3.js'

const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** Makes what the plan relies on and the account does not have, so that it can be rehearsed. */
export async function loadExternal(context: LoadContext): Promise<void> {
  for (const external of context.plan.external) await loadOne(context, external)
  const { identityCenter } = context.plan
  if (identityCenter !== undefined) await loadIdentityCenter(context, identityCenter)
}

/**
 * The roles that Identity Center makes, each with a suffix picked: their policies are there by now. Whoever signs in is
 * given their credentials without Identity Center, so that a plan is tried before its second part is deployed.
 */
export async function loadReservedRoles({ aws, nowMs, plan, state, write }: LoadContext): Promise<void> {
  for (const external of plan.external) {
    if (external.kind !== 'reservedRole') continue
    const { path, permissionsBoundary, policyArns } = external
    const { name, provider } = someReservedRole(external)
    await loadProvider(state, aws, { kind: 'saml', arn: provider })
    const role = {
      account: aws.account,
      name,
      path,
      attached: policyArns,
      boundary: permissionsBoundary,
      provider,
    }
    await write(() => putReservedRole(state.iam, role, nowMs()))
  }
}

function loadOne(context: LoadContext, external: External): Promise<void> {
  switch (external.kind) {
    case 'saml':
    case 'oidc':
      return loadProvider(context.state, context.aws, external)
    case 'bucket':
      return loadBucket(context, external)
    case 'key':
      return loadKey(context, external)
    case 'role':
      return loadRole(context, external)
    case 'user':
      return loadUser(context, external)
    case 'group':
      return loadGroup(context, external)
    case 'reservedRole':
      // Refers to policies of the plan, so that it comes after them.
      return Promise.resolve()
  }
}

/**
 * An administrators' role trusts the account, which lets its identity policies decide who takes it. A role that
 * jobs run as trusts SageMaker, and nobody else.
 */
async function loadRole(
  { aws, state }: LoadContext,
  { name, path, purpose }: ExternalPrincipal,
): Promise<void> {
  if (state.iam.roles.get(nameKey(aws.account, name)) !== undefined) return
  const ofAccount = { Principal: { AWS: rootArn(aws.account) } }
  const ofJobs = {
    Principal: { Service: 'sagemaker.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': aws.account } },
  }
  const who = purpose === 'administrator' ? ofAccount : ofJobs
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...who }],
  }
  await aws.call('iam', 'CreateRole', {
    RoleName: name,
    Path: path,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  })
  if (purpose === 'administrator')
    await aws.call('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn: administratorAccess })
}

async function loadUser(
  { aws, state }: LoadContext,
  { name, path, purpose }: ExternalPrincipal,
): Promise<void> {
  if (state.iam.users.get(nameKey(aws.account, name)) !== undefined) return
  await aws.call('iam', 'CreateUser', { UserName: name, Path: path })
  if (purpose === 'administrator')
    await aws.call('iam', 'AttachUserPolicy', { UserName: name, PolicyArn: administratorAccess })
}

async function loadGroup({ aws, state }: LoadContext, { name, path }: ExternalPrincipal): Promise<void> {
  if (state.iam.groups.get(nameKey(aws.account, name)) !== undefined) return
  await aws.call('iam', 'CreateGroup', { GroupName: name, Path: path })
}

async function loadBucket({ aws, region, state }: LoadContext, { name }: ExternalBucket): Promise<void> {
  if (state.s3.bucket(name)?.account === aws.account) return
  await createBucket(aws, region, name)
}

/** Written as it stands: no operation makes a key with an id that is known before. */
async function loadKey(
  { aws, nowMs, region, state, write }: LoadContext,
  { arn }: ExternalKey,
): Promise<void> {
  if (findKey(state.kms, arn, aws.account, region) !== undefined) return
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  await write(() => putKey(state.kms, newKeyRecord(aws.account, region, id, nowMs())))
}

async function loadProvider(
  state: LoadContext['state'],
  aws: LoadContext['aws'],
  { arn, kind }: Pick<ExternalIdentityProvider, 'arn' | 'kind'>,
): Promise<void> {
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
