import type { ResourceElement, ResourcePattern, Text } from '../policy.js'
import { Remembered } from '../remembered.js'
import type { JsonNode, JsonString } from './json-node.js'
import { readStrings, type Scope } from './scope.js'
import { printParts, readText, splitArnParts } from './text.js'

/**
 * Reads `Resource` or `NotResource`. `narrows`: a pattern that matches nothing makes the policy allow less, not more, as
 * in `Resource` of an Allow and `NotResource` of a Deny. [elements_resource, elements_notresource]
 */
export function readResourceElement(
  node: JsonNode,
  { narrows, negated }: { readonly narrows: boolean; readonly negated: boolean },
  path: string,
  scope: Scope,
): ResourceElement {
  const patterns = readStrings(node, path, scope).flatMap(
    (value) => readResource(value.node, narrows, value.path, scope) ?? [],
  )
  return { negated, patterns, ...(node.span ? { span: node.span } : {}) }
}

/** Of those about which nothing is to be told. */
const remembered = new Remembered<ResourcePattern>(4096)

function readResource(
  node: JsonString,
  narrows: boolean,
  path: string,
  scope: Scope,
): ResourcePattern | undefined {
  const source = node.value
  if (source === '*') return { type: 'everything', source }
  // Without variables `${…}` is told of.
  const isPlain = scope.variables || !source.includes('${')
  const known = isPlain ? remembered.get(source) : undefined
  if (known) return known
  const { report } = scope
  const rules = { wildcards: true, variables: scope.variables }
  const text = readText(source, rules)
  if (typeof text === 'string') {
    report.error('VARIABLE_MALFORMED', `${text}, in "${source}"`, path, node, "${key} or ${key, 'default'}")
    return undefined
  }
  const segments = source.startsWith('arn:') ? splitArnParts(text.parts) : undefined
  if (!segments) {
    report.error('RESOURCE_MALFORMED', `"${source}" is no ARN`, path, node, resourceHint(source))
    return undefined
  }
  if (segments.slice(0, 5).some((parts) => parts.some((part) => part.type === 'variable'))) {
    return readMisplacedVariable(source, narrows, path, node, scope)
  }
  const pattern: ResourcePattern = {
    type: 'arn',
    source,
    segments: segments.map((parts): Text => ({ source: printParts(parts, rules), parts })),
  }
  if (isPlain) return remembered.set(source, pattern)
  warnOfIgnoredVariable(source, path, node, scope)
  return pattern
}

/**
 * "You can't use a variable to replace parts of the ARN before the fifth colon" [reference_policies_variables, "Resource
 * element"], and yet AWS has managed policies with one. So the variable gets no value, and, as everywhere without one,
 * the pattern matches nothing. Where that would allow more than a value would, the policy is refused.
 */
function readMisplacedVariable(
  source: string,
  narrows: boolean,
  path: string,
  node: JsonString,
  { report }: Scope,
): ResourcePattern | undefined {
  const message = `"${source}" has a policy variable before its fifth colon`
  const hint = 'write partition, service, region and account out, or use a wildcard and a condition'
  if (!narrows) {
    report.error('VARIABLE_MISPLACED', message, path, node, hint)
    return undefined
  }
  report.warning('VARIABLE_MISPLACED', `${message}, so it stands for no resource`, path, node, hint)
  return { type: 'nothing', source }
}

/** ▲ Without `Version: 2012-10-17` a `${…}` is text, which hardly anybody means. [policies_variables] */
export function warnOfIgnoredVariable(source: string, path: string, node: JsonNode, scope: Scope): void {
  if (scope.variables || !source.includes('${')) return
  scope.report.warning(
    'VARIABLE_IGNORED',
    `"${source}" is literal text here: policy variables need version 2012-10-17`,
    path,
    node,
    'add "Version": "2012-10-17"',
  )
}

function resourceHint(source: string): string {
  if (!source.startsWith('arn:')) return 'arn:partition:service:region:account:resource, or * alone'
  return 'an ARN has six segments: arn:partition:service:region:account:resource'
}
