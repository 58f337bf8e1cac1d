import {
  authorize,
  compilePolicy,
  type AccessQuestion,
  type Condition,
  type ContextValue,
  type RequestContext,
} from '@ringfence/policy'

/** Somebody of the kind that a question is about, and the condition keys that all its requests have. */
export interface Determined {
  readonly principal: string
  readonly context: RequestContext
  /** In lower case; what none of the requests has is among them. */
  readonly keys: ReadonlySet<string>
}

/** What is the same in all requests of a question, apart from what it is about. */
export function determinedBy({
  keys = {},
  resourceAccount,
  who,
}: Omit<AccessQuestion, 'within'>): Determined {
  const context: Record<string, ContextValue> = { 'aws:ResourceAccount': resourceAccount }
  const [only, ...more] = who.only ?? []
  const isOne = only !== undefined && more.length === 0 && !/[*?]/.test(only)
  const account = who.account ?? (isOne ? only.split(':')[4] : undefined)
  if (isOne && (who.kind === 'user' || who.kind === 'session')) context['aws:PrincipalArn'] = only
  if (isOne && who.kind === 'user') context['aws:username'] = only.slice(only.lastIndexOf('/') + 1)
  if (isOne && who.kind === 'user' && who.uniqueId !== undefined) context['aws:userid'] = who.uniqueId
  if (account !== undefined && account !== '') context['aws:PrincipalAccount'] = account
  for (const [key, value] of Object.entries(keys)) if (value !== null) context[key] = value
  return {
    principal: `arn:aws:iam::${account ?? '000000000000'}:user/somebody`,
    context,
    keys: new Set([...Object.keys(context), ...Object.keys(keys)].map((key) => key.toLowerCase())),
  }
}

/** Whether a condition holds in all requests of a question, in none of them, or that hangs on the request. */
export function holdsAlways(condition: Condition, determined: Determined): boolean | undefined {
  if (!determined.keys.has(condition.key.toLowerCase())) return undefined
  const hasVariable = condition.values.some(
    (value) => 'text' in value && value.text.parts.some(({ type }) => type === 'variable'),
  )
  if (hasVariable) return undefined
  const policy = compilePolicy({
    kind: 'identity',
    name: 'condition',
    version: '2012-10-17',
    statements: [
      {
        index: 0,
        effect: 'Allow',
        action: { negated: false, patterns: [{ source: '*', service: '*', name: '*' }] },
        resource: { negated: false, patterns: [{ type: 'everything', source: '*' }] },
        conditions: [condition],
      },
    ],
  })
  const request = { principal: determined.principal, action: 's3:GetObject', resource: '*' }
  const decided = authorize({ ...request, context: determined.context }, { identityPolicies: [policy] })
  return decided.decision === 'allow'
}
