import type { Edited } from './edited.js'
import { unreadable } from './edited.js'
import type { Entry } from './list-items.js'
import { appendItem, fillEmpty, writeBlockItem } from './list-items.js'
import type { Splice } from './splice.js'
import { writeFlowEntry } from './write-entry.js'
import type { GrantWords } from './written-grants.js'
import { grantListOf } from './written-grants.js'
import type { YamlText } from './yaml-text.js'
import { checkedEdit, contentEnd, isPlainNode, readYamlText } from './yaml-text.js'

export interface NewGrant extends GrantWords {
  /** As it is to stand in the file: a day or an instant. */
  readonly until?: string
  readonly because?: string
}

/** Adds a grant at the end of `grants`. Whether it makes sense there is for who parses the result to say. */
export function addGrant(text: string, grant: NewGrant): Edited {
  const yaml = readYamlText(text)
  if (yaml === undefined) return unreadable()
  const entry = entryOf(grant)
  return checkedEdit(yaml, splicesFor(yaml, entry), (value) => {
    const grants = Array.isArray(value['grants']) ? (value['grants'] as unknown[]) : []
    value['grants'] = [...grants, Object.fromEntries(entry)]
  })
}

function entryOf({ to, can, on, under = '', until, because }: NewGrant): Entry {
  return [
    ['to', to],
    ['can', can.length === 1 ? can[0]! : can],
    ['on', on],
    ...(under === '' ? [] : [['under', under] as const]),
    ...(until === undefined ? [] : [['until', until] as const]),
    ...(because === undefined ? [] : [['because', because] as const]),
  ]
}

function splicesFor(yaml: YamlText, entry: Entry): readonly Splice[] {
  const found = grantListOf(yaml)
  if (found === undefined) return appendSection(yaml, entry)
  const { list, pair } = found
  if (list !== undefined && list.items.length > 0) return appendItem(yaml, list, entry)
  // What stands for a list somewhere else is left alone: the result is then not what it should be.
  return pair.value === null || isPlainNode(pair.value) ? fillEmpty(yaml, pair, entry) : []
}

function appendSection(yaml: YamlText, entry: Entry): readonly Splice[] {
  const { isJson, newline, root, text } = yaml
  if (root.flow === true) {
    const end = contentEnd(text, root) - 1
    const before = text.slice(0, end).trimEnd().length
    const key = isJson ? '"grants"' : 'grants'
    const item = `${key}: [${writeFlowEntry(entry, isJson)}]`
    return [{ start: before, end: before, text: root.items.length === 0 ? ` ${item} ` : `, ${item}` }]
  }
  const gap = text.endsWith('\n') ? '' : newline
  const section = `grants:${newline}${writeBlockItem(entry, '  ', true, newline)}${newline}`
  return [{ start: text.length, end: text.length, text: gap + section }]
}
