import { OutsideSubset } from './outside-subset.js'

/** What an operator compares by. */
export type Family = 'text' | 'foldedText' | 'pattern' | 'arn' | 'number' | 'instant' | 'boolean' | 'address'

export type Order = '=' | '<' | '<=' | '>' | '>='

/** An operator, taken apart. */
export interface Operator {
  readonly family: Family | 'null'
  readonly order: Order
  /** None of the values may be met. */
  readonly none: boolean
  readonly ifExists: boolean
  readonly over: 'one' | 'all' | 'any'
}

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: '=',
  NotEquals: '=',
  LessThan: '<',
  LessThanEquals: '<=',
  GreaterThan: '>',
  GreaterThanEquals: '>=',
}
const WORDS: Readonly<Record<string, Family | 'null'>> = {
  StringEquals: 'text',
  StringNotEquals: 'text',
  StringEqualsIgnoreCase: 'foldedText',
  StringNotEqualsIgnoreCase: 'foldedText',
  StringLike: 'pattern',
  StringNotLike: 'pattern',
  ArnEquals: 'arn',
  ArnLike: 'arn',
  ArnNotEquals: 'arn',
  ArnNotLike: 'arn',
  Bool: 'boolean',
  IpAddress: 'address',
  NotIpAddress: 'address',
  Null: 'null',
}

/** Takes an operator apart. Throws `OutsideSubset` for one that is not encoded. [elements_condition_operators] */
export function operatorOf(source: string): Operator {
  const [, over = '', base = '', ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(source) ?? []
  const ordered = /^(Numeric|Date)(.+)$/.exec(base)
  const order = ordered ? ORDERS[ordered[2]!] : '='
  const family = ordered ? (ordered[1] === 'Date' ? 'instant' : 'number') : WORDS[base]
  if (family === undefined || order === undefined)
    throw new OutsideSubset(`the operator ${source} is not encoded`)
  if (family === 'null' && base !== source)
    throw new OutsideSubset(`Null asks for presence itself: ${source}`)
  return {
    family,
    order,
    none: base.includes('Not'),
    ifExists: ifExists !== undefined,
    over: over === 'ForAllValues:' ? 'all' : over === 'ForAnyValue:' ? 'any' : 'one',
  }
}
