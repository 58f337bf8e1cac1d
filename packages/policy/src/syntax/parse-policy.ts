import type { PolicyDiagnostic } from '../diagnostic.js'
import type { PolicyKind } from '../layers.js'
import type { Policy, Statement } from '../policy.js'
import { didYouMeanHint } from './did-you-mean.js'
import { describeNode, type JsonMember, type JsonNode, type JsonObject } from './json-node.js'
import { KIND_RULES } from './kind-rules.js'
import { parseJson } from './parse-json.js'
import { readStatement } from './read-statement.js'
import { readValue } from './read-value.js'
import { Report } from './report.js'
import type { Scope } from './scope.js'

export interface ParseOptions {
  /** What the document is used as; each kind admits other elements. */
  readonly kind: PolicyKind
  /** How diagnostics and decisions call it, e.g. an ARN or a file name. */
  readonly name: string
}

/** `ok` as soon as there is no error; warnings may be there in both cases. */
export type ParseResult =
  | { readonly ok: true; readonly policy: Policy; readonly diagnostics: readonly PolicyDiagnostic[] }
  | { readonly ok: false; readonly policy: undefined; readonly diagnostics: readonly PolicyDiagnostic[] }

const ELEMENTS = ['Version', 'Id', 'Statement']

/**
 * Reads a policy document of the given kind. All errors are listed at once, each with its place and a hint;
 * only a syntax error of JSON ends the reading early. [reference_policies_grammar]
 */
export function parsePolicy(text: string, options: ParseOptions): ParseResult {
  const report = new Report(options.name)
  return finish(parseJson(text, report), options, report)
}

/** Reads a policy document that is already parsed, e.g. one of a plan. Diagnostics have paths, no spans. */
export function readPolicy(document: unknown, options: ParseOptions): ParseResult {
  const report = new Report(options.name)
  return finish(readValue(document, report), options, report)
}

function finish(node: JsonNode | undefined, options: ParseOptions, report: Report): ParseResult {
  const policy = node && readDocument(node, options, report)
  const { diagnostics } = report
  if (!policy || report.hasErrors) return { ok: false, policy: undefined, diagnostics }
  return { ok: true, policy, diagnostics }
}

function readDocument(node: JsonNode, options: ParseOptions, report: Report): Policy | undefined {
  if (node.type !== 'object') {
    report.error('TYPE_MISMATCH', `a policy is an object, not ${describeNode(node)}`, '', node)
    return undefined
  }
  const members = new Map<string, JsonMember>()
  for (const member of node.members) {
    if (ELEMENTS.includes(member.key)) members.set(member.key, member)
    else
      report.error(
        'ELEMENT_UNKNOWN',
        `"${member.key}" is no element of a policy`,
        member.key,
        { span: member.keySpan },
        didYouMeanHint(member.key, ELEMENTS),
      )
  }
  const version = readVersion(node, members.get('Version')?.value, options.kind, report)
  const id = readId(members.get('Id')?.value, report)
  const rules = KIND_RULES[options.kind]
  const scope: Scope = { kind: options.kind, rules, variables: version === '2012-10-17', report }
  const statements = readStatements(node, members.get('Statement')?.value, scope)
  if (options.kind === 'resourceControl') checkAllows(statements, report)
  return {
    kind: options.kind,
    name: options.name,
    ...(version === undefined ? {} : { version }),
    ...(id === undefined ? {} : { id }),
    statements,
  }
}

function readVersion(
  document: JsonObject,
  node: JsonNode | undefined,
  kind: PolicyKind,
  report: Report,
): Policy['version'] {
  if (kind === 'resourceControl' && (!node || (node.type === 'string' && node.value === '2008-10-17'))) {
    const message = 'a resource control policy has the version 2012-10-17'
    report.error('VERSION_UNKNOWN', message, 'Version', node ?? document, 'add "Version": "2012-10-17"')
  }
  if (!node) return undefined
  if (node.type === 'string' && (node.value === '2012-10-17' || node.value === '2008-10-17'))
    return node.value
  const written = node.type === 'string' ? `"${node.value}"` : describeNode(node)
  report.error(
    'VERSION_UNKNOWN',
    `${written} is no version of the policy language`,
    'Version',
    node,
    '2012-10-17',
  )
  return undefined
}

function readId(node: JsonNode | undefined, report: Report): string | undefined {
  if (!node) return undefined
  if (node.type === 'string') return node.value
  report.error('TYPE_MISMATCH', `an Id is a string, not ${describeNode(node)}`, 'Id', node)
  return undefined
}

function readStatements(document: JsonObject, node: JsonNode | undefined, scope: Scope): Statement[] {
  const { report } = scope
  if (!node) {
    report.error('ELEMENT_MISSING', 'the policy has no Statement', '', document, 'add "Statement": […]')
    return []
  }
  if (node.type !== 'array' && node.type !== 'object') {
    report.error(
      'TYPE_MISMATCH',
      `Statement is an object or a list, not ${describeNode(node)}`,
      'Statement',
      node,
    )
    return []
  }
  const nodes = node.type === 'array' ? node.items : [node]
  if (nodes.length === 0) report.error('ELEMENT_EMPTY', 'the policy has no statements', 'Statement', node)
  const statements: Statement[] = []
  const sids = new Map<string, number>()
  for (const [index, item] of nodes.entries()) {
    const path = node.type === 'array' ? `Statement[${index}]` : 'Statement'
    const statement = readStatement(item, index, path, scope)
    if (!statement) continue
    statements.push(statement)
    checkSid(statement, sids, path, item, scope)
  }
  return statements
}

function checkSid(
  statement: Statement,
  sids: Map<string, number>,
  path: string,
  node: JsonNode,
  scope: Scope,
): void {
  const { sid } = statement
  if (sid === undefined || sid === '') return
  const first = sids.get(sid)
  if (first === undefined) {
    sids.set(sid, statement.index)
    return
  }
  const message = `the Sid "${sid}" is that of statement ${first} too`
  if (scope.rules.strictSid) scope.report.error('SID_DUPLICATE', message, `${path}.Sid`, node)
  else scope.report.warning('SID_DUPLICATE', message, `${path}.Sid`, node)
}

/**
 * An RCP allows only as RCPFullAWSAccess, which Organizations attaches itself. [Organizations guide, RCP syntax]
 */
function checkAllows(statements: readonly Statement[], report: Report): void {
  for (const statement of statements) {
    if (statement.effect === 'Deny' || isFullAccess(statement)) continue
    report.error(
      'ALLOW_NOT_ADMITTED',
      'a resource control policy denies; only RCPFullAWSAccess allows',
      `Statement[${statement.index}].Effect`,
      statement,
      'turn the statement into a Deny of what it should not let through',
    )
  }
}

function isFullAccess(statement: Statement): boolean {
  const { action, conditions, resource } = statement
  return (
    conditions.length === 0 &&
    !action.negated &&
    action.patterns.some((pattern) => pattern.service === '*') &&
    resource !== undefined &&
    !resource.negated &&
    resource.patterns.some((pattern) => pattern.type === 'everything')
  )
}
