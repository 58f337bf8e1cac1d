import type { ActionPattern, ResourcePattern, Statement, Text } from '../../policy.js'

/**
 * Whether two statements can take the same request as far as the beginnings of their actions and resources tell.
 * False only where they surely cannot.
 */
export function mayMeet(a: Statement, b: Statement): boolean {
  return actionsMayMeet(a, b) && resourcesMayMeet(a, b)
}

function actionsMayMeet({ action: a }: Statement, { action: b }: Statement): boolean {
  if (a.negated || b.negated) return true
  return a.patterns.some((one) => b.patterns.some((other) => actionMayMeet(one, other)))
}

function actionMayMeet(a: ActionPattern, b: ActionPattern): boolean {
  if (a.service === '*' || b.service === '*') return true
  return a.service === b.service && textsMayMeet(headOfName(a), headOfName(b))
}

function resourcesMayMeet({ resource: a }: Statement, { resource: b }: Statement): boolean {
  if (!a || !b) return true
  if (a.negated || b.negated) return !excludes(a, b) && !excludes(b, a)
  return a.patterns.some((one) => b.patterns.some((other) => resourceMayMeet(one, other)))
}

/** Whether a NotResource leaves out all that the other names: as the same pattern, or by what follows a prefix. */
function excludes(
  negated: NonNullable<Statement['resource']>,
  other: NonNullable<Statement['resource']>,
): boolean {
  if (!negated.negated || other.negated) return false
  return other.patterns.every((pattern) => negated.patterns.some((spared) => includes(spared, pattern)))
}

function includes(wide: ResourcePattern, narrow: ResourcePattern): boolean {
  if (wide.type === 'everything') return true
  if (narrow.type === 'everything') return false
  if (wide.source === narrow.source) return !wide.source.includes('$')
  const head = headOf(wide)
  return head.rest === 'any' && headOf(narrow).text.startsWith(head.text)
}

function resourceMayMeet(a: ResourcePattern, b: ResourcePattern): boolean {
  return a.type === 'everything' || b.type === 'everything' || textsMayMeet(headOf(a), headOf(b))
}

/** The literal that a pattern begins with, and what may follow: nothing, whatever one likes, or something else. */
interface Head {
  readonly text: string
  readonly rest: 'nothing' | 'any' | 'other'
}

function textsMayMeet(a: Head, b: Head): boolean {
  if (a.text.length < b.text.length) return a.rest !== 'nothing' && b.text.startsWith(a.text)
  if (a.text.length > b.text.length) return b.rest !== 'nothing' && a.text.startsWith(b.text)
  return a.text === b.text
}

const heads = new WeakMap<object, Head>()

function headOf(pattern: Extract<ResourcePattern, { type: 'arn' }>): Head {
  let head = heads.get(pattern)
  if (!head) heads.set(pattern, (head = makeHead(pattern.segments)))
  return head
}

function makeHead(segments: readonly Text[]): Head {
  let text = ''
  for (const [index, { parts }] of segments.entries()) {
    if (index > 0) text += ':'
    for (const [position, part] of parts.entries()) {
      if (part.type === 'literal') {
        text += part.text
        continue
      }
      const endsAll = index === segments.length - 1 && position === parts.length - 1
      return { text, rest: part.type === 'any' && endsAll ? 'any' : 'other' }
    }
  }
  return { text, rest: 'nothing' }
}

function headOfName({ name }: ActionPattern): Head {
  const wildcard = name.search(/[*?]/)
  return wildcard < 0 ? { text: name, rest: 'nothing' } : { text: name.slice(0, wildcard), rest: 'other' }
}
