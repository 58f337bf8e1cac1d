import type { ActionElement, PrincipalElement, ResourceElement, Statement } from '../policy.js'
import { didYouMeanHint } from './did-you-mean.js'
import { describeNode, type JsonMember, type JsonNode, type JsonObject } from './json-node.js'
import { readActionElement } from './read-action.js'
import { readConditions } from './read-condition.js'
import { readPrincipalElement } from './read-principal.js'
import { readResourceElement } from './read-resource.js'
import type { Scope } from './scope.js'

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** Reads one statement; undefined when an element without which it means nothing is missing or wrong. */
export function readStatement(
  node: JsonNode,
  index: number,
  path: string,
  scope: Scope,
): Statement | undefined {
  if (node.type !== 'object') {
    scope.report.error('TYPE_MISMATCH', `${path} is an object, not ${describeNode(node)}`, path, node)
    return undefined
  }
  const members = new Map<string, JsonMember>()
  for (const member of node.members) {
    if (ELEMENTS.includes(member.key)) members.set(member.key, member)
    else
      scope.report.error(
        'ELEMENT_UNKNOWN',
        `"${member.key}" is no element of a statement`,
        `${path}.${member.key}`,
        { span: member.keySpan },
        didYouMeanHint(member.key, ELEMENTS),
      )
  }
  const reader = new StatementReader(node, members, path, scope)
  const sid = reader.sid()
  const effect = reader.effect()
  const principal = reader.principal()
  const action = reader.action()
  const resource = reader.resource()
  const condition = members.get('Condition')
  const conditions = condition ? readConditions(condition.value, `${path}.Condition`, scope) : []
  if (!effect || !action) return undefined
  return {
    index,
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal ? { principal } : {}),
    action,
    ...(resource ? { resource } : {}),
    conditions,
    ...(node.span ? { span: node.span } : {}),
  }
}

class StatementReader {
  constructor(
    private readonly node: JsonObject,
    private readonly members: ReadonlyMap<string, JsonMember>,
    private readonly path: string,
    private readonly scope: Scope,
  ) {}

  sid(): string | undefined {
    const member = this.members.get('Sid')
    if (!member) return undefined
    const { report, rules } = this.scope
    const path = `${this.path}.Sid`
    if (member.value.type !== 'string') {
      report.error(
        'TYPE_MISMATCH',
        `a Sid is a string, not ${describeNode(member.value)}`,
        path,
        member.value,
      )
      return undefined
    }
    const { value } = member.value
    if (rules.strictSid && !/^[A-Za-z0-9]*$/.test(value))
      report.error(
        'SID_MALFORMED',
        `the Sid "${value}" of ${rules.title} has other characters than letters and digits`,
        path,
        member.value,
        value.replaceAll(/[^A-Za-z0-9]/g, '') || 'letters and digits',
      )
    return value
  }

  effect(): 'Allow' | 'Deny' | undefined {
    const member = this.members.get('Effect')
    const { report } = this.scope
    if (!member) {
      report.error('ELEMENT_MISSING', 'the statement has no Effect', this.path, this.node, 'Allow or Deny')
      return undefined
    }
    const { value } = member
    if (value.type === 'string' && (value.value === 'Allow' || value.value === 'Deny')) return value.value
    const written = value.type === 'string' ? `"${value.value}"` : describeNode(value)
    const hint =
      (value.type === 'string' ? didYouMeanHint(value.value, ['Allow', 'Deny']) : undefined) ??
      'Allow or Deny, in this spelling'
    report.error('EFFECT_UNKNOWN', `${written} is no effect`, `${this.path}.Effect`, value, hint)
    return undefined
  }

  principal(): PrincipalElement | undefined {
    const { report, rules } = this.scope
    const found = this.pair('Principal', 'NotPrincipal')
    if (!found) {
      if (rules.principal !== 'forbidden') {
        const hint = rules.principalHint ?? '"Principal": {"AWS": "arn:aws:iam::111122223333:role/name"}'
        this.missing(`a statement of ${rules.title} has a Principal`, hint)
      }
      return undefined
    }
    const { member, negated } = found
    const path = `${this.path}.${member.key}`
    if (rules.principal === 'forbidden' || (negated && !rules.notPrincipal)) {
      const message = `${rules.title} admits no ${member.key}`
      report.error('ELEMENT_NOT_ADMITTED', message, path, { span: member.keySpan }, rules.principalHint)
      return undefined
    }
    const element = readPrincipalElement(member.value, negated, path, this.scope)
    if (rules.principal === 'everyoneOnly' && element.entries.some((entry) => entry.source !== '*'))
      report.error(
        'PRINCIPAL_NOT_ADMITTED',
        `${rules.title} admits no principal but "*"`,
        path,
        member.value,
        rules.principalHint,
      )
    const effect = this.members.get('Effect')?.value
    if (negated && effect?.type === 'string' && effect.value === 'Allow')
      report.warning(
        'NOT_PRINCIPAL_ALLOW',
        'NotPrincipal with Allow lets in everyone else, anonymous included',
        path,
        { span: member.keySpan },
        'use Principal',
      )
    return element
  }

  action(): ActionElement | undefined {
    const { report, rules } = this.scope
    const found = this.pair('Action', 'NotAction')
    if (!found) {
      this.missing('the statement has neither Action nor NotAction', 'add "Action"')
      return undefined
    }
    const path = `${this.path}.${found.member.key}`
    if (found.negated && !rules.notAction) {
      const message = `${rules.title} admits no NotAction`
      report.error('ELEMENT_NOT_ADMITTED', message, path, { span: found.member.keySpan }, 'list the actions')
      return undefined
    }
    return readActionElement(found.member.value, found.negated, path, this.scope)
  }

  resource(): ResourceElement | undefined {
    const { report, rules } = this.scope
    const found = this.pair('Resource', 'NotResource')
    if (!found) {
      if (rules.resource === 'required')
        this.missing('the statement has neither Resource nor NotResource', 'add "Resource"')
      return undefined
    }
    const path = `${this.path}.${found.member.key}`
    if (rules.resource === 'forbidden') {
      const message = `${rules.title} admits no ${found.member.key}`
      report.error('ELEMENT_NOT_ADMITTED', message, path, { span: found.member.keySpan }, rules.resourceHint)
      return undefined
    }
    const effect = this.members.get('Effect')?.value
    const allows = effect?.type === 'string' && effect.value === 'Allow'
    const { negated } = found
    return readResourceElement(found.member.value, { narrows: allows !== negated, negated }, path, this.scope)
  }

  /** An element or its `Not…` form; both together are an error. */
  private pair(
    positive: string,
    negative: string,
  ): { readonly member: JsonMember; readonly negated: boolean } | undefined {
    const member = this.members.get(positive)
    const negatedMember = this.members.get(negative)
    if (member && negatedMember)
      this.scope.report.error(
        'ELEMENT_CONFLICT',
        `a statement has ${positive} or ${negative}, not both`,
        `${this.path}.${negative}`,
        { span: negatedMember.keySpan },
        'make two statements of it',
      )
    if (member) return { member, negated: false }
    return negatedMember ? { member: negatedMember, negated: true } : undefined
  }

  private missing(message: string, hint: string): void {
    this.scope.report.error('ELEMENT_MISSING', message, this.path, this.node, hint)
  }
}
