import { Evaluation } from '../../authorize/evaluation.js'
import { compileCondition } from '../../compile/condition-test.js'
import { everyoneBits, GRANT } from '../../compile/principal-test.js'
import type { Condition, ConditionValue, PrincipalEntry, Statement } from '../../policy.js'
import { hasVariable } from '../../syntax/text.js'
import { Undecided } from '../bounds.js'
import { PRINCIPAL_KEYS } from '../options/key-shapes.js'
import { holdsForAll } from '../options/principal-demands.js'
import { elementGrants, elementTakes, type Recognition } from '../options/principal-elements.js'
import { ARN_TYPES, isArnOfKind, kindViews } from '../options/principal-kinds.js'
import type { PrincipalValue } from '../options/principal-options.js'
import { principalOf, type Frame } from './frames.js'

/** More principals than these are not looked at one by one. */
const MOST_LISTED = 64
const PRINCIPAL_ARN = 'aws:principalarn'

/** How a Principal names whoever belongs to a frame. */
export interface Naming {
  /** Bits of `GRANT`, where it gives the same to all of them. */
  readonly given: number | undefined
  /** Bits that it may give. */
  readonly possible: number
}

/**
 * What all principals of a frame have in common where it is about more than one: their kind, perhaps their account,
 * perhaps a list of them. What hangs on that alone is decided before any class of principals is made.
 */
export class Cohort {
  private readonly listed: readonly Evaluation[] | undefined

  constructor(
    private readonly frame: Frame,
    private readonly hasBoundary: boolean,
  ) {
    const { kind, only } = frame.who
    const isPlain = only && only.length <= MOST_LISTED && only.every((arn) => isArnOfKind(arn, kind))
    this.listed = isPlain ? only.map((arn) => evaluationOf(principalOf(kind, arn), hasBoundary)) : undefined
  }

  /** How the Principal of a statement names them. */
  naming(statement: Statement): Naming {
    const { effect } = statement
    const principal = statement.principal!
    const certain = new Set<Recognition>()
    let possible = GRANT.none as number
    let isOpen = false
    for (const entry of principal.entries) {
      if (entry.type === 'everyone') {
        possible |= everyoneBits(statement)
        continue
      }
      const bits = this.mayGive(entry)
      if (bits === GRANT.none) continue
      possible |= bits
      if (entry.type === 'account' && this.frame.account !== undefined) certain.add('account')
      else isOpen = true
    }
    if (isOpen) return { given: undefined, possible: principal.negated ? ALL : possible }
    const { kind } = this.frame.who
    const given =
      effect === 'Allow'
        ? elementGrants(principal, kind, certain, GRANT.everyone)
        : elementTakes(principal, effect, kind, certain, this.hasBoundary)
          ? GRANT.everyone
          : GRANT.none
    return { given, possible: given }
  }

  /** A condition on a key that follows from who asks: whether it holds for all or for none, or what is left of it. */
  reduce(condition: Condition): Condition | boolean {
    const name = condition.key.toLowerCase()
    if (!PRINCIPAL_KEYS.has(name) || hasOpenValue(condition)) return condition
    const holds = name === PRINCIPAL_ARN ? this.ofList(condition) : undefined
    return holds ?? this.ofKind(condition, name)
  }

  /** What hangs on the kind and the account alone is found once. */
  private ofKind(condition: Condition, name: string): Condition | boolean {
    let known = ofKinds.get(condition)
    if (!known) ofKinds.set(condition, (known = new Map()))
    const key = `${this.frame.who.kind} ${this.frame.account}`
    let found = known.get(key)
    if (found === undefined) known.set(key, (found = this.reduceByKind(condition, name)))
    return found
  }

  private reduceByKind(condition: Condition, name: string): Condition | boolean {
    const view = kindViews(this.frame.who.kind)[name] ?? MISSING
    const fixed = holdsForAll(condition, view)
    if (fixed !== undefined && !(fixed instanceof Undecided)) return fixed
    return name === PRINCIPAL_ARN && view.type === 'part' ? this.withoutOthers(condition) : condition
  }

