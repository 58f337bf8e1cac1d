import { contextKey } from '../../authorize/context-keys.js'
import { Evaluation } from '../../authorize/evaluation.js'
import { compileCondition, type ConditionTest } from '../../compile/condition-test.js'
import { compilePrincipal } from '../../compile/principal-test.js'
import type { Condition, Statement } from '../../policy.js'
import type { ContextValue } from '../../request.js'
import { PRINCIPAL_KEYS } from '../options/key-shapes.js'
import { VIA_SERVICE } from '../options/tied-keys.js'
import type { AccessQuestion } from '../question.js'
import { Cohort, type Naming } from './cohort.js'
import type { Frame } from './frames.js'
import { isAbsentFor } from './keys-of-kind.js'

/**
 * What is the same in all requests of a frame: keys of the question, the account that owns what is asked for, and,
 * where the frame is about one principal, what follows from that.
 */
export class Facts {
  readonly constants: ReadonlyMap<string, ContextValue | null>
  private readonly evaluation: Evaluation
  private readonly single: boolean
  private readonly cohort: Cohort | undefined

  constructor(
    private readonly frame: Frame,
    question: AccessQuestion,
    hasBoundary: boolean,
  ) {
    const constants = new Map<string, ContextValue | null>([
      ['aws:resourceaccount', question.resourceAccount],
    ])
    // No service asks on behalf of who has no credentials.
    if (frame.who.kind === 'anonymous') constants.set(VIA_SERVICE, 'false')
    for (const [key, value] of Object.entries(question.keys ?? {})) constants.set(key.toLowerCase(), value)
    this.constants = constants
    this.single = frame.single !== undefined
    this.cohort = this.single ? undefined : new Cohort(frame, hasBoundary)
    const context: Record<string, ContextValue> = { ...frame.single?.context }
    for (const [key, value] of constants) if (value !== null) context[key] = value
    this.evaluation = new Evaluation(
      {
        principal: frame.single?.principal ?? 'anonymous',
        action: 'any:Any',
        resource: '*',
        resourceAccount: question.resourceAccount,
        context,
      },
      hasBoundary,
    )
  }

  /** Whether every request has the same value, or none, of a key. */
  isFixed(key: string): boolean {
    const name = key.toLowerCase()
    if (this.constants.has(name) || this.isMissing(name)) return true
    return this.single && PRINCIPAL_KEYS.has(name) && this.isDerived(name)
  }

  /** Whether no request has a key. */
  isMissing(key: string): boolean {
    const name = key.toLowerCase()
    const value = this.constants.get(name)
    return value === null || (value === undefined && isAbsentFor(this.frame.who.kind, name))
  }

  /** The text of a policy variable whose key is fixed; undefined where it has no single value. */
  variable(key: string): string | undefined {
    return this.evaluation.variable(contextKey(key))
  }

  /** Whether a condition on a fixed key, without open variables, holds. */
  holds(condition: Condition): boolean {
    return testOf(condition)(this.evaluation)
  }

  /** Principals of accounts; their requests to KMS have `kms:CallerAccount`. */
  get isGoverned(): boolean {
    return this.frame.isGoverned
  }

  /** What is left of a condition on a key that is not fixed, given what all who may ask have in common. */
  reduce(condition: Condition): Condition | boolean {
    return this.cohort?.reduce(condition) ?? condition
  }

  /** How the Principal of a statement names whoever may ask. */
  naming(statement: Statement): Naming {
    if (this.cohort) return this.cohort.naming(statement)
    const { effect } = statement
    const principal = statement.principal!
    if (principal.entries.some((entry) => this.isOpen(entry.type))) return ANYHOW
    const given = compilePrincipal(principal, effect)(this.evaluation)
    return { given, possible: given }
  }

  /** A session's name, unique IDs, canonical IDs of accounts and providers of sessions are not among the facts. */
  private isOpen(type: string): boolean {
    const { isGoverned, who } = this.frame
    if (!isGoverned) return false
    if (type === 'uniqueId' || type === 'canonicalUser') return true
    return who.kind === 'session' && (type === 'session' || type === 'federated')
  }

  private isDerived(name: string): boolean {
    return name !== 'aws:userid' || !(this.frame.who.kind === 'user' || this.frame.who.kind === 'session')
  }
}

const ANYHOW: Naming = { given: undefined, possible: 127 }
const tests = new WeakMap<Condition, ConditionTest>()

function testOf(condition: Condition): ConditionTest {
  let test = tests.get(condition)
  if (!test) tests.set(condition, (test = compileCondition(condition)))
  return test
}
