import type { Condition, ConditionOperator, ConditionValue } from '../policy.js'
import { didYouMeanHint } from './did-you-mean.js'
import { GLOBAL_CONDITION_KEYS } from './global-condition-keys.js'
import { describeNode, type JsonMember, type JsonNode } from './json-node.js'
import { operatorNames, readOperator } from './operators.js'
import { readConditionValue } from './read-condition-value.js'
import type { Scope } from './scope.js'

/** Reads `Condition`: operators, keys, values. [elements_condition] */
export function readConditions(node: JsonNode, path: string, scope: Scope): readonly Condition[] {
  if (node.type !== 'object') {
    scope.report.error('TYPE_MISMATCH', `${path} is an object, not ${describeNode(node)}`, path, node)
    return []
  }
  return node.members.flatMap((member) => {
    const operator = readOperator(member.key)
    const memberPath = `${path}.${member.key}`
    if (!operator) {
      scope.report.error(
        'OPERATOR_UNKNOWN',
        `"${member.key}" is no condition operator`,
        memberPath,
        { span: member.keySpan },
        operatorHint(member.key),
      )
      return []
    }
    if (member.value.type !== 'object') {
      const message = `${memberPath} is an object from keys to values, not ${describeNode(member.value)}`
      scope.report.error('TYPE_MISMATCH', message, memberPath, member.value)
      return []
    }
    return member.value.members.flatMap((entry) => readCondition(operator, entry, memberPath, scope) ?? [])
  })
}

function operatorHint(source: string): string | undefined {
  if (/Null(IfExists)?$/.test(source)) return 'Null takes neither IfExists nor ForAllValues nor ForAnyValue'
  return didYouMeanHint(source, operatorNames())
}

function readCondition(
  operator: ConditionOperator,
  member: JsonMember,
  operatorPath: string,
  scope: Scope,
): Condition | undefined {
  const { key, keySpan, value } = member
  const path = `${operatorPath}["${key}"]`
  if (!/^[^\s:${}*?][^:${}*?]*:[^${}*?]+$/.test(key)) {
    scope.report.error(
      'CONDITION_KEY_MALFORMED',
      `"${key}" is no condition key`,
      path,
      { span: keySpan },
      'prefix:Name, such as aws:SourceIp or s3:prefix',
    )
    return undefined
  }
  warnOfUnknownKey(key, path, member, scope)
  const items = value.type === 'array' ? value.items : [value]
  if (items.length === 0)
    scope.report.warning('ELEMENT_EMPTY', `${path} has no values, so nothing can equal them`, path, value)
  const values: ConditionValue[] = []
  for (const [index, item] of items.entries()) {
    const itemPath = value.type === 'array' ? `${path}[${index}]` : path
    const read = readConditionValue(operator, item, itemPath, scope)
    if (read) values.push(read)
  }
  return { operator, key, values, ...(value.span ? { span: value.span } : {}) }
}

const KNOWN_KEYS: ReadonlySet<string> = new Set(GLOBAL_CONDITION_KEYS.map((key) => key.toLowerCase()))

/** Only `aws:` keys are a closed list; those of services are too many and change too often to warn about. */
function warnOfUnknownKey(key: string, path: string, member: JsonMember, scope: Scope): void {
  const folded = key.toLowerCase()
  if (!folded.startsWith('aws:')) return
  const slash = folded.indexOf('/')
  const name = slash < 0 ? folded : folded.slice(0, slash + 1)
  if (KNOWN_KEYS.has(name)) return
  scope.report.warning(
    'CONDITION_KEY_UNKNOWN',
    `"${key}" is no global condition key that is known here`,
    path,
    { span: member.keySpan },
    didYouMeanHint(key, GLOBAL_CONDITION_KEYS),
  )
}
