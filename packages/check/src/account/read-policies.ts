import type { Policy, PolicyKind } from '@ringfence/policy'
import { printDiagnostic, readPolicy } from '@ringfence/policy'
import type { Account, AccountGroup, ManagedPolicy, NamedPolicy, Unknown } from './account.js'
import { indexBy } from './index-by.js'

/** A policy as the prover reads it, or why it cannot be. */
export type ReadPolicy = { readonly policy: Policy } | { readonly unknown: Unknown }

const remembered = new WeakMap<NamedPolicy, Map<PolicyKind, ReadPolicy>>()
const documents = new WeakMap<Policy, unknown>()

/** Says what document a policy stands for that was not read from one. */
export function sayContent(policy: Policy, document: unknown): void {
  documents.set(policy, document)
}

/** A text that two policies have in common only if they say the same. Statements may be called differently. */
export function contentOf(policy: Policy): string {
  return withoutNames(documents.get(policy) ?? policy.statements)
}

/** The same of a policy that has not been read. What is not known of one policy is not what is not known of another. */
export function contentOfDocument({ document, name }: NamedPolicy): string {
  return document === undefined ? `unknown ${name}` : withoutNames(document)
}

const contents = new WeakMap<object, string>()

function withoutNames(document: unknown): string {
  if (typeof document !== 'object' || document === null) return JSON.stringify(document)
  let content = contents.get(document)
  if (content === undefined)
    contents.set(document, (content = JSON.stringify(document).replaceAll(/"[Ss]id":"[^"\\]*",?/g, '')))
  return content
}

/**
 * Reads a policy of an account; once, however often it is asked for. One without a document, and one that AWS would
 * not take, is an `Unknown` that names it.
 */
export function readNamed(named: NamedPolicy, kind: PolicyKind): ReadPolicy {
  let byKind = remembered.get(named)
  if (byKind === undefined) remembered.set(named, (byKind = new Map()))
  let read = byKind.get(kind)
  if (read === undefined) byKind.set(kind, (read = readOnce(named, kind)))
  return read
}

function readOnce({ name, document }: NamedPolicy, kind: PolicyKind): ReadPolicy {
  if (document === undefined) return { unknown: { about: name, reason: 'what the policy says is not known' } }
  const options = { kind, name }
  const result = readPolicy(document, options)
  if (result.ok) {
    documents.set(result.policy, document)
    return { policy: result.policy }
  }
  const problem = result.diagnostics.find(({ severity }) => severity === 'error')
  const reason = problem === undefined ? 'it cannot be read' : printDiagnostic(problem)
  return { unknown: { about: name, reason: `the policy is not understood: ${reason}` } }
}

/** Where the things of an account are by their names. */
export interface AccountIndex {
  readonly managed: ReadonlyMap<string, ManagedPolicy>
  /** By name. */
  readonly groups: ReadonlyMap<string, AccountGroup>
}

const indexes = new WeakMap<Account, AccountIndex>()

function indexAccount(account: Account): AccountIndex {
  let index = indexes.get(account)
  if (index === undefined) {
    index = {
      managed: indexBy(account.managedPolicies, ({ arn }) => arn),
      groups: indexBy(account.groups, ({ name }) => name),
    }
    indexes.set(account, index)
  }
  return index
}

/** The version of a managed policy that is in force; by itself an unknown policy where the account has none. */
export function managedPolicyOf(account: Account, arn: string): NamedPolicy {
  const versions = indexAccount(account).managed.get(arn)?.versions ?? []
  return versions.find(({ isDefault }) => isDefault) ?? missingPolicyOf(account, arn)
}

const missing = new WeakMap<Account, Map<string, NamedPolicy>>()

/** One object for each ARN, so that it is read once. */
function missingPolicyOf(account: Account, arn: string): NamedPolicy {
  let byArn = missing.get(account)
  if (byArn === undefined) missing.set(account, (byArn = new Map()))
  let policy = byArn.get(arn)
  if (policy === undefined) byArn.set(arn, (policy = { name: arn }))
  return policy
}

/** All identity policies of a user, with those of its groups, or of a role; each once. */
export function identityPoliciesOf(
  account: Account,
  principal: {
    readonly attached: readonly string[]
    readonly inline: readonly NamedPolicy[]
    readonly groups?: readonly string[]
  },
): readonly NamedPolicy[] {
  const { groups } = indexAccount(account)
  const found = new Set<NamedPolicy>()
  const add = ({ attached, inline }: Pick<AccountGroup, 'attached' | 'inline'>): void => {
    for (const one of inline) found.add(one)
    for (const arn of attached) found.add(managedPolicyOf(account, arn))
  }
  add(principal)
  for (const name of principal.groups ?? []) {
    const group = groups.get(name)
    if (group !== undefined) add(group)
  }
  return [...found]
}
