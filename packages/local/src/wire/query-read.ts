import { MalformedInput } from './malformed.js'
import { parseScalar } from './scalar.js'
import type { Shape } from './shape.js'
import { requireMembers } from './xml-read.js'

/** Form parameters split at their dots. */
interface Tree {
  text: string | undefined
  readonly children: Map<string, Tree>
}

const maxDepth = 32

/**
 * Reads the form of the query protocol (`Tags.member.1.Key=…`) by the input's shape. Parameters that the shape
 * does not know are refused, `Action`, `Version` and those of a signature in the query apart.
 */
export function readQueryInput(
  shape: Shape,
  form: Iterable<readonly [string, string]>,
): Record<string, unknown> {
  const root: Tree = { text: undefined, children: new Map() }
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version' || name.startsWith('X-Amz-')) continue
    insert(root, name, value)
  }
  return readTree(shape, root, '') as Record<string, unknown>
}

function insert(root: Tree, name: string, value: string): void {
  const segments = name.split('.')
  if (segments.length > maxDepth) throw new MalformedInput(`parameter ${name} is nested too deeply`)
  let tree = root
  for (const segment of segments) {
    let child = tree.children.get(segment)
    if (child === undefined) {
      child = { text: undefined, children: new Map() }
      tree.children.set(segment, child)
    }
    tree = child
  }
  if (tree.text !== undefined) throw new MalformedInput(`parameter ${name} appears twice`)
  tree.text = value
}

function readTree(shape: Shape, tree: Tree, path: string): unknown {
  switch (shape.type) {
    case 'struct': {
      const result: Record<string, unknown> = {}
      for (const [segment, child] of tree.children) {
        const member = shape.members.find((one) => one.xmlName === segment)
        if (member === undefined) throw new MalformedInput(`unknown parameter ${path}${segment}`)
        result[member.name] = readTree(member.shape, child, `${path}${segment}.`)
      }
      requireMembers(shape.members, result)
      return result
    }
    case 'list':
      return inOrder(itemsOf(tree, shape.itemName), path).map((child) => readTree(shape.item, child, path))
    case 'map': {
      const result: Record<string, unknown> = {}
      for (const entry of inOrder(itemsOf(tree, 'entry'), path)) {
        const key = entry.children.get(shape.keyName)?.text
        const value = entry.children.get(shape.valueName)
        if (key === undefined || value === undefined)
          throw new MalformedInput(`${path} has an entry without key or value`)
        result[key] = readTree(shape.value, value, path)
      }
      return result
    }
    case 'unit':
      return {}
    default:
      if (tree.text === undefined || tree.children.size > 0)
        throw new MalformedInput(`parameter ${path.slice(0, -1)} must be a single value`)
      return parseScalar(shape, tree.text, 'date-time', `parameter ${path.slice(0, -1)}`)
  }
}

/** Lists are `Name.member.N`; clients also send them flat, `Name.N`, or empty, `Name=`. */
function itemsOf(tree: Tree, itemName: string): ReadonlyMap<string, Tree> {
  const wrapped = tree.children.get(itemName) ?? tree.children.get('member')
  return wrapped !== undefined && tree.children.size === 1 ? wrapped.children : tree.children
}

function inOrder(items: ReadonlyMap<string, Tree>, path: string): readonly Tree[] {
  const numbered = [...items].map(([index, child]) => {
    if (!/^\d{1,6}$/.test(index)) throw new MalformedInput(`${path}${index} is no index`)
    return [Number(index), child] as const
  })
  return numbered.toSorted((left, right) => left[0] - right[0]).map(([, child]) => child)
}
