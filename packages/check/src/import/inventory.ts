import type { PolicyKind } from '@ringfence/policy'
import type { NamedPolicy, Unknown } from '../account/account.js'
import type { ImportDiagnostic } from './diagnostic.js'
import {
  draftIdentity,
  draftResource,
  type Fact,
  type IdentityDraft,
  type IdentityKind,
  type PolicyVersion,
  type ResourceDraft,
  type Source,
} from './drafts.js'
import { readDocument } from './policy-document.js'
import { placeOf } from './settle.js'
import { Undetermined } from './undetermined.js'

/** Which account an input is about. */
export interface Scope {
  /** 12 digits. */
  readonly account: string
  readonly partition: string
  readonly region?: string
}

/** What files say, gathered thing by thing; `accountOf` makes the account of it. */
export class Inventory {
  readonly identities = new Map<string, IdentityDraft>()
  /** By ARN. */
  readonly managedPolicies = new Map<string, Fact<readonly PolicyVersion[]>[]>()
  readonly resources = new Map<string, ResourceDraft>()
  /** By folder, and in it by name. */
  readonly serviceControl = new Map<string, Map<string, NamedPolicy>>()
  readonly resourceControl = new Map<string, Map<string, NamedPolicy>>()
  /** Of states: by id and by address. */
  readonly organizationPolicies = new Map<
    string,
    { readonly kind: 'serviceControl' | 'resourceControl'; readonly policy: NamedPolicy }
  >()
  readonly organizationAttachments: {
    /** One of them is that of the policy. */
    readonly ids: readonly string[]
    readonly level: string
    readonly address: string
    readonly source: Source
  }[] = []
  readonly managementAccounts = new Set<string>()
  /** IDs of organizations that files are about. */
  readonly organizations = new Set<string>()
  readonly accountBlocks: ResourceDraft['blocks'] = []
  readonly identityProviders = new Set<string>()
  /** Of which kinds a file lists all there are. */
  readonly complete = new Set<IdentityKind | 'samlProviders' | 'oidcProviders' | 'buckets'>()
  /** Regions of which a file lists all keys, or all aliases of keys. */
  readonly listed = { keys: new Set<string>(), aliases: new Set<string>() }
  readonly unknowns: Unknown[] = []
  readonly diagnostics: ImportDiagnostic[] = []

  constructor(readonly scope: Scope) {}

  /** The one of that name; IAM tells names apart neither by case nor by path. */
  identity(kind: IdentityKind, name: string): IdentityDraft {
    return ensure(this.identities, `${kind}/${name.toLowerCase()}`, () => draftIdentity(kind, name))
  }

  bucket(name: string): ResourceDraft {
    const arn = `arn:${this.scope.partition}:s3:::${name}`
    return ensure(this.resources, arn, () => draftResource('bucket', arn, name))
  }

  /** @param region of the key, where a file tells it. */
  key(id: string, region = this.scope.region): ResourceDraft {
    const arn = `arn:${this.scope.partition}:kms:${region ?? '*'}:${this.scope.account}:key/${id}`
    return ensure(this.resources, `key/${id}`, () => draftResource('key', arn, id))
  }

  /** A key whose id AWS picks: what a template calls it, and which one. */
  newKey(as: string, template: string): ResourceDraft {
    const { account, partition, region } = this.scope
    const arn = `arn:${partition}:kms:${region ?? '*'}:${account}:key/*`
    return ensure(this.resources, `key ${as} of ${template}`, () => draftResource('key', arn, as))
  }

  /** Anything else with a policy of its own. */
  other(arn: string, name: string): ResourceDraft {
    return ensure(this.resources, arn, () => draftResource('other', arn, name))
  }

  /** The policy, or its name alone with the reason among what is not known. */
  policy(name: string, value: unknown, kind: PolicyKind, source: Source): NamedPolicy {
    const read = readDocument(value, kind, name)
    if (read.ok) return { name, document: read.document }
    this.unknown(name, 'document', read.reason, source)
    return { name }
  }

  inline(kind: IdentityKind, identity: string, name: string, value: unknown, source: Source): void {
    const title = `inline policy ${name} of ${kind}/${identity}`
    this.identity(kind, identity).inline.push({
      value: this.policy(title, value, 'identity', source),
      source,
    })
  }

  /** Notes a managed policy by its ARN, or that there is one of which nothing is known. */
  attach(kind: IdentityKind, identity: string, arn: string | Undetermined, source: Source): void {
    const draft = this.identity(kind, identity)
    if (typeof arn === 'string') {
      draft.attached.push({ value: arn, source })
      return
    }
    const name = `a managed policy of ${kind}/${identity}`
    this.unknown(name, 'document', `which one it is, is not told: ${arn.reason}`, source)
    draft.inline.push({ value: { name }, source })
  }

  managedPolicy(arn: string, versions: readonly PolicyVersion[], source: Source): void {
    ensure(this.managedPolicies, arn, () => []).push({ value: versions, source })
  }

  unknown(about: string, missing: Unknown['missing'], reason: string, source?: Source): void {
    this.unknowns.push({
      about,
      reason,
      ...(missing === undefined ? {} : { missing }),
      ...(source === undefined ? {} : { source: placeOf({ source }) }),
    })
  }
}

/** The entry of a map; made where there is none. */
export function ensure<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
