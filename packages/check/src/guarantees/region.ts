import { type Policy, Remembered } from '@ringfence/policy'
import { policyOf } from '../account/policy-of.js'

export type RegionCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/** A set of requests, as a statement of an identity policy that allows exactly these. */
export interface RegionStatement {
  /** Default: `Allow`. A `Deny` takes requests out of the region. */
  readonly Effect?: 'Allow' | 'Deny'
  readonly Action?: readonly string[] | string
  readonly NotAction?: readonly string[]
  readonly Resource?: readonly string[] | string
  readonly NotResource?: readonly string[]
  readonly Condition?: RegionCondition
}

/** A set of requests. Two with the same key are the same set. */
export interface Region {
  readonly key: string
  readonly statements: readonly RegionStatement[]
  /** As the prover takes it; made when it is first asked for. */
  readonly policy: Policy
}

/** Policies of regions by their keys: what is granted on one thing comes in many questions. */
const remembered = new Remembered<Policy>(1024)

export function makeRegion(statements: readonly RegionStatement[]): Region {
  let key: string | undefined
  return {
    statements,
    get key() {
      return (key ??= JSON.stringify(statements))
    },
    get policy() {
      return remembered.get(this.key) ?? remembered.set(this.key, readRegion(statements))
    },
  }
}

/** No request at all: an Allow that a Deny takes back, since a policy needs a statement. */
export const nothing: Region = makeRegion([{ Effect: 'Deny', Action: '*', Resource: '*' }])

function readRegion(statements: readonly RegionStatement[]): Policy {
  const list = statements.length === 0 ? nothing.statements : statements
  return policyOf(list.map(withEffect), 'what the file declares')
}

function withEffect(statement: RegionStatement): RegionStatement {
  return { Effect: 'Allow', ...statement }
}

/** All conditions together. */
export function allOf(...conditions: readonly (RegionCondition | undefined)[]): {
  Condition?: RegionCondition
} {
  const joined: Record<string, Record<string, string | readonly string[]>> = {}
  for (const condition of conditions)
    for (const [operator, keys] of Object.entries(condition ?? {}))
      for (const [key, value] of Object.entries(keys)) {
        const operands = (joined[operator] ??= {})
        operands[key] = bothValues(operator, key, operands[key], value)
      }
  return Object.keys(joined).length === 0 ? {} : { Condition: joined }
}

/** Of two ends the earlier one counts; other conditions on the same must not be given twice. */
function bothValues(
  operator: string,
  key: string,
  first: string | readonly string[] | undefined,
  second: string | readonly string[],
): string | readonly string[] {
  if (first === undefined || first === second) return second
  if (operator === 'DateLessThan' && typeof first === 'string' && typeof second === 'string')
    return Date.parse(first) < Date.parse(second) ? first : second
  throw new Error(`the condition ${operator} ${key} is given twice`)
}

/** Every statement of a region under a further condition. */
export function narrow(region: Region, condition: RegionCondition): Region {
  return makeRegion(
    region.statements.map((statement) => ({ ...statement, ...allOf(statement.Condition, condition) })),
  )
}

export const overTls: RegionCondition = { Bool: { 'aws:SecureTransport': 'true' } }

/** Before an instant, or always. */
export function before(until: string | undefined): RegionCondition | undefined {
  return until === undefined ? undefined : { DateLessThan: { 'aws:CurrentTime': until } }
}

export function byPrincipals(arns: readonly string[]): RegionCondition {
  return { StringEquals: { 'aws:PrincipalArn': arns } }
}

/** What lies in both; the other one has nothing but conditions. */
export function bothOf(region: Region, other: Region): Region {
  return makeRegion(
    other.statements.flatMap((limit) => {
      const { Condition, ...rest } = limit
      if (rest.Action !== '*' || rest.Resource !== '*') throw new Error('only conditions can limit a region')
      return Condition === undefined ? region.statements : narrow(region, Condition).statements
    }),
  )
}