  private ofList(condition: Condition): boolean | undefined {
    const [first, ...rest] = this.listed ?? []
    if (first === undefined) return undefined
    const test = compileCondition(condition)
    const holds = test(first)
    return rest.every((one) => test(one) === holds) ? holds : undefined
  }

  /** Without the values that no principal of the kind and account can have. */
  private withoutOthers(condition: Condition): Condition | boolean {
    const { family, negated, quantifier } = condition.operator
    if (quantifier !== undefined || !ARN_FAMILIES.has(family)) return condition
    const values = condition.values.filter((value) => this.mayBe(value))
    if (values.length === condition.values.length) return condition
    return values.length === 0 ? negated : narrowed(condition, values)
  }

  /** Whether some principal of the frame may have an ARN like that, as far as the literals before any wildcard say. */
  private mayBe(value: ConditionValue): boolean {
    if (value.type !== 'text' && value.type !== 'arn') return true
    const [first] = value.text.parts
    if (first?.type !== 'literal') return value.text.parts.length > 0
    const isWhole = value.text.parts.length === 1
    const { account, who } = this.frame
    const [service, region, owner, rest] = headOf(first.text)
    if (rest === undefined) return true
    const { service: own, type } = ARN_TYPES[who.kind]!
    if (service !== own || region !== '' || (account !== undefined && owner !== account)) return false
    return rest.startsWith(type) || (!isWhole && type.startsWith(rest))
  }

  /** The bits that an entry may give to some principal of the frame. */
  private mayGive(entry: PrincipalEntry): number {
    const { account, isGoverned, who } = this.frame
    const { kind } = who
    switch (entry.type) {
      case 'everyone':
        return GRANT.everyone
      case 'account':
        if (!isGoverned || entry.account === who.outside) return GRANT.none
        return account === undefined || account === entry.account ? GRANT.account : GRANT.none
      case 'service':
        return kind === 'service' ? GRANT.direct : GRANT.none
      case 'federated':
        if (kind === 'provider') return GRANT.direct
        return kind === 'session' ? GRANT.role : GRANT.none
      case 'user':
      case 'role':
      case 'session':
      case 'federatedUser':
        return this.mayNameArn(entry)
      default:
        // Unique and canonical IDs: nothing tells whose they are.
        return ALL
    }
  }

  private mayNameArn({ source, type }: PrincipalEntry): number {
    const { kind } = this.frame.who
    if (kind === 'canonicalUser') return GRANT.direct
    if (!(BY_KIND[kind] ?? []).includes(type)) return GRANT.none
    const { account, who } = this.frame
    if (account !== undefined && headOf(source)[2] !== account) return GRANT.none
    if (this.listed && type !== 'session' && !who.only!.includes(source)) return GRANT.none
    if (type === 'user') return GRANT.user
    return type === 'role' ? GRANT.role : GRANT.session
  }
}

const ALL = 127
const ofKinds = new WeakMap<Condition, Map<string, Condition | boolean>>()
const MISSING = { type: 'missing' } as const
const ARN_FAMILIES: ReadonlySet<string> = new Set(['string', 'stringLike', 'arn'])
const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  user: ['user'],
  session: ['role', 'session'],
  federatedUser: ['federatedUser'],
}

/** Service, region, account and the rest of an ARN; the rest is undefined where the text ends before it. */
function headOf(text: string): readonly (string | undefined)[] {
  const [, , service, region, owner, ...rest] = text.split(':')
  return [service, region, owner, rest.length === 0 ? undefined : rest.join(':')]
}

function hasOpenValue({ values }: Condition): boolean {
  return values.some((value) => 'text' in value && hasVariable(value.text))
}

function evaluationOf({ context, principal }: PrincipalValue, hasBoundary: boolean): Evaluation {
  return new Evaluation({ principal, action: 'any:Any', resource: '*', context }, hasBoundary)
}

const narrower = new WeakMap<Condition, Map<string, Condition>>()

/** The same condition with fewer values is one object. */
function narrowed(condition: Condition, values: readonly ConditionValue[]): Condition {
  let known = narrower.get(condition)
  if (!known) narrower.set(condition, (known = new Map()))
  const key = values.map((value) => condition.values.indexOf(value)).join()
  let made = known.get(key)
  if (!made) known.set(key, (made = { ...condition, values }))
  return made
}
