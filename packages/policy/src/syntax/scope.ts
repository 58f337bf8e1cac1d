import type { PolicyKind } from '../layers.js'
import { describeNode, type JsonNode, type JsonString } from './json-node.js'
import type { KindRules } from './kind-rules.js'
import type { Report } from './report.js'

/** What the reader of one element has to know about the document around it. */
export interface Scope {
  readonly kind: PolicyKind
  readonly rules: KindRules
  /** Version 2012-10-17: policy variables mean something. */
  readonly variables: boolean
  readonly report: Report
}

/** The strings of a string or a list of strings; what is no string is reported and left out. */
export function readStrings(
  node: JsonNode,
  path: string,
  scope: Scope,
): readonly { readonly node: JsonString; readonly path: string }[] {
  if (node.type === 'string') return [{ node, path }]
  if (node.type !== 'array') {
    scope.report.error(
      'TYPE_MISMATCH',
      `${path} is a string or a list of strings, not ${describeNode(node)}`,
      path,
      node,
    )
    return []
  }
  if (node.items.length === 0) scope.report.error('ELEMENT_EMPTY', `${path} has no values`, path, node)
  return node.items.flatMap((item, index) => {
    const itemPath = `${path}[${index}]`
    if (item.type === 'string') return [{ node: item, path: itemPath }]
    scope.report.error('TYPE_MISMATCH', `${itemPath} is a string, not ${describeNode(item)}`, itemPath, item)
    return []
  })
}
