import type { Statement } from '@ringfence/policy'
import { listWords, quoted } from '../words/value-words.js'
import { covers, mayOverlap, type Shape } from './region.js'

/** Which part of what is asked for a statement is about, in words; nothing where it is about all of it. */
export function resourceLimits({ resource }: Pick<Statement, 'resource'>, shape: Shape): readonly string[] {
  if (!resource) return []
  const patterns = resource.patterns.map(({ source }) => source)
  const asked = shape.resources.filter((one) => patterns.some((pattern) => mayOverlap(pattern, one)))
  if (resource.negated) {
    const spared = patterns.filter((pattern) => shape.resources.some((one) => mayOverlap(pattern, one)))
    return spared.length === 0 ? [] : [`except ${partWords(spared, shape)}`]
  }
  const open = asked.filter((one) => !patterns.some((pattern) => covers(pattern, one)))
  if (open.length === 0) return []
  const parts = patterns.filter((pattern) => open.some((one) => mayOverlap(pattern, one)))
  return [partWords(parts, shape)]
}

/** Which actions a statement is about, in words, where all of a service are asked for and it takes not all of them. */
export function actionLimits({ action }: Pick<Statement, 'action'>, shape: Shape): readonly string[] {
  const wide = shape.actions.filter((asked) => /^(?:\*|[^:]+:\*)$/.test(asked))
  const patterns = action.patterns.map(({ source }) => source)
  const meets = (asked: string): boolean =>
    patterns.some((one) => mayOverlap(one.toLowerCase(), asked.toLowerCase()))
  const isAll = (asked: string): boolean =>
    patterns.some((one) => covers(one.toLowerCase(), asked.toLowerCase()))
  const open = wide.filter((asked) => meets(asked) && !isAll(asked))
  if (open.length === 0) return []
  const told = patterns.filter((one) =>
    open.some((asked) => mayOverlap(one.toLowerCase(), asked.toLowerCase())),
  )
  return [action.negated ? `except ${some(told, 'and')}` : `${some(told, 'and')} only`]
}

/** Whether a statement is about all of what is asked for, as far as its resources tell. */
export function coversResources({ resource }: Pick<Statement, 'resource'>, shape: Shape): boolean {
  return (
    !resource ||
    (!resource.negated &&
      resourceLimits({ resource }, shape).length === 0 &&
      touchesAll(resource.patterns, shape))
  )
}

function touchesAll(patterns: readonly { readonly source: string }[], shape: Shape): boolean {
  return shape.resources.every((one) => patterns.some(({ source }) => covers(source, one)))
}

const SHOWN = 4

/** `under raw/ or labels/`, `on raw/x`, else the patterns themselves. */
function partWords(patterns: readonly string[], shape: Shape): string {
  const buckets = shape.resources.flatMap((one) => /^(arn:[^:]+:s3:::[^/*?]+)/.exec(one)?.[1] ?? [])
  const keys = patterns.map((pattern) => {
    const bucket = buckets.find((one) => pattern.startsWith(`${one}/`))
    return bucket === undefined ? undefined : pattern.slice(bucket.length + 1)
  })
  const folders = keys.map((key) =>
    key?.endsWith('/*') && !/[*?]/.test(key.slice(0, -1)) ? key.slice(0, -1) : undefined,
  )
  if (folders.every((folder) => folder !== undefined)) return `under ${some(folders)}`
  const head = commonHead(shape.resources)
  const names = patterns.map(
    (pattern, index) => keys[index] ?? (pattern.startsWith(head) ? pattern.slice(head.length) : pattern),
  )
  return `on ${some(names)}`
}

/** Service, region and account, where all that is asked for has the same: `arn:aws:sagemaker:eu-west-1:111122223333:`. */
function commonHead(resources: readonly string[]): string {
  const [first, ...more] = resources.map((one) => /^arn:(?:[^:*?$]*:){3}\d{12}:/.exec(one)?.[0] ?? '')
  return more.every((one) => one === first) ? (first ?? '') : ''
}

function some(items: readonly string[], word: 'or' | 'and' = 'or'): string {
  const rest = items.length - SHOWN
  const shown = rest > 1 ? [...items.slice(0, SHOWN).map(quoted), `${rest} more`] : items.map(quoted)
  return listWords(shown, word)
}
