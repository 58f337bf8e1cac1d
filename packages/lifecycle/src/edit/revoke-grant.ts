import { isSeq } from 'yaml'
import type { EditProblem, Edited } from './edited.js'
import { refused, unreadable } from './edited.js'
import { removeItems } from './list-items.js'
import type { Splice } from './splice.js'
import type { GrantList, GrantWords, WrittenGrant } from './written-grants.js'
import { grantListOf, sameName, sayGrant } from './written-grants.js'
import type { YamlText } from './yaml-text.js'
import { checkedEdit, pairOf, readYamlText } from './yaml-text.js'

/** At most so many grants are listed. */
const maxRelated = 20

export interface Revoking extends GrantWords {
  /** Every grant that fits, where several do. */
  readonly all?: boolean
}

/**
 * Takes capabilities away: out of the grant that gives them, or the grant itself where it gives nothing else. Without
 * `under` any prefix fits. Where several grants give one of them the caller has to say which, or `all`.
 */
export function revokeGrant(text: string, words: Revoking): Edited {
  const yaml = readYamlText(text)
  if (yaml === undefined) return unreadable()
  const found = grantListOf(yaml)
  const fitting = (found?.grants ?? []).filter(
    ({ to, on, under }) =>
      sameName(to, words.to) &&
      sameName(on, words.on) &&
      (words.under === undefined || under === words.under),
  )
  for (const capability of words.can) {
    const giving = fitting.filter(({ can }) => can.includes(capability))
    if (giving.length === 0) return notFound({ ...words, can: [capability] }, found?.grants ?? [])
    if (giving.length > 1 && words.all !== true)
      return refused(
        'EDIT_AMBIGUOUS',
        `${giving.length} grants say that ${sayGrant({ ...words, can: [capability] })}`,
        {
          hint: "Say which with --under PREFIX (--under '' for the one without), or revoke all of them with --all.",
          related: related(giving),
        },
      )
  }
  const touched = fitting.filter(({ can }) => can.some((one) => words.can.includes(one)))
  const gone = new Set(touched.filter((grant) => isAll(grant, words.can)).map(({ index }) => index))
  const splices = found === undefined ? undefined : splicesFor(yaml, found, touched, gone, words.can)
  if (splices === undefined)
    return refused('EDIT_IMPOSSIBLE', 'the grant is written in a way that cannot be edited here', {
      hint: 'Edit it by hand.',
      related: related(touched),
    })
  return checkedEdit(yaml, splices, (value) => {
    const grants = value['grants'] as Record<string, unknown>[]
    for (const { index } of touched) grants[index]!['can'] = remaining(grants[index]!['can'], words.can)
    value['grants'] = grants.filter((_, index) => !gone.has(index))
  })
}

function isAll({ can }: WrittenGrant, capabilities: readonly string[]): boolean {
  return can.every((one) => capabilities.includes(one))
}

function remaining(can: unknown, capabilities: readonly string[]): unknown {
  return Array.isArray(can) ? can.filter((one) => !capabilities.includes(String(one))) : can
}

function splicesFor(
  yaml: YamlText,
  { list, pair }: GrantList,
  touched: readonly WrittenGrant[],
  gone: ReadonlySet<number>,
  capabilities: readonly string[],
): readonly Splice[] | undefined {
  if (list === undefined) return undefined
  const splices = [...removeItems(yaml, pair, list, gone)]
  for (const { can, index, node } of touched) {
    if (gone.has(index)) continue
    const written = pairOf(node, 'can')
    if (written === undefined || !isSeq(written.value)) return undefined
    const leaving = can.flatMap((one, at) => (capabilities.includes(one) ? [at] : []))
    splices.push(...removeItems(yaml, written, written.value, new Set(leaving)))
  }
  return splices
}

function notFound(words: GrantWords, grants: readonly WrittenGrant[]): Edited {
  const others = grants.filter(
    ({ can, on, to }) =>
      sameName(on, words.on) && (can.some((one) => words.can.includes(one)) || sameName(to, words.to)),
  )
  return refused('EDIT_NOT_FOUND', `no grant says that ${sayGrant(words)}`, {
    hint:
      others.length === 0
        ? 'See "ringfence access" for who can do what, and by which lines of the file.'
        : 'A member may have it through a team; a grant for all of something cannot be revoked under a prefix of it.',
    related: related(others),
  })
}

function related(grants: readonly WrittenGrant[]): NonNullable<EditProblem['related']> {
  return grants.slice(0, maxRelated).map((grant) => ({ line: grant.line, message: sayGrant(grant) }))
}
