import type { CompiledPolicy, ContextValue, Layers, RequestContext } from '@ringfence/policy'
import type { Caller } from '../call.js'
import { rootArn } from '../iam/identifiers.js'
import { defaultDocument, findPolicy } from '../iam/policy-uses.js'
import type { GroupRecord, RoleRecord, UserRecord } from '../iam/records.js'
import type { IamTables } from '../iam/tables.js'
import { nameKey } from '../iam/tables.js'
import { serviceControlsOf } from '../organizations/service-controls.js'
import type { OrganizationTables } from '../organizations/tables.js'
import { findOrganization } from '../organizations/tables.js'
import type { CompiledPolicies } from './compiled-policies.js'

/** The layers and condition keys that follow from who asks, whatever is asked. */
export interface PrincipalView {
  readonly layers: Pick<
    Layers,
    'identityPolicies' | 'permissionsBoundary' | 'sessionPolicies' | 'serviceControlPolicies'
  >
  readonly context: RequestContext
}

const fullAccess = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'FullAWSAccess', Effect: 'Allow', Action: '*', Resource: '*' }],
})

const maximumPrincipals = 20_000

/** Gathers what is known of principals and keeps it until `forget` is called after a change of IAM. */
export class Principals {
  readonly #views = new Map<string, PrincipalView>()

  constructor(
    private readonly iam: IamTables,
    private readonly organizations: OrganizationTables,
    private readonly compiled: CompiledPolicies,
  ) {}

  forget(): void {
    this.#views.clear()
  }

  of(caller: Caller): PrincipalView {
    const id = `${caller.accessKeyId ?? ''} ${caller.principal}${caller.loadsPlan === true ? ' loads' : ''}`
    let view = this.#views.get(id)
    if (view === undefined) {
      view = this.#gather(caller)
      if (this.#views.size >= maximumPrincipals) this.#views.clear()
      // In-process sessions have no key of their own: what holds for one need not hold for the next.
      if (caller.session === undefined || caller.accessKeyId !== undefined) this.#views.set(id, view)
    }
    return view
  }

  #gather(caller: Caller): PrincipalView {
    const { principal, account } = caller
    if (principal === 'anonymous') {
      return { layers: {}, context: { 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' } }
    }
    const serviceControlPolicies = caller.loadsPlan === true ? undefined : this.#serviceControls(account)
    const source = caller.session?.source ?? principal
    const holder = this.#holder(source, caller)
    const context: Record<string, ContextValue> = {
      'aws:PrincipalArn':
        caller.session === undefined || principal.includes(':federated-user/') ? principal : source,
      'aws:PrincipalAccount': account,
      'aws:PrincipalType': principalType(principal),
      'aws:userid': caller.userId,
      'aws:PrincipalIsAWSService': false,
      'aws:ViaAWSService': false,
      ...organizationContext(this.organizations, account),
      ...tagContext(caller, holder),
      ...sessionContext(caller),
    }
    if (holder !== undefined && 'groups' in holder && principal === holder.arn) {
      context['aws:username'] = holder.name
    }
    const sessionPolicies = this.#sessionPolicies(caller)
    if (source === rootArn(account)) {
      const identityPolicies =
        principal === source ? undefined : [this.compiled.get('identity', source, fullAccess)]
      return { layers: { identityPolicies, sessionPolicies, serviceControlPolicies }, context }
    }
    return {
      layers: {
        identityPolicies: holder === undefined ? [] : this.#identityPolicies(holder),
        permissionsBoundary: this.#boundary(holder),
        sessionPolicies,
        serviceControlPolicies,
      },
      context,
    }
  }

  /**
   * The user or role behind the credentials, unless it is gone: then nothing is allowed, even if another one
   * has taken its name.
   */
  #holder(arn: string, caller: Caller): UserRecord | RoleRecord | undefined {
    const [, account = '', kind] = /^arn:aws:iam::(\d{12}):(user|role)\//.exec(arn) ?? []
    if (kind === undefined) return undefined
    const key = nameKey(account, arn.slice(arn.lastIndexOf('/') + 1))
    const found = kind === 'user' ? this.iam.users.get(key) : this.iam.roles.get(key)
    if (found?.arn !== arn) return undefined
    const id = caller.session?.sourceId ?? caller.userId.split(':')[0]
    return id === found.id ? found : undefined
  }

  #identityPolicies(holder: UserRecord | RoleRecord): CompiledPolicy[] {
    const groups =
      'groups' in holder
        ? holder.groups.flatMap((name) => this.iam.groups.get(nameKey(holder.account, name)) ?? [])
        : []
    return [holder, ...groups].flatMap((one) => this.#policiesOf(one))
  }

  #policiesOf(holder: GroupRecord | UserRecord | RoleRecord): CompiledPolicy[] {
    const inline = Object.entries(holder.inline).map(([name, text]) =>
      this.compiled.get('identity', `${holder.arn}#${name}`, text),
    )
    const attached = holder.attached.flatMap((arn) => this.#managed('identity', holder.account, arn) ?? [])
    return [...inline, ...attached]
  }

  #managed(kind: 'identity' | 'boundary', account: string, arn: string): CompiledPolicy | undefined {
    const policy = findPolicy(this.iam, account, arn)
    return policy === undefined ? undefined : this.compiled.get(kind, arn, defaultDocument(policy))
  }

