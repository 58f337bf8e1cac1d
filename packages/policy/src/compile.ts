import { NUMBERED_ACTIONS, type Action } from './authorize/action.js'
import type { Evaluation } from './authorize/evaluation.js'
import { ActionIndex } from './compile/action-index.js'
import { compileCondition, type ConditionTest } from './compile/condition-test.js'
import { compilePrincipal, everyoneBits, GRANT, type PrincipalTest } from './compile/principal-test.js'
import { compileResourcePattern, type TextTest } from './compile/text-test.js'
import type { PolicyKind } from './layers.js'
import type { Policy, PrincipalElement, ResourceElement, Statement } from './policy.js'
import { isPublicPolicy } from './public-policy.js'
import { RingfenceError } from './ringfence-error.js'
import { parsePolicy, readPolicy, type ParseOptions } from './syntax/parse-policy.js'
import { printDiagnostic } from './diagnostic.js'

/** A policy made ready to decide many requests. Made by `compilePolicy` alone; does not change. */
export interface CompiledPolicy {
  readonly name: string
  readonly kind: PolicyKind
  /** What it was compiled from. */
  readonly policy: Policy
}

/** A statement with its tests; the action is already decided by the index. */
export class CompiledStatement {
  /** Absent where every resource will do. */
  private readonly resourceTest: TextTest | undefined
  /** Absent where everyone will do, or nobody is named. */
  private readonly principalTest: PrincipalTest | undefined
  private readonly conditionTests: readonly ConditionTest[]
  /** The bits that `*` gives. */
  private readonly everyone: number
  /** The bits that everyone gets where there is no `principalTest`. */
  private readonly untested: number
  /** Neither Principal nor Resource nor Condition leaves a request out. */
  readonly takesEverything: boolean

  constructor(
    readonly statement: Statement,
    readonly policyName: string,
  ) {
    const { principal, resource } = statement
    this.resourceTest = resource && !takesEveryResource(resource) ? compileResource(resource) : undefined
    this.principalTest =
      principal && !namesEveryone(principal) ? compilePrincipal(principal, statement.effect) : undefined
    this.takesEverything = isUnlimited(statement)
    this.conditionTests = statement.conditions.map((condition) => compileCondition(condition))
    this.everyone = everyoneBits(statement)
    this.untested = principal ? this.everyone : GRANT.none
  }

  /** Whether Resource and Condition take the request. */
  matches(evaluation: Evaluation): boolean {
    return this.resourceMatches(evaluation) && this.conditionsMatch(evaluation)
  }

  /** The bits with which the statement names the requester, 0 when it does not take the request. */
  grants(evaluation: Evaluation): number {
    const grants = this.principalGrants(evaluation)
    return grants !== 0 && this.matches(evaluation) ? grants : GRANT.none
  }

  principalGrants(evaluation: Evaluation): number {
    if (this.principalTest === undefined) return this.untested
    const grants = this.principalTest(evaluation)
    return (grants & GRANT.everyone) === 0 ? grants : grants | this.everyone
  }

  resourceMatches(evaluation: Evaluation): boolean {
    return this.resourceTest === undefined || this.resourceTest(evaluation.resource, evaluation)
  }

  conditionsMatch(evaluation: Evaluation): boolean {
    for (const test of this.conditionTests) if (!test(evaluation)) return false
    return true
  }

  conditionMatches(index: number, evaluation: Evaluation): boolean {
    return this.conditionTests[index]!(evaluation)
  }
}

/** The statements of a policy that take one action. */
export interface Candidates {
  readonly denies: readonly CompiledStatement[]
  readonly allows: readonly CompiledStatement[]
  /** One of the allows takes every request with the action, so the others need no look. */
  readonly alwaysAllows: boolean
}

const NO_STATEMENTS: readonly CompiledStatement[] = []

function makeCandidates(statements: readonly CompiledStatement[]): Candidates {
  const denies = statements.filter(({ statement }) => statement.effect === 'Deny')
  const allows = statements.filter(({ statement }) => statement.effect === 'Allow')
  return {
    denies: denies.length === 0 ? NO_STATEMENTS : denies,
    allows: allows.length === 0 ? NO_STATEMENTS : allows,
    alwaysAllows: allows.some((allow) => allow.takesEverything),
  }
}

/** Answers of the index that a policy remembers beyond the numbered actions. */
const CANDIDATE_CACHE_LIMIT = 4096

