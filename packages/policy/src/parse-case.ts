import { isTrustRequest } from './authorize/action.js'
import { CaseValues, describe, isRecord, join } from './case-values.js'
import { compilePolicy, type CompiledPolicy } from './compile.js'
import type { PolicyDiagnostic } from './diagnostic.js'
import type { KeyGrant, Layers, PolicyKind, PublicAccessBlock } from './layers.js'
import type { AuthorizationRequest } from './request.js'
import { parsePolicy, readPolicy } from './syntax/parse-policy.js'
import { Report } from './syntax/report.js'

/** A raw case of `simulate`, ready for `authorize`. */
export interface AuthorizationCase {
  readonly request: AuthorizationRequest
  readonly layers: Layers
}

export type CaseResult =
  | {
      readonly ok: true
      readonly value: AuthorizationCase
      readonly diagnostics: readonly PolicyDiagnostic[]
    }
  | { readonly ok: false; readonly value: undefined; readonly diagnostics: readonly PolicyDiagnostic[] }

const CASE_KEYS = [
  'request',
  'identityPolicies',
  'resourcePolicy',
  'permissionsBoundary',
  'serviceControlPolicies',
  'resourceControlPolicies',
  'sessionPolicies',
  'vpcEndpointPolicies',
  'publicAccessBlock',
  'keyGrants',
  'managementAccount',
]
const REQUEST_KEYS = ['principal', 'action', 'resource', 'resourceAccount', 'context', 'canonicalUserId']
const BLOCK_KEYS = ['blockPublicAcls', 'ignorePublicAcls', 'blockPublicPolicy', 'restrictPublicBuckets']
const GRANT_KEYS = [
  'id',
  'granteePrincipal',
  'operations',
  'encryptionContextEquals',
  'encryptionContextSubset',
]

/**
 * Reads one raw case: `{"request": {…}, "identityPolicies": […], …}`. A policy stands alone or as
 * `{"name", "policy"}`, as an object or as its JSON text; each layer's policies are read as that layer's kind. A
 * resource policy is a trust policy when the action assumes a role. Unknown keys are errors.
 */
export function parseCase(value: unknown, options: { readonly name?: string } = {}): CaseResult {
  const report = new Report(options.name ?? 'case')
  const reader = new CaseReader(report)
  const parsed = reader.read(value)
  const diagnostics = report.diagnostics
  if (!parsed || report.hasErrors) return { ok: false, value: undefined, diagnostics }
  return { ok: true, value: parsed, diagnostics }
}

class CaseReader extends CaseValues {
  read(value: unknown): AuthorizationCase | undefined {
    const record = this.record(value, '', CASE_KEYS)
    if (!record) return undefined
    const request = this.request(record['request'])
    const isTrust = request !== undefined && isTrustRequest(request.action, request.resource)
    const layers: Layers = {
      ...this.optional('identityPolicies', record, (entry, path) => this.policies(entry, path, 'identity')),
      ...this.optional('resourcePolicy', record, (entry, path) =>
        this.policy(entry, path, isTrust ? 'trust' : 'resource'),
      ),
      ...this.optional('permissionsBoundary', record, (entry, path) =>
        this.policies(entry, path, 'boundary'),
      ),
      ...this.optional('serviceControlPolicies', record, (entry, path) =>
        this.levels(entry, path, 'serviceControl'),
      ),
      ...this.optional('resourceControlPolicies', record, (entry, path) =>
        this.levels(entry, path, 'resourceControl'),
      ),
      ...this.optional('sessionPolicies', record, (entry, path) => this.policies(entry, path, 'session')),
      ...this.optional('vpcEndpointPolicies', record, (entry, path) =>
        this.policies(entry, path, 'vpcEndpoint'),
      ),
      ...this.optional('publicAccessBlock', record, (entry, path) => this.publicAccessBlock(entry, path)),
      ...this.optional('keyGrants', record, (entry, path) => this.keyGrants(entry, path)),
      ...this.optional('managementAccount', record, (entry, path) => this.account(entry, path)),
    }
    return request && { request, layers }
  }

  private request(value: unknown): AuthorizationRequest | undefined {
    if (value === undefined) {
      this.report.error('CASE_KEY_MISSING', 'a case has a "request"', '')
      return undefined
    }
    const record = this.record(value, 'request', REQUEST_KEYS)
    if (!record) return undefined
    const principal = this.requiredText(record, 'request', 'principal')
    const action = this.requiredText(record, 'request', 'action')
    const resource = this.requiredText(record, 'request', 'resource')
    const resourceAccount =
      record['resourceAccount'] === undefined
        ? undefined
        : this.account(record['resourceAccount'], 'request.resourceAccount')
    const context = record['context'] === undefined ? undefined : this.context(record['context'])
    const canonicalUserId =
      record['canonicalUserId'] === undefined
        ? undefined
        : this.requiredText(record, 'request', 'canonicalUserId')
    if (principal === undefined || action === undefined || resource === undefined) return undefined
    return {
      principal,
      action,
      resource,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
      ...(context === undefined ? {} : { context }),
      ...(canonicalUserId === undefined ? {} : { canonicalUserId }),
    }
  }

