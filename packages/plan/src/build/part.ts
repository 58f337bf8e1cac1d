import type { SourceSpan } from '../plan.js'
import type { Condition, Sourced } from './statement.js'
import { compare, oneOrMany } from './statement.js'

/**
 * One permission on its way into a policy. Parts with the same actions and condition may become one statement;
 * what then differs is the list of resources or, for keys, of aliases.
 */
export interface Part {
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: Condition | undefined
  /** Names of KMS aliases: ids of keys are not known before deployment, their aliases are. */
  readonly aliases?: readonly string[]
  readonly sources: readonly SourceSpan[]
}

export function toStatement(part: Part): Sourced {
  const condition: Condition = {
    ...part.condition,
    ...(part.aliases === undefined
      ? {}
      : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': oneOrMany(part.aliases) } }),
  }
  return {
    statement: {
      Sid: part.sid,
      Effect: 'Allow',
      Action: oneOrMany(part.actions),
      Resource: oneOrMany(part.resources),
      ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
    },
    sources: part.sources,
  }
}

/** Joins parts that differ only in resources or aliases; no list grows beyond `maxCharacters`. */
export function mergeParts(parts: readonly Part[], maxCharacters: number): Part[] {
  const groups = new Map<string, Part[]>()
  for (const part of parts) {
    const key = JSON.stringify([
      part.actions,
      part.condition,
      part.aliases === undefined ? null : part.resources,
    ])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [part])
    else group.push(part)
  }
  return [...groups.values()].flatMap((group) => chunk(group, maxCharacters))
}

function chunk(group: readonly Part[], maxCharacters: number): Part[] {
  const chunks: Part[] = []
  let open: Part[] = []
  let length = 0
  for (const part of group) {
    const added = (part.aliases ?? part.resources).reduce((sum, text) => sum + text.length + 3, 0)
    if (open.length > 0 && length + added > maxCharacters) {
      chunks.push(join(open))
      open = []
      length = 0
    }
    open.push(part)
    length += added
  }
  if (open.length > 0) chunks.push(join(open))
  return chunks
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted(compare)
}

function join(parts: readonly Part[]): Part {
  const [first, ...rest] = parts
  if (first === undefined) throw new Error('nothing to join')
  if (rest.length === 0) return first
  return {
    ...first,
    sid: `${/^[A-Z][a-z]+/.exec(first.sid)?.[0] ?? 'Grants'}Several`,
    resources: union(parts.map((part) => part.resources)),
    ...(first.aliases === undefined ? {} : { aliases: union(parts.map((part) => part.aliases ?? [])) }),
    sources: parts.flatMap((part) => part.sources),
  }
}
