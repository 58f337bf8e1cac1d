import { printScalar } from './scalar.js'
import type { Member, Shape, StructShape } from './shape.js'

// oxlint-disable-next-line no-control-regex
const special = /[&<>"\u0000-\u001f\ufffe\uffff]/
// oxlint-disable-next-line no-control-regex
const specials = /[&<>"\u0000-\u001f\ufffe\uffff]/g
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for an element or attribute. Control characters become references, as S3 writes them. */
export function escapeXml(text: string): string {
  if (!special.test(text)) return text
  return text.replace(
    specials,
    (character) => escapes[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  )
}

/** `<name>text</name>` */
export function xmlElement(name: string, text: string | number | boolean): string {
  return `<${name}>${typeof text === 'string' ? escapeXml(text) : String(text)}</${name}>`
}

type Values = Readonly<Record<string, unknown>>

/** A structure as an element; members that are undefined are left out. */
export function writeStruct(shape: StructShape, value: Values, name: string, attributes = ''): string {
  return `<${name}${attributes}${attributesOf(shape, value)}>${writeMembers(shape.members, value)}</${name}>`
}

/** The elements of those members that travel in the body. */
export function writeMembers(members: readonly Member[], value: Values): string {
  let text = ''
  for (const member of members) {
    if (member.place !== 'body' || member.attribute) continue
    const one = value[member.name]
    if (one !== undefined && one !== null) text += writeMember(member, one)
  }
  return text
}

function writeMember(member: Member, value: unknown): string {
  const { shape, xmlName } = member
  if (shape.type === 'list') {
    const item = member.flat ? xmlName : shape.itemName
    const items = (value as readonly unknown[]).map((one) => writeXml(shape.item, one, item, '')).join('')
    return member.flat ? items : `<${xmlName}>${items}</${xmlName}>`
  }
  if (shape.type === 'map') {
    const entryName = member.flat ? xmlName : 'entry'
    let entries = ''
    for (const [key, one] of Object.entries(value as Values))
      entries += `<${entryName}>${xmlElement(shape.keyName, key)}${writeXml(shape.value, one, shape.valueName, '')}</${entryName}>`
    return member.flat ? entries : `<${xmlName}>${entries}</${xmlName}>`
  }
  return writeXml(shape, value, xmlName, namespaceOf(member))
}

/** Any value as an element. */
export function writeXml(shape: Shape, value: unknown, name: string, attributes: string): string {
  switch (shape.type) {
    case 'struct':
      return writeStruct(shape, value as Values, name, attributes)
    case 'list': {
      const items = (value as readonly unknown[]).map((one) => writeXml(shape.item, one, shape.itemName, ''))
      return `<${name}${attributes}>${items.join('')}</${name}>`
    }
    case 'map': {
      let entries = ''
      for (const [key, one] of Object.entries(value as Values))
        entries += `<entry>${xmlElement(shape.keyName, key)}${writeXml(shape.value, one, shape.valueName, '')}</entry>`
      return `<${name}${attributes}>${entries}</${name}>`
    }
    default:
      return `<${name}${attributes}>${escapeXml(printScalar(shape, value, 'date-time'))}</${name}>`
  }
}

function namespaceOf(member: Member): string {
  if (member.xmlns === undefined) return ''
  const [prefix, uri] = member.xmlns
  return prefix ? ` xmlns:${prefix}="${escapeXml(uri)}"` : ` xmlns="${escapeXml(uri)}"`
}

function attributesOf(shape: StructShape, value: Values): string {
  let text = ''
  for (const member of shape.members) {
    if (!member.attribute) continue
    const one = value[member.name]
    if (one !== undefined) text += ` ${member.xmlName}="${escapeXml(String(one))}"`
  }
  return text
}
