import { parseBase64 } from '../match/base64.js'
import { parseInstant } from '../match/date.js'
import { parseIpNetwork } from '../match/ip.js'
import { parseNumber } from '../match/number.js'
import type { ConditionOperator, ConditionValue, Text } from '../policy.js'
import { Remembered } from '../remembered.js'
import { describeNode, type JsonNode } from './json-node.js'
import { warnOfIgnoredVariable } from './read-resource.js'
import type { Scope } from './scope.js'
import { hasVariable, printParts, readText, splitArnParts } from './text.js'

/** Reads one value as the operator's family takes it. [elements_condition_operators] */
export function readConditionValue(
  operator: ConditionOperator,
  node: JsonNode,
  path: string,
  scope: Scope,
): ConditionValue | undefined {
  const source = scalarText(node)
  if (source === undefined) {
    scope.report.error(
      'TYPE_MISMATCH',
      `${path} is a string, number or boolean, not ${describeNode(node)}`,
      path,
      node,
    )
    return undefined
  }
  const fail = (what: string, hint: string): undefined => {
    const message = `"${source}" is no ${what}, which ${operator.source} compares`
    scope.report.error('CONDITION_VALUE_MALFORMED', message, path, node, hint)
    return undefined
  }
  switch (operator.family) {
    case 'string':
    case 'stringIgnoreCase':
    case 'stringLike':
    case 'arn':
      return readTextValue(operator, source, node, path, scope)
    case 'numeric': {
      const number = parseNumber(source)
      return number === undefined ? fail('number', 'digits such as 3600') : { type: 'number', source, number }
    }
    case 'date':
      return readDate(source, fail)
    case 'bool':
      return readBool(source, node, path, scope, fail)
    case 'null': {
      const boolean = readBoolean(source)
      return boolean === undefined ? fail('boolean', 'true or false') : { type: 'boolean', source, boolean }
    }
    case 'binary': {
      const bytes = parseBase64(source)
      return bytes ? { type: 'binary', source, bytes } : fail('base64 text', 'standard base64, padded with =')
    }
    case 'ip': {
      const network = parseIpNetwork(source)
      return network
        ? { type: 'ip', source, network }
        : fail('IP range', 'such as 203.0.113.0/24 or 2001:db8::/32')
    }
  }
}

type Fail = (what: string, hint: string) => undefined

function scalarText(node: JsonNode): string | undefined {
  if (node.type === 'string') return node.value
  if (node.type === 'number') return node.text
  return node.type === 'boolean' ? String(node.value) : undefined
}

function readBoolean(source: string): boolean | undefined {
  const folded = source.toLowerCase()
  return folded === 'true' ? true : folded === 'false' ? false : undefined
}

function readDate(source: string, fail: Fail): ConditionValue | undefined {
  const hint = 'ISO 8601 with zone such as 2027-03-31T00:00:00Z, or epoch seconds'
  // Four digits are a year to some readers and epoch seconds to others, so nobody can mean them.
  const epochMs = /^\d{4}$/.test(source) ? undefined : parseInstant(source)
  return epochMs === undefined ? fail('date', hint) : { type: 'date', source, epochMs }
}

function readBool(
  source: string,
  node: JsonNode,
  path: string,
  scope: Scope,
  fail: Fail,
): ConditionValue | undefined {
  const boolean = readBoolean(source)
  if (boolean !== undefined) return { type: 'boolean', source, boolean }
  const text = readText(source, { wildcards: false, variables: scope.variables })
  if (typeof text === 'string' || !hasVariable(text)) return fail('boolean', 'true or false')
  scope.report.warning(
    'VARIABLE_IGNORED',
    `AWS's pages contradict each other on whether Bool expands "${source}"`,
    path,
    node,
    'compare with StringEquals instead',
  )
  return { type: 'booleanText', source, text }
}

/** Of those about which nothing is to be told. Each family has its own: what is made of a value hangs on it. */
const remembered = new Remembered<ConditionValue>(4096)

function readTextValue(
  operator: ConditionOperator,
  source: string,
  node: JsonNode,
  path: string,
  scope: Scope,
): ConditionValue | undefined {
  const wildcards = operator.family === 'stringLike' || operator.family === 'arn'
  const rules = { wildcards, variables: scope.variables }
  const isPlain = scope.variables || !source.includes('${')
  const how = `${operator.family} ${source}`
  const known = isPlain ? remembered.get(how) : undefined
  if (known) return known
  const text = readText(source, rules)
  if (typeof text === 'string') {
    scope.report.error('VARIABLE_MALFORMED', text, path, node, "${key} or ${key, 'default'}")
    return undefined
  }
  warnOfIgnoredVariable(source, path, node, scope)
  if (operator.family !== 'arn')
    return isPlain ? remembered.set(how, { type: 'text', source, text }) : { type: 'text', source, text }
  if (hasVariable(text)) return { type: 'arn', source, text }
  if (source === '*') {
    const any: Text = { source: '*', parts: [{ type: 'any' }] }
    return { type: 'arn', source, text, segments: [any, any, any, any, any, any] }
  }
  const segments = splitArnParts(text.parts)
  if (!segments) {
    const message = `"${source}" is no ARN, which ${operator.source} compares`
    const hint = 'six segments, arn:partition:service:region:account:resource, each with its own wildcards'
    scope.report.error('CONDITION_VALUE_MALFORMED', message, path, node, hint)
    return undefined
  }
  const texts = segments.map((parts): Text => ({ source: printParts(parts, rules), parts }))
  const value: ConditionValue = { type: 'arn', source, text, segments: texts }
  return isPlain ? remembered.set(how, value) : value
}
