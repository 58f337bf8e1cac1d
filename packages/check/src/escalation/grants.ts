import type { ActionElement, ResourcePattern } from '@ringfence/policy'
import type { Account } from '../account/account.js'
import { identityPoliciesOf, readNamed } from '../account/read-policies.js'
import type { Subject } from './access-oracle.js'
import { matcher } from './text-matcher.js'

/** What the Allow statements of somebody name for an action; what they do not name is not allowed. */
export interface Named {
  /** ARNs, as they are written. */
  readonly exact: ReadonlySet<string>
  readonly patterns: readonly RegExp[]
}

const remembered = new WeakMap<Subject, Map<string, Named>>()

/**
 * Looks only at what statements name, neither at conditions nor at denials: for actions on things without policies of
 * their own, to ask about few of many things. A policy that is not known names everything.
 */
export function namedFor(subject: Subject, action: string, account: Account): Named {
  let byAction = remembered.get(subject)
  if (byAction === undefined) remembered.set(subject, (byAction = new Map<string, Named>()))
  let named = byAction.get(action)
  if (named === undefined) byAction.set(action, (named = find(subject, action.toLowerCase(), account)))
  return named
}

/** Of things by ARN those that are named. */
export function amongNamed<T>({ exact, patterns }: Named, things: ReadonlyMap<string, T>): readonly T[] {
  if (patterns.length === 0) return [...exact].flatMap((arn) => things.get(arn) ?? [])
  const found: T[] = []
  for (const [arn, thing] of things)
    if (exact.has(arn) || patterns.some((pattern) => pattern.test(arn))) found.push(thing)
  return found
}

function find({ principal }: Subject, action: string, account: Account): Named {
  const exact = new Set<string>()
  const patterns = new Set<RegExp>()
  for (const named of identityPoliciesOf(account, principal)) {
    const read = readNamed(named, 'identity')
    if ('unknown' in read) patterns.add(matcher('*'))
    else
      for (const { effect, action: element, resource } of read.policy.statements)
        if (effect === 'Allow' && takesAction(element, action))
          for (const text of resource === undefined || resource.negated
            ? ['*']
            : resource.patterns.map(textOf))
            if (/[*?]/.test(text)) patterns.add(matcher(text))
            else exact.add(text)
  }
  return { exact, patterns: [...patterns] }
}

/** With variables and escapes as stars: they could be anything. */
function textOf({ source }: ResourcePattern): string {
  return source.replaceAll(/\$\{[^}]*\}/g, '*')
}

/** Whether an action, in lower case, is among those of a statement. */
export function takesAction({ negated, patterns }: ActionElement, action: string): boolean {
  const [service, name = ''] = action.split(':')
  const isNamed = patterns.some(
    (pattern) => (pattern.service === '*' || pattern.service === service) && matcher(pattern.name).test(name),
  )
  return isNamed !== negated
}