  private levels(
    value: unknown,
    path: string,
    kind: PolicyKind,
  ): readonly (readonly CompiledPolicy[])[] | undefined {
    if (!Array.isArray(value) || !value.every((level) => Array.isArray(level))) {
      const hint = 'one list of policies a level, from the root to the account: [[…], […]]'
      this.report.error('CASE_VALUE_MALFORMED', `${path} is a list of lists`, path, undefined, hint)
      return undefined
    }
    return value.map((level, index) => this.policies(level, `${path}[${index}]`, kind) ?? [])
  }

  private policies(value: unknown, path: string, kind: PolicyKind): readonly CompiledPolicy[] | undefined {
    if (!Array.isArray(value)) {
      const message = `${path} is a list of policies, not ${describe(value)}`
      this.report.error('CASE_VALUE_MALFORMED', message, path, undefined, 'put it in brackets: […]')
      return undefined
    }
    return value.flatMap((entry, index) => this.policy(entry, `${path}[${index}]`, kind) ?? [])
  }

  private policy(value: unknown, path: string, kind: PolicyKind): CompiledPolicy | undefined {
    let document = value
    let name = path
    if (isRecord(value) && ('policy' in value || 'name' in value)) {
      const record = this.record(value, path, ['name', 'policy'])!
      if (record['name'] !== undefined) name = this.requiredText(record, path, 'name') ?? path
      document = record['policy']
      if (document === undefined) {
        this.report.error('CASE_KEY_MISSING', `${path} has a "policy"`, path)
        return undefined
      }
    }
    const options = { kind, name }
    const result =
      typeof document === 'string' ? parsePolicy(document, options) : readPolicy(document, options)
    this.report.diagnostics.push(...result.diagnostics)
    return result.ok ? compilePolicy(result.policy) : undefined
  }

  private publicAccessBlock(value: unknown, path: string): PublicAccessBlock | undefined {
    const record = this.record(value, path, BLOCK_KEYS)
    if (!record) return undefined
    const setting = (key: string): boolean => {
      const entry = record[key]
      if (entry !== undefined && typeof entry !== 'boolean')
        this.report.error(
          'CASE_VALUE_MALFORMED',
          `${path}.${key} is true or false, not ${describe(entry)}`,
          join(path, key),
        )
      return entry === true
    }
    return {
      blockPublicAcls: setting('blockPublicAcls'),
      ignorePublicAcls: setting('ignorePublicAcls'),
      blockPublicPolicy: setting('blockPublicPolicy'),
      restrictPublicBuckets: setting('restrictPublicBuckets'),
    }
  }

  private keyGrants(value: unknown, path: string): readonly KeyGrant[] | undefined {
    if (!Array.isArray(value)) {
      this.report.error('CASE_VALUE_MALFORMED', `${path} is a list of grants, not ${describe(value)}`, path)
      return undefined
    }
    return value.flatMap((entry: unknown, index) => this.keyGrant(entry, `${path}[${index}]`) ?? [])
  }

  private keyGrant(value: unknown, path: string): KeyGrant | undefined {
    const record = this.record(value, path, GRANT_KEYS)
    if (!record) return undefined
    const id = this.requiredText(record, path, 'id')
    const granteePrincipal = this.requiredText(record, path, 'granteePrincipal')
    const operations = record['operations']
    if (!Array.isArray(operations) || !operations.every((operation) => typeof operation === 'string')) {
      const place = `${path}.operations`
      this.report.error(
        'CASE_VALUE_MALFORMED',
        `${place} is a list of strings`,
        place,
        undefined,
        '["Decrypt"]',
      )
      return undefined
    }
    const equals = this.pairs(record['encryptionContextEquals'], `${path}.encryptionContextEquals`)
    const subset = this.pairs(record['encryptionContextSubset'], `${path}.encryptionContextSubset`)
    if (id === undefined || granteePrincipal === undefined) return undefined
    return {
      id,
      granteePrincipal,
      operations: operations as string[],
      ...(equals ? { encryptionContextEquals: equals } : {}),
      ...(subset ? { encryptionContextSubset: subset } : {}),
    }
  }
}
