import { eachSegmentMatches, segmentsOf, type ArnVariables } from './arn-segments.js'
import type { Family, Order } from './operators.js'
import { OutsideSubset } from './outside-subset.js'
import {
  and,
  choice,
  literal,
  matches,
  not,
  patternPieces,
  patternRegex,
  range,
  sequence,
  within,
  type Piece,
  type Term,
} from './regular.js'
import { inNetwork, instantTerm, networkOf, realTerm } from './typed-constants.js'
import {
  accountUniverse,
  booleanUniverse,
  LAST_SECOND,
  textUniverse,
  wellFormed,
  type TextUniverse,
  type ValueKind,
} from './universe.js'
import { printDecimal, printIpv4, printIpv6, type Model } from './witness-values.js'

/** What a condition asks of one value. */
export interface Asked {
  readonly family: Family
  readonly order: Order
  readonly value: string
  /** The document has version 2012-10-17. */
  readonly version2012: boolean
}

/** One value that a key may have. */
export interface ValueVariables {
  readonly declarations: readonly Term[]
  /** What holds for it in every request. */
  readonly universe: readonly Term[]
  /** Of its strings. */
  readonly texts: readonly TextUniverse[]
  /** Whether it is as asked. Throws `OutsideSubset`. */
  readonly meets: (asked: Asked) => Term
  /** What a model makes of it, as the request's text. */
  readonly print: (model: Model) => string
}

const NO_COLON = choice(range(' ', '9'), range(';', '\uffff'))

/** Kinds of keys whose values are no texts, and what compares them. */
const TYPED_KINDS: Readonly<Partial<Record<ValueKind, 'number' | 'instant' | 'address'>>> = {
  number: 'number',
  second: 'instant',
  address: 'address',
}
const TYPED_VALUES = { number: numberValue, instant: instantValue, address: addressValue }

/** Variables for one value. `family` is what the policies compare it by; texts are compared in several ways. */
export function valueVariables(
  name: string,
  kind: ValueKind,
  family: Family | undefined,
  further: readonly string[],
): ValueVariables {
  if (kind === 'arn') return arnValue(name, further)
  const odd = kind === 'open' || kind === 'text'
  const typedFamily = family ?? TYPED_KINDS[kind]
  if (typedFamily === 'number' || typedFamily === 'instant' || typedFamily === 'address') {
    if (!odd && TYPED_KINDS[kind] !== typedFamily)
      throw new OutsideSubset(`a key of kind ${kind} is compared as ${typedFamily}`)
    return TYPED_VALUES[typedFamily](name, odd)
  }
  if (kind === 'boolean') return textValue(name, [booleanUniverse(name)], [])
  if (kind === 'account') return textValue(name, [accountUniverse(name)], [])
  return textValue(name, [], [textUniverse(name, further, true)])
}

function refuse({ family }: Asked, what: string): never {
  throw new OutsideSubset(`${what} is compared as ${family}`)
}

function textValue(name: string, universe: readonly Term[], texts: readonly TextUniverse[]): ValueVariables {
  return {
    declarations: [`(declare-const ${name} String)`],
    universe,
    texts,
    meets: (asked) => textMeets(name, asked),
    print: (model) => model.text(name),
  }
}

/** Whether a text is as asked. Throws `OutsideSubset`. */
export function textMeets(name: Term, asked: Asked): Term {
  const { family, value, version2012 } = asked
  switch (family) {
    case 'text':
      return matches(name, patternPieces(value, version2012, false))
    case 'foldedText':
      return matches(name, patternPieces(value, version2012, false), { folded: true })
    case 'pattern':
      return matches(name, patternPieces(value, version2012))
    case 'arn':
      return within(name, arnRegex(patternPieces(value, version2012), value))
    case 'boolean':
      return /^(?:true|false)$/i.test(value)
        ? matches(name, [{ literal: value }], { folded: true })
        : refuse(asked, value)
    default:
      return refuse(asked, 'a text')
  }
}