  #boundary(holder: UserRecord | RoleRecord | undefined): CompiledPolicy[] | undefined {
    if (holder?.boundary === undefined) return undefined
    // A boundary whose policy is gone allows nothing.
    return [this.#managed('boundary', holder.account, holder.boundary) ?? []].flat()
  }

  #sessionPolicies({ session, principal, accessKeyId }: Caller): CompiledPolicy[] | undefined {
    if (session === undefined) return undefined
    const federated = principal.includes(':federated-user/')
    if (session.policies === undefined) return federated ? [] : undefined
    return session.policies.map((text, index) =>
      this.compiled.get('session', `${principal}#session-${accessKeyId ?? ''}-${index}`, text),
    )
  }

  #serviceControls(account: string): CompiledPolicy[][] | undefined {
    return serviceControlsOf(this.organizations, account)?.map((level) =>
      level.map(({ name, content }) => this.compiled.get('serviceControl', name, content)),
    )
  }
}

/** For principals of member accounts, the management account among them; accounts are below the root here. */
function organizationContext(tables: OrganizationTables, account: string): RequestContext {
  const organization = findOrganization(tables)
  if (organization?.members.some(({ id }) => id === account) !== true) return {}
  const { id, rootId } = organization
  return { 'aws:PrincipalOrgID': id, 'aws:PrincipalOrgPaths': [`${id}/${rootId}/`] }
}

function principalType(principal: string): string {
  if (principal.endsWith(':root')) return 'Account'
  if (principal.includes(':assumed-role/')) return 'AssumedRole'
  return principal.includes(':federated-user/') ? 'FederatedUser' : 'User'
}

/** Tags of the user or role, and over them those of the session (IAM User Guide, "Session tags"). */
function tagContext(caller: Caller, holder: UserRecord | RoleRecord | undefined): RequestContext {
  const tags: Record<string, string> = {}
  const own = caller.principal.includes(':federated-user/') ? {} : (holder?.tags ?? {})
  for (const [key, value] of Object.entries(own)) tags[key] = value
  for (const [key, value] of Object.entries(caller.session?.tags ?? {})) {
    const old = Object.keys(tags).find((name) => name.toLowerCase() === key.toLowerCase())
    if (old !== undefined) delete tags[old]
    tags[key] = value
  }
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]))
}

/** Keys that only temporary credentials have (IAM User Guide, "Global condition keys"). */
function sessionContext({ session }: Caller): RequestContext {
  if (session === undefined) return {}
  return {
    'aws:TokenIssueTime': new Date(session.issuedAtMs).toISOString(),
    'aws:MultiFactorAuthPresent': session.mfaAuthenticated,
    ...(session.sourceIdentity === undefined ? {} : { 'aws:SourceIdentity': session.sourceIdentity }),
    ...(session.federatedProvider === undefined
      ? {}
      : { 'aws:FederatedProvider': session.federatedProvider }),
    ...session.claims,
  }
}
