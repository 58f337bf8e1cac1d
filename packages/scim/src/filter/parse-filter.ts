import { ScimError } from '../scim-error.js'
import type { Simple } from '../schema/attributes.js'
import { type AttributeRef, byName, findAttribute } from '../schema/find-attribute.js'
import type { Attribute, ResourceSchema } from '../schema/resource-schemas.js'
import type { Filter, Operator } from './filter.js'
import { readTokens, type Token } from './tokens.js'

const operators: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
const maxDepth = 20

/** What a name means where it stands; undefined: nothing of it is kept. */
type Resolve = (name: string) => AttributeRef | undefined

/** Parses a filter. Names that the schema does not have are refused: a filter that says less than it seems to is none. */
export function parseFilter(source: string, schema: ResourceSchema): Filter {
  const reader = new FilterReader(readTokens(source))
  const filter = reader.readOr(resolveIn(schema), 0)
  reader.end()
  return filter
}

function resolveIn(schema: ResourceSchema): Resolve {
  return (name) => {
    const found = findAttribute(schema, name)
    if (found.kind === 'attribute') return found.ref
    if (found.kind === 'dropped') return undefined
    throw new ScimError(400, 'invalidFilter', `a ${schema.kind} has no attribute ${name}`)
  }
}

/** Inside of brackets names are those of sub-attributes. */
function resolveWithin(of: AttributeRef): Resolve {
  return (name) => {
    const sub = byName(of.attribute.subAttributes ?? [], name)
    if (sub !== undefined) return { attribute: of.attribute, sub }
    throw new ScimError(400, 'invalidFilter', `${of.attribute.name} has no sub-attribute ${name}`)
  }
}

/** Reads filters and paths, by descent. */
export class FilterReader {
  private at = 0
  constructor(private readonly tokens: readonly Token[]) {}

  /** The next token, without taking it. */
  get next(): Token | undefined {
    return this.tokens[this.at]
  }

  take(kind: Token['kind']): Token | undefined {
    const { next } = this
    if (next?.kind !== kind) return undefined
    this.at += 1
    return next
  }

  expect(kind: Token['kind']): void {
    if (this.take(kind) === undefined)
      throw new ScimError(400, 'invalidFilter', `the filter lacks a "${kind}"`)
  }

  end(): void {
    if (this.next !== undefined) throw new ScimError(400, 'invalidFilter', 'the filter goes on after its end')
  }

  word(): string {
    const token = this.take('word')
    if (token?.kind !== 'word')
      throw new ScimError(400, 'invalidFilter', 'the filter lacks a name or an operator')
    return token.text
  }

  /** Takes the next word if it is this one. */
  isWord(text: string): boolean {
    const { next } = this
    if (next?.kind !== 'word' || next.text.toLowerCase() !== text) return false
    this.at += 1
    return true
  }

  readOr(resolve: Resolve, depth: number): Filter {
    const parts = [this.readAnd(resolve, depth)]
    while (this.isWord('or')) parts.push(this.readAnd(resolve, depth))
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'or', parts }
  }

  private readAnd(resolve: Resolve, depth: number): Filter {
    const parts = [this.readOne(resolve, depth)]
    while (this.isWord('and')) parts.push(this.readOne(resolve, depth))
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts }
  }

  private readOne(resolve: Resolve, depth: number): Filter {
    if (depth > maxDepth)
      throw new ScimError(400, 'invalidFilter', `a filter is nested ${maxDepth} deep at most`)
    if (this.isWord('not')) return { kind: 'not', part: this.readOne(resolve, depth + 1) }
    if (this.take('(') !== undefined) {
      const inner = this.readOr(resolve, depth + 1)
      this.expect(')')
      return inner
    }
    const ref = resolve(this.word())
    return this.next?.kind === '[' ? this.readEntry(ref, depth) : this.readComparison(ref)
  }

  private readComparison(ref: AttributeRef | undefined): Filter {
    const operator = this.word().toLowerCase()
    if (operator === 'pr') return { kind: 'present', ref }
    if (!operators.has(operator))
      throw new ScimError(400, 'invalidFilter', `${operator} is no operator of a filter`)
    return { kind: 'compare', ref, operator: operator as Operator, value: this.readOperand() }
  }

  private readEntry(ref: AttributeRef | undefined, depth: number): Filter {
    if (ref === undefined || ref.sub !== undefined || !hasEntries(ref.attribute))
      throw new ScimError(400, 'invalidFilter', 'brackets stand after an attribute with several values')
    const filter = this.readBrackets(ref, depth)
    if (this.take('.') === undefined) return { kind: 'entry', ref, filter }
    // `emails[type eq "work"].value eq "…"`: no filter of RFC 7644, but what Entra ID matches people by.
    const part = this.readComparison(resolveWithin(ref)(this.word()))
    return { kind: 'entry', ref, filter: { kind: 'and', parts: [filter, part] } }
  }

  readBrackets(ref: AttributeRef, depth: number): Filter {
    this.expect('[')
    const filter = this.readOr(resolveWithin(ref), depth + 1)
    this.expect(']')
    return filter
  }

  private readOperand(): Simple | number | null {
    const token = this.next
    this.at += 1
    if (token?.kind === 'text' || token?.kind === 'number') return token.value
    const text = token?.kind === 'word' ? token.text.toLowerCase() : undefined
    if (text === 'true' || text === 'false') return text === 'true'
    if (text === 'null') return null
    throw new ScimError(
      400,
      'invalidFilter',
      'a text in double quotes, a number, true, false or null is expected',
    )
  }
}

export function hasEntries(attribute: Attribute): boolean {
  return attribute.type === 'complex' && attribute.config.multiValued === true
}