/** ARN patterns on a text that may be none: it has to have six segments. */
function arnRegex(pieces: readonly Piece[], source: string): Term {
  const segments =
    source === '*' ? Array.from({ length: 6 }, (): readonly Piece[] => ['*']) : segmentsOf(pieces, source)
  const [first = [], ...others] = segments
  const head = patternRegex(first)
  if (source !== '*' && head !== literal('arn')) throw new OutsideSubset(`${source} does not begin with arn:`)
  const regexes = others.map((one, index) => patternRegex(one, index < 4 ? { one: NO_COLON } : {}))
  return sequence(literal('arn'), ...regexes.flatMap((regex) => [literal(':'), regex]))
}

function arnValue(name: string, further: readonly string[]): ValueVariables {
  const variables = ['p', 's', 'r', 'a', 'rest'].map((part) => `${name}_${part}`) as unknown as ArnVariables
  const whole = `(str.++ "arn:" ${variables.join(' ":" ')})`
  return {
    declarations: variables.map((variable) => `(declare-const ${variable} String)`),
    universe: wellFormed(variables),
    texts: [textUniverse(variables[4], further, false)],
    meets: (asked) => {
      if (asked.family !== 'arn') return textMeets(whole, asked)
      if (asked.value === '*') return 'true'
      const pieces = patternPieces(asked.value, asked.version2012)
      return eachSegmentMatches(variables, segmentsOf(pieces, asked.value))
    },
    print: (model) => `arn:${variables.map((variable) => model.text(variable)).join(':')}`,
  }
}

const compared = (order: Order, left: Term, right: Term): Term => `(${order} ${left} ${right})`

/** A value of another type; `odd` where it may also be a text that is no such value, which meets nothing. */
function typed(
  name: string,
  odd: boolean,
  value: Pick<ValueVariables, 'declarations' | 'universe' | 'print'>,
  meets: (asked: Asked) => Term,
): ValueVariables {
  if (!odd) return { ...value, texts: [], meets }
  const isSuch = `${name}_readable`
  return {
    declarations: [...value.declarations, `(declare-const ${isSuch} Bool)`],
    universe: value.universe,
    texts: [],
    meets: (asked) => and(isSuch, meets(asked)),
    print: (model) => (model.isTrue(isSuch) ? value.print(model) : 'none'),
  }
}

function numberValue(name: string, odd: boolean): ValueVariables {
  const value = {
    declarations: [`(declare-const ${name} Real)`],
    universe: [],
    print: (model: Model) => printDecimal(model.rational(name)),
  }
  return typed(name, odd, value, (asked) =>
    asked.family === 'number'
      ? compared(asked.order, name, realTerm(asked.value))
      : refuse(asked, 'a number'),
  )
}

/** AWS's own instants are whole seconds; those of others have any fraction. */
function instantValue(name: string, odd: boolean): ValueVariables {
  const [least, greatest] = odd ? ['(- 9999999999999.0)', '9999999999999.0'] : ['0', String(LAST_SECOND)]
  const value = {
    declarations: [`(declare-const ${name} ${odd ? 'Real' : 'Int'})`],
    universe: [`(<= ${least} ${name} ${greatest})`],
    print: (model: Model) => {
      if (odd) return printDecimal(model.rational(name))
      return new Date(Number(model.rational(name).numerator) * 1000).toISOString().replace('.000', '')
    },
  }
  return typed(name, odd, value, (asked) => instantMeets(odd ? name : `(to_real ${name})`, asked))
}

/** What is asked of the instant `second`, a term of sort Real. */
export function instantMeets(second: Term, asked: Asked): Term {
  return asked.family === 'instant'
    ? compared(asked.order, second, instantTerm(asked.value))
    : refuse(asked, 'an instant')
}

function addressValue(name: string, odd: boolean): ValueVariables {
  const [isV6, v4, v6] = [`${name}_is6`, `${name}_4`, `${name}_6`]
  const value = {
    declarations: [
      `(declare-const ${isV6} Bool)`,
      `(declare-const ${v4} (_ BitVec 32))`,
      `(declare-const ${v6} (_ BitVec 128))`,
    ],
    universe: [],
    print: (model: Model) => (model.isTrue(isV6) ? printIpv6(model.whole(v6)) : printIpv4(model.whole(v4))),
  }
  return typed(name, odd, value, (asked) => {
    if (asked.family !== 'address') return refuse(asked, 'an address')
    const network = networkOf(asked.value)
    return network.bits === 32 ? and(not(isV6), inNetwork(v4, network)) : and(isV6, inNetwork(v6, network))
  })
}