/** What `compilePolicy` makes. */
export class IndexedPolicy implements CompiledPolicy {
  readonly name: string
  readonly kind: PolicyKind
  readonly statements: readonly CompiledStatement[]
  /** True for kinds whose statements have a Principal. */
  readonly hasPrincipals: boolean
  private readonly index: ActionIndex
  private readonly numbered: (Candidates | undefined)[] = []
  private readonly remembered = new Map<string, Candidates>()
  /** By the positions in it: most actions of a policy share their candidates with many others. */
  private readonly distinct = new Map<string, Candidates>()
  private public: boolean | undefined

  constructor(readonly policy: Policy) {
    this.name = policy.name
    this.kind = policy.kind
    this.hasPrincipals = policy.statements.some((statement) => statement.principal !== undefined)
    this.statements = policy.statements.map((statement) => new CompiledStatement(statement, policy.name))
    this.index = new ActionIndex(policy.statements)
  }

  /** Public in AWS's sense, for Block Public Access. */
  get isPublic(): boolean {
    return (this.public ??= isPublicPolicy(this.policy))
  }

  candidates(action: Action): Candidates {
    const { number } = action
    const found = number < NUMBERED_ACTIONS ? this.numbered[number] : this.remembered.get(action.id)
    return found ?? this.findCandidates(action)
  }

  private findCandidates(action: Action): Candidates {
    const positions = this.index.find(action)
    const signature = positions.join()
    let candidates = this.distinct.get(signature)
    if (!candidates) {
      candidates = makeCandidates(positions.map((position) => this.statements[position]!))
      if (this.distinct.size >= CANDIDATE_CACHE_LIMIT) this.distinct.clear()
      this.distinct.set(signature, candidates)
    }
    this.remember(action, candidates)
    return candidates
  }

  private remember({ id, number }: Action, candidates: Candidates): void {
    if (number < NUMBERED_ACTIONS) {
      while (this.numbered.length <= number) this.numbered.push(undefined)
      this.numbered[number] = candidates
      return
    }
    if (this.remembered.size >= CANDIDATE_CACHE_LIMIT) this.remembered.clear()
    this.remembered.set(id, candidates)
  }
}

/** Makes a policy ready: an index by action, matchers for resources and principals, tests for conditions. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  return new IndexedPolicy(policy)
}

/**
 * Reads (text or parsed JSON) and compiles a document that the caller trusts to be right. Throws
 * `RingfenceError` `POLICY_INVALID` with all diagnostics when it is not.
 */
export function compileDocument(document: unknown, options: ParseOptions): CompiledPolicy {
  const result = typeof document === 'string' ? parsePolicy(document, options) : readPolicy(document, options)
  if (result.ok) return compilePolicy(result.policy)
  const errors = result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  throw new RingfenceError(
    'POLICY_INVALID',
    errors.map((diagnostic) => printDiagnostic(diagnostic)).join('\n'),
    result.diagnostics,
  )
}

function isUnlimited({ conditions, principal, resource }: Statement): boolean {
  const takesAll = resource !== undefined && takesEveryResource(resource)
  const takesAnyone =
    !principal || (!principal.negated && principal.entries.some(({ type }) => type === 'everyone'))
  return takesAnyone && takesAll && conditions.length === 0
}

function takesEveryResource({ negated, patterns }: ResourceElement): boolean {
  return !negated && patterns.some(({ type }) => type === 'everything')
}

/** And nobody besides, who would get bits of his own. */
function namesEveryone({ entries, negated }: PrincipalElement): boolean {
  return !negated && entries.length > 0 && entries.every(({ type }) => type === 'everyone')
}

function compileResource(element: ResourceElement): TextTest {
  const exact = new Set<string>()
  const tests: TextTest[] = []
  for (const pattern of element.patterns) {
    const isLiteral =
      pattern.type === 'arn' &&
      pattern.segments.every(({ parts }) => parts.every((part) => part.type === 'literal')) &&
      element.patterns.length > 4
    if (isLiteral) exact.add(pattern.segments.map(({ parts }) => literalText(parts)).join(':'))
    else tests.push(compileResourcePattern(pattern))
  }
  const test: TextTest = (resource, evaluation) => {
    if (exact.size > 0 && exact.has(resource)) return true
    for (const one of tests) if (one(resource, evaluation)) return true
    return false
  }
  const single = exact.size === 0 && tests.length === 1 ? tests[0]! : test
  return element.negated ? (resource, evaluation) => !single(resource, evaluation) : single
}

function literalText(parts: readonly { readonly type: string; readonly text?: string }[]): string {
  return parts.map((part) => part.text ?? '').join('')
}
