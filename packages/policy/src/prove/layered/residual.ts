import { GRANT } from '../../compile/principal-test.js'
import type { ActionElement, Condition, Statement } from '../../policy.js'
import { hasVariable } from '../../syntax/text.js'
import { Undecided } from '../bounds.js'
import { VIA_SERVICE } from '../options/tied-keys.js'
import { hasVariables } from '../variables/variables.js'
import type { Facts } from './facts.js'
import { fillVariables } from './fill-variables.js'
import { CALLER_ACCOUNT, isOfService, onPrincipalAccount, SOURCE_OWNER } from './keys-of-kind.js'
import { mayMeet } from '../search/statement-relations.js'

/** What is left of a statement once the facts of a frame are known. */
export interface Residual {
  /** Without the conditions that always hold, and without the Principal where that is decided. */
  readonly statement: Statement
  /** Bits of `GRANT` that its Principal gives; undefined where the Principal is still there, or never was. */
  readonly grants: number | undefined
  /** Bits of `GRANT` that its Principal may give. */
  readonly possible: number
}

/** Where requests go to, as far as keys hang on it that one service alone has. */
export type Destination = 'kms' | 'others'

/** Reduces statements to what is open in a frame, so that principals who are treated alike ask the same. */
export class Reducer {
  /** A statement needs more of the one principal than its name. */
  needsClasses = false
  /** A statement asks for the unique ID of who asks, even if the answer is the same for all of them. */
  asksForIds = false
  /** A statement asks for the account of the caller as KMS tells it. */
  asksForCaller = false
  /** It does so of requests to KMS and of others. */
  needsDestination = false
  /** A statement asks for the account of the caller as SNS tells it. */
  asksForOwner = false
  /** A statement asks whether a service asks on somebody's behalf. */
  asksForVia = false
  undecided: Undecided | undefined

  constructor(
    private readonly facts: Facts,
    /** Requests are only of interest where one of these takes them. */
    private readonly scope: readonly Statement[] | undefined,
    /** Only requests to KMS, or only others, are of interest. */
    private readonly destination?: Destination,
  ) {}

  /** Undefined: the statement takes no request of the frame. */
  reduce(original: Statement): Residual | undefined {
    const statement = fillVariables(original, this.facts)
    if (this.scope && !this.scope.some((one) => mayMeet(one, statement))) return undefined
    const { principal } = statement
    if (!principal && statement.conditions.length === 0) return { statement, ...UNNAMED }
    const open: Condition[] = []
    let dropped = ''
    for (let index = 0; index < statement.conditions.length; index++) {
      const written = statement.conditions[index]!
      const left = this.left(written, statement)
      if (left === false) return undefined
      if (left === true) dropped += ` ${index}`
      else {
        if (left !== written) dropped += ` ${index}:${numberOf(left)}`
        open.push(left)
      }
    }
    const { given: grants, possible } = principal ? this.facts.naming(statement) : NAMELESS
    if (principal && grants === undefined) this.needsClasses = true
    if (grants === GRANT.none) return undefined
    if (grants !== undefined) dropped += ' principal'
    if (dropped === '') return { statement, grants, possible }
    const { principal: _, ...rest } = statement
    const without = grants === undefined && principal ? { ...rest, principal } : rest
    const made = remember(statement, dropped, { ...without, conditions: open })
    return { statement: made, grants, possible }
  }

  /** Whether a condition of a statement holds, or what is left of it. */
  private left(condition: Condition, { action }: Statement): Condition | boolean {
    if (this.tellsAccount(condition, SOURCE_OWNER)) {
      this.asksForOwner = true
      return this.leftOf(onPrincipalAccount(condition))
    }
    if (!this.tellsAccount(condition, CALLER_ACCOUNT)) return this.leftOf(condition)
    const isToKms = this.isToKms(action)
    // Requests to others do not have it.
    if (isToKms === false) return this.facts.holds(condition)
    if (isToKms) {
      this.asksForCaller = true
      return this.leftOf(onPrincipalAccount(condition))
    }
    this.needsDestination = true
    return condition
  }

  private leftOf(condition: Condition): Condition | boolean {
    return this.isDecided(condition) ? this.facts.holds(condition) : this.facts.reduce(condition)
  }

  /** Whether KMS gets the requests that a statement takes; undefined where not all of them. */
  private isToKms(action: ActionElement): boolean | undefined {
    if (this.destination) return this.destination === 'kms'
    const own = isOfService(action, 'kms')
    if (own !== undefined || !this.scope) return own
    const [first, ...rest] = this.scope.map((one) => isOfService(one.action, 'kms'))
    return rest.every((one) => one === first) ? first : undefined
  }

  private tellsAccount({ key }: Condition, name: string): boolean {
    return key.toLowerCase() === name && this.facts.isGoverned && !this.facts.isFixed(key)
  }

  private isDecided(condition: Condition): boolean {
    if (condition.key.toLowerCase() === VIA_SERVICE) this.asksForVia = true
    // What it is compared with does not matter then.
    if (this.facts.isMissing(condition.key)) return true
    if (this.facts.isFixed(condition.key)) {
      if (!hasOpenValue(condition)) return true
      this.undecided ??= new Undecided(
        'notSupported',
        `${condition.key} is known, but not the policy variable that it is compared with`,
      )
      return false
    }
    if (condition.key.toLowerCase() === 'aws:userid') this.needsClasses = this.asksForIds = true
    return false
  }
}

function hasOpenValue({ values }: Condition): boolean {
  return values.some((value) => (value.type === 'text' || value.type === 'arn') && hasVariable(value.text))
}

const NAMELESS = { given: undefined, possible: 127 } as const
const UNNAMED = { grants: undefined, possible: 127 } as const

const numbers = new WeakMap<Condition, number>()
let next = 0

function numberOf(condition: Condition): number {
  let number = numbers.get(condition)
  if (number === undefined) numbers.set(condition, (number = next++))
  return number
}

const remembered = new WeakMap<Statement, Map<string, Statement>>()

/** The same rest of the same statement is one object. */
function remember(statement: Statement, dropped: string, made: Statement): Statement {
  let known = remembered.get(statement)
  if (!known) remembered.set(statement, (known = new Map()))
  const existing = known.get(dropped)
  if (existing) return existing
  known.set(dropped, made)
  return made
}

/** Whether a statement takes every request. */
export function takesEverything({ action, conditions, principal, resource }: Statement): boolean {
  return (
    conditions.length === 0 &&
    principal === undefined &&
    !action.negated &&
    action.patterns.some(({ service }) => service === '*') &&
    (!resource || (!resource.negated && resource.patterns.some(({ type }) => type === 'everything')))
  )
}

/** Whether statements have policy variables left. */
export function anyVariables(statements: readonly { readonly statement: Statement }[]): boolean {
  return statements.some(({ statement }) => hasVariables(statement))
}
