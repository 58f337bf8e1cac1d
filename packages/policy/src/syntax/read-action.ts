import type { ActionElement, ActionPattern } from '../policy.js'
import { Remembered } from '../remembered.js'
import type { JsonNode, JsonString } from './json-node.js'
import { readStrings, type Scope } from './scope.js'

const ACTION = /^([A-Za-z0-9-]+):([A-Za-z0-9_*?-]+)$/

const remembered = new Remembered<ActionPattern>(4096)

/** Reads `Action` or `NotAction`. [elements_action, elements_notaction] */
export function readActionElement(
  node: JsonNode,
  negated: boolean,
  path: string,
  scope: Scope,
): ActionElement {
  const patterns = readStrings(node, path, scope).flatMap(
    (value) => readAction(value.node, value.path, scope) ?? [],
  )
  return { negated, patterns, ...(node.span ? { span: node.span } : {}) }
}

function readAction(node: JsonString, path: string, scope: Scope): ActionPattern | undefined {
  const source = node.value
  const known = scope.kind === 'trust' ? undefined : remembered.get(source)
  if (known) return known
  const match = ACTION.exec(source)
  if (scope.kind === 'trust' && match?.[1]!.toLowerCase() !== 'sts' && (match || source === '*')) {
    scope.report.error(
      'ACTION_NOT_ADMITTED',
      `a trust policy admits actions of sts alone, not "${source}"`,
      path,
      node,
      'sts:AssumeRole, sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity, sts:TagSession or sts:SetSourceIdentity',
    )
    return undefined
  }
  if (source === '*') return { source, service: '*', name: '*' }
  if (match) {
    const name = match[2]!.toLowerCase().replaceAll(/\*{2,}/g, '*')
    return remembered.set(source, { source, service: match[1]!.toLowerCase(), name })
  }
  scope.report.error('ACTION_MALFORMED', `"${source}" is no action`, path, node, actionHint(source))
  return undefined
}

function actionHint(source: string): string {
  const colon = source.indexOf(':')
  if (colon < 0) return 'service:Name, such as s3:GetObject, or * alone'
  if (/[*?]/.test(source.slice(0, colon)))
    return 'the service before the colon takes no wildcard; * alone stands for all'
  if (source.includes('${')) return 'policy variables work in Resource and Condition only'
  return 'service:Name with letters, digits, * and ?, without spaces'
}
