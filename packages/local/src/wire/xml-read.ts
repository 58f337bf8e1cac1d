import { MalformedInput } from './malformed.js'
import { parseScalar } from './scalar.js'
import type { Member, Shape, StructShape } from './shape.js'
import type { XmlElement } from './xml-parse.js'

/** Reads an element by its shape; an element that the shape does not know is refused. */
export function readXml(shape: Shape, element: XmlElement): unknown {
  switch (shape.type) {
    case 'struct':
      return readStruct(shape, element)
    case 'list':
      return element.children.map((child) => {
        if (child.name !== shape.itemName)
          throw new MalformedInput(`unexpected element ${child.name} in ${element.name}`)
        return readXml(shape.item, child)
      })
    case 'map':
      return readEntries(shape, element.children)
    case 'unit':
      return {}
    default:
      if (element.children.length > 0) throw new MalformedInput(`element ${element.name} holds elements`)
      return parseScalar(shape, element.text, 'date-time', `element ${element.name}`)
  }
}

function readEntries(shape: Extract<Shape, { type: 'map' }>, entries: readonly XmlElement[]): unknown {
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const entry of entries) {
    const key = entry.children.find((child) => child.name === shape.keyName)
    const value = entry.children.find((child) => child.name === shape.valueName)
    if (key === undefined || value === undefined)
      throw new MalformedInput(`entry of ${entry.name} lacks key or value`)
    result[key.text] = readXml(shape.value, value)
  }
  return result
}

function readStruct(shape: StructShape, element: XmlElement): Record<string, unknown> {
  return readBodyMembers(
    shape,
    shape.members.filter((member) => member.place === 'body'),
    element,
  )
}

/** Reads the members that are elements of `element`. */
export function readBodyMembers(
  shape: StructShape,
  members: readonly Member[],
  element: XmlElement,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const child of element.children) {
    const member = members.find((one) => !one.attribute && one.xmlName === child.name)
    if (member === undefined) throw new MalformedInput(`unexpected element ${child.name} in ${element.name}`)
    if (member.flat && member.shape.type === 'list') {
      ;((result[member.name] ??= []) as unknown[]).push(readXml(member.shape.item, child))
    } else if (member.flat && member.shape.type === 'map') {
      result[member.name] = Object.assign(
        (result[member.name] ??= {}) as object,
        readEntries(member.shape, [child]),
      )
    } else {
      if (member.name in result) throw new MalformedInput(`element ${child.name} appears twice`)
      result[member.name] = readXml(member.shape, child)
    }
  }
  for (const member of members) {
    if (!member.attribute) continue
    const text = element.attributes[member.xmlName]
    if (text !== undefined) result[member.name] = text
  }
  requireMembers(members, result)
  if (shape.union && Object.keys(result).length !== 1)
    throw new MalformedInput(`${element.name} must hold exactly one element`)
  return result
}

/** Refuses a structure that lacks required members. */
export function requireMembers(members: readonly Member[], value: Readonly<Record<string, unknown>>): void {
  for (const member of members)
    if (member.required && value[member.name] === undefined && !member.idempotencyToken)
      throw new MalformedInput(
        `Value null at '${member.name}' failed to satisfy constraint: Member must not be null`,
      )
}
