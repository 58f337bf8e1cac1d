import type { EncodedKey, KeyCondition } from './condition-keys.js'
import { eachSegmentMatches, segmentsOf, type ArnVariables } from './arn-segments.js'
import { OutsideSubset } from './outside-subset.js'
import {
  and,
  choice,
  literal,
  not,
  or,
  patternPieces,
  patternRegex,
  plus,
  range,
  sequence,
  within,
  type Term,
} from './regular.js'
import { accountUniverse, partitionUniverse, type TextUniverse } from './universe.js'
import { textMeets, type Asked } from './values.js'
import type { Model } from './witness-values.js'

/**
 * Who asks: a user, or a session of a role. All keys that follow from that are read from the same variables, so that
 * they belong together: partition and account, `user/` or `role/` with path and name, the unique ID.
 */
const PARTITION = 'who_partition'
const ACCOUNT = 'who_account'
const REST = 'who_rest'
const ID = 'who_id'
const ARN: ArnVariables = [PARTITION, '"iam"', '""', ACCOUNT, REST]
const WHOLE_ARN = `(str.++ "arn:" ${PARTITION} ":iam::" ${ACCOUNT} ":" ${REST})`
const IS_USER = 'who_is_user'

/** What a key is: a text of every request, or one of users alone. */
interface PrincipalKey {
  readonly present: Term
  readonly meets: (asked: Asked) => Term
}

const NO_SLASH = choice(range(' ', '.'), range('0', '\uffff'))

const KEYS: Readonly<Record<string, PrincipalKey>> = {
  'aws:principalarn': {
    present: 'true',
    meets: (asked) => {
      if (asked.family !== 'arn') return textMeets(WHOLE_ARN, asked)
      if (asked.value === '*') return 'true'
      return eachSegmentMatches(ARN, segmentsOf(patternPieces(asked.value, asked.version2012), asked.value))
    },
  },
  'aws:principalaccount': { present: 'true', meets: (asked) => textMeets(ACCOUNT, asked) },
  'aws:userid': { present: 'true', meets: (asked) => textMeets(ID, asked) },
  'aws:username': { present: IS_USER, meets: nameMeets },
  'aws:principaltype': {
    present: 'true',
    meets: (asked) =>
      or(and(IS_USER, textMeets('"User"', asked)), and(not(IS_USER), textMeets('"AssumedRole"', asked))),
  },
  'aws:principalisawsservice': { present: 'true', meets: (asked) => textMeets('"false"', asked) },
}

/** The name behind the path, in which no slash is. */
function nameMeets({ family, value, version2012 }: Asked): Term {
  if (family !== 'text' && family !== 'foldedText' && family !== 'pattern')
    throw new OutsideSubset(`aws:username is compared as ${family}`)
  const pieces = patternPieces(value, version2012, family === 'pattern')
  if (pieces.some((piece) => typeof piece === 'object' && piece.literal.includes('/'))) return 'false'
  const name = patternRegex(pieces, { folded: family === 'foldedText', one: NO_SLASH })
  const path = choice(literal(''), sequence('re.all', literal('/')))
  return within(REST, sequence(literal('user/'), path, name))
}

const NAME_CHARACTER = choice(
  range('A', 'Z'),
  range('a', 'z'),
  range('0', '9'),
  ...Array.from('_+=,.@-', literal),
)
/** Behind the first slash: printable characters without blanks, slashes too, and one more slash. [API_CreateRole] */
const PATH = choice(literal(''), sequence(plus(range('!', '~')), literal('/')))
const ID_CHARACTER = choice(range('A', 'Z'), range('0', '9'))

const byKind = (ofUser: Term, ofSession: Term): Term => and(or(not(IS_USER), ofUser), or(IS_USER, ofSession))
const PATH_AND_NAME = sequence(PATH, plus(NAME_CHARACTER))

const REST_TEXT: TextUniverse = {
  variable: REST,
  exactly: byKind(
    within(REST, sequence(literal('user/'), PATH_AND_NAME)),
    within(REST, sequence(literal('role/'), PATH_AND_NAME)),
  ),
  nearly: byKind(
    within(REST, sequence(literal('user/'), 're.all', NAME_CHARACTER)),
    within(REST, sequence(literal('role/'), 're.all', NAME_CHARACTER)),
  ),
  has: (text) => /^(?:user|role)\/(?:[!-~]+\/)?[\w+=,.@-]+$/.test(text),
}
const ID_TEXT: TextUniverse = {
  variable: ID,
  exactly: byKind(
    within(ID, sequence(literal('AIDA'), plus(ID_CHARACTER))),
    within(ID, sequence(literal('AROA'), plus(ID_CHARACTER), literal(':'), plus(NAME_CHARACTER))),
  ),
  nearly: byKind(
    within(ID, sequence(literal('AIDA'), plus('re.allchar'))),
    within(ID, sequence(literal('AROA'), plus('re.allchar'), literal(':'), plus('re.allchar'))),
  ),
  has: (text) => /^AIDA[A-Z0-9]+$|^AROA[A-Z0-9]+:[\w+=,.@-]+$/.test(text),
}

/** Whether a key, by its name in lower case, follows from who asks. */
export const isPrincipalKey = (name: string): boolean => KEYS[name] !== undefined

/** Such a key; its part of the request is the principal, see `printPrincipal`. */
export function principalKey(
  name: string,
  holds: (condition: KeyCondition, key: PrincipalKey) => Term,
): EncodedKey {
  const key = KEYS[name]!
  // The ID is free of all the rest.
  const texts = name === 'aws:userid' ? [REST_TEXT, ID_TEXT] : [REST_TEXT]
  return {
    declarations: [
      `(declare-const ${IS_USER} Bool)`,
      ...[PARTITION, ACCOUNT, ...texts.map(({ variable }) => variable)].map(
        (variable) => `(declare-const ${variable} String)`,
      ),
    ],
    universe: [partitionUniverse(PARTITION), accountUniverse(ACCOUNT)],
    texts,
    items: [],
    holds: (condition) => holds(condition, key),
    print: () => ({}),
  }
}

/** Who asks, in a model of a query with such keys, and what the principal's ARN does not tell. */
export function printPrincipal(model: Model): {
  readonly principal: string
  readonly context: Readonly<Record<string, string>>
} {
  const [partition = '', account = '', rest = ''] = [PARTITION, ACCOUNT, REST].map((name) => model.text(name))
  const id = model.has(ID) ? model.text(ID) : rest.startsWith('user/') ? 'AIDAX' : 'AROAX:session'
  const arn = `arn:${partition}:iam::${account}:${rest}`
  if (rest.startsWith('user/')) return { principal: arn, context: { 'aws:userid': id } }
  const name = rest.slice(rest.lastIndexOf('/') + 1)
  const session = id.slice(id.indexOf(':') + 1)
  return {
    principal: `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`,
    context: { 'aws:userid': id, 'aws:PrincipalArn': arn },
  }
}
