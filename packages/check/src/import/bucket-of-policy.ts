import { parseArn } from './arn.js'
import { field, textField } from './fields.js'

/**
 * The bucket of a policy whose file does not say whose it is: each statement names a principal, and all resources are
 * one bucket and what is in it. Undefined: it could be another's.
 */
export function bucketOfPolicy(document: unknown): string | undefined {
  const statements = [field(document, 'Statement')].flat()
  const names = new Set<string | undefined>()
  for (const statement of statements) {
    const hasPrincipal =
      field(statement, 'Principal') !== undefined || field(statement, 'NotPrincipal') !== undefined
    const resources = [field(statement, 'Resource')].flat()
    if (!hasPrincipal) return undefined
    for (const resource of resources) names.add(bucketOf(resource))
  }
  const [name] = names
  return names.size === 1 ? name : undefined
}

function bucketOf(resource: unknown): string | undefined {
  const arn = parseArn(resource)
  const name = arn?.service === 's3' ? arn.resource.split('/')[0] : undefined
  return name === undefined || /[*?$]/.test(name) ? undefined : name
}

/** A document that may be JSON as text, as far as it can be read. */
export function looseDocument(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** The document of an answer such as `{"Policy": "{…}"}`, or the bare document itself. */
export function documentIn(value: unknown): unknown {
  if (field(value, 'Statement') !== undefined) return value
  return textField(value, 'Policy') ?? field(value, 'Policy')
}
