import { OutsideSubset } from './outside-subset.js'
import { and, choice, literal, or, plus, range, sequence, star, within, type Term } from './regular.js'
import type { ArnVariables } from './arn-segments.js'

/**
 * Which requests count, said a second time: `docs/prover.md` says it for people, `packages/policy/src/prove` as
 * automata. Nothing of the latter is used here.
 */
const LOWER = range('a', 'z')
const DIGIT = range('0', '9')
const LABEL = choice(LOWER, DIGIT, literal('-'))

/**
 * What holds for a string in every request. `nearly` says less, but is far cheaper for cvc5: its models have capital
 * letters where any character would do, and so nearly always have what is missing too.
 */
export interface TextUniverse {
  readonly variable: Term
  readonly exactly: Term
  readonly nearly: Term
  /** The same as `exactly`, to look whether a model has it. */
  readonly has: (text: string) => boolean
}

const notEmpty = (variable: Term): Term => `(not (= ${variable} ""))`

/** The service and the name of an action, in capitals: their case never matters. */
const LETTER_OR_DIGIT = choice(range('A', 'Z'), DIGIT)
export const serviceUniverse = (variable: Term): TextUniverse => ({
  variable,
  exactly: within(variable, plus(choice(LETTER_OR_DIGIT, literal('-')))),
  nearly: notEmpty(variable),
  has: (text) => /^[A-Z0-9-]+$/.test(text),
})
export const actionNameUniverse = (variable: Term): TextUniverse => ({
  variable,
  exactly: within(variable, plus(choice(LETTER_OR_DIGIT, literal('-'), literal('_')))),
  nearly: notEmpty(variable),
  has: (text) => /^[A-Z0-9_-]+$/.test(text),
})

/** Printable ASCII and what else the policies name. */
export function textUniverse(variable: Term, further: readonly string[], mayBeEmpty: boolean): TextUniverse {
  const character = choice(range(' ', '~'), ...further.map(literal))
  return {
    variable,
    exactly: within(variable, mayBeEmpty ? star(character) : plus(character)),
    nearly: mayBeEmpty ? 'true' : notEmpty(variable),
    has: (text) =>
      (mayBeEmpty || text !== '') && [...text].every((one) => /[ -~]/.test(one) || further.includes(one)),
  }
}

/** A repetition of twelve is said by the length, which costs cvc5 a hundredth. */
const twelveDigits = (variable: Term): Term =>
  and(`(= (str.len ${variable}) 12)`, within(variable, star(DIGIT)))

/** An account's ID. */
export const accountUniverse = (variable: Term): Term => twelveDigits(variable)

/** The name of a partition of AWS. */
export const partitionUniverse = (variable: Term): Term =>
  within(variable, sequence(literal('aws'), star(LABEL)))

/** What makes the segments but the last those of a well-formed ARN; `textUniverse` is for the last. */
export function wellFormed([partition, service, region, account]: ArnVariables): readonly Term[] {
  return [
    partitionUniverse(partition),
    within(service, sequence(choice(LOWER, DIGIT), star(LABEL))),
    within(region, star(LABEL)),
    or(`(= ${account} "")`, `(= ${account} "aws")`, twelveDigits(account)),
  ]
}

/** What values a key has. `open` are those of services, of which nothing is known. */
export type ValueKind =
  'open' | 'text' | 'boolean' | 'number' | 'clock' | 'second' | 'address' | 'arn' | 'account'

/** How a key is sent. */
export interface SentKey {
  readonly kind: ValueKind
  readonly always: boolean
  /** A list; of keys of services it is one where a policy asks for all or for any of its values. */
  readonly many: boolean | 'asAsked'
}

const sent = (kind: ValueKind, always = false, many = false): SentKey => ({ kind, always, many })

/** The global keys of the subset, in lower case. [reference_policies_condition-keys] */
const GLOBAL: Readonly<Record<string, SentKey>> = {
  'aws:calledvia': sent('text', false, true),
  'aws:calledviafirst': sent('text'),
  'aws:calledvialast': sent('text'),
  'aws:currenttime': sent('clock', true),
  'aws:epochtime': sent('clock', true),
  'aws:multifactorauthage': sent('number'),
  'aws:multifactorauthpresent': sent('boolean'),
  'aws:principalorgid': sent('text'),
  'aws:principalorgpaths': sent('text', false, true),
  'aws:referer': sent('text'),
  'aws:requestedregion': sent('text', true),
  'aws:securetransport': sent('boolean', true),
  'aws:sourceaccount': sent('account'),
  'aws:sourcearn': sent('arn'),
  'aws:sourceip': sent('address'),
  'aws:sourcevpce': sent('text'),
  'aws:tagkeys': sent('text', false, true),
  'aws:tokenissuetime': sent('second'),
  'aws:useragent': sent('text'),
  'aws:viaawsservice': sent('boolean', true),
}

/** How a key is sent, by its name in lower case. Throws `OutsideSubset` for global keys that are not encoded. */
export function sentKey(name: string): SentKey {
  const known = GLOBAL[name]
  if (known) return known
  if (/^aws:(?:principal|request|resource)tag\/./.test(name)) return sent('text')
  if (name.startsWith('aws:')) throw new OutsideSubset(`the key ${name} is not encoded`)
  return { kind: 'open', always: false, many: 'asAsked' }
}

/** What AWS sends for keys that are true or false. */
export const booleanUniverse = (variable: Term): Term =>
  or(`(= ${variable} "true")`, `(= ${variable} "false")`)

/** The last second that AWS's clock can tell: the end of the year 9999. */
export const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000
