import { Automaton } from '../texts/automaton.js'
import {
  ANY,
  ANY_DIGITS,
  ANY_NAME,
  ANY_WITHIN,
  COLON,
  ONE,
  ONE_DIGIT,
  ONE_NAME,
  ONE_WITHIN,
  pushLiteral,
  type Token,
} from '../texts/pattern.js'

/** The ARNs of a type of resource, such as `arn:${Partition}:s3:::${BucketName}`. */
export interface ResourceForm {
  readonly automaton: Automaton
  /** See `literalHead`. */
  readonly head: readonly Token[] | undefined
}

const read = new Map<string, ResourceForm>()

/** A form as a pattern. The catalogue has few enough of them to keep each that was read. */
export function resourceForm(form: string): ResourceForm {
  const known = read.get(form)
  if (known) return known
  const tokens = formTokens(form)
  const made = { automaton: new Automaton(tokens), head: literalHead(tokens) }
  read.set(form, made)
  return made
}

/**
 * The ARNs of a type of resource. A variable is any text that is not empty; the name of a bucket has no slash,
 * or else a bucket's ARN would be an object's. [S3 guide, bucket naming rules]
 */
function formTokens(form: string): Token[] {
  const tokens: Token[] = []
  for (const piece of form.split(/(\$\{\w+\}|\*)/)) {
    if (piece === '*') tokens.push(ANY)
    else if (piece === '${Partition}' || piece === '${Region}') tokens.push(ONE_WITHIN, ANY_WITHIN)
    else if (piece === '${Account}') tokens.push(ONE_DIGIT, ANY_DIGITS)
    else if (piece === '${BucketName}') tokens.push(ONE_NAME, ANY_NAME)
    else if (piece.startsWith('${')) tokens.push(ONE, ANY)
    else pushLiteral(tokens, piece)
  }
  return tokens
}

/** The literals after the partition; undefined where the partition may run on. */
export function literalHead(tokens: readonly Token[]): readonly Token[] | undefined {
  const colon = tokens.indexOf(COLON, 4)
  if (colon < 0 || tokens.slice(0, colon).includes(ANY)) return undefined
  const end = tokens.findIndex((token, index) => index > colon && token < 0)
  return tokens.slice(colon, end < 0 ? tokens.length : end)
}

/** Whether two patterns with these heads may take one text. */
export function mayMeet(one: readonly Token[] | undefined, other: readonly Token[] | undefined): boolean {
  if (!one || !other) return true
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) if (one[index] !== other[index]) return false
  return true
}
