import type { Policy } from '@ringfence/policy'
import type { NamedPolicy } from '../account/account.js'
import { readNamed, sayContent } from '../account/read-policies.js'
import type { Region, RegionStatement } from './region.js'
import { makeRegion } from './region.js'

/** One statement of a policy that allows something, as a policy of its own. */
export interface Piece {
  readonly policy: Policy
  /** What it is about: buckets, aliases, other resources; actions where it names no resource. */
  readonly topics: ReadonlySet<string>
}

export interface Pieces {
  readonly allows: readonly Piece[]
  /** The statements that deny, as one policy. */
  readonly denies: Policy | undefined
}

interface PlainStatement {
  readonly Effect?: unknown
  readonly Action?: unknown
  readonly Resource?: unknown
  readonly Condition?: unknown
}

const remembered = new WeakMap<NamedPolicy, Pieces | undefined>()

/** An identity policy statement by statement; undefined where it is not known. */
export function piecesOf(named: NamedPolicy): Pieces | undefined {
  if (!remembered.has(named)) remembered.set(named, split(named))
  return remembered.get(named)
}

function split(named: NamedPolicy): Pieces | undefined {
  const read = readNamed(named, 'identity')
  if (!('policy' in read)) return undefined
  const { policy } = read
  const written = [(named.document as { readonly Statement?: unknown }).Statement].flat() as PlainStatement[]
  const allows: Piece[] = []
  for (const [index, statement] of policy.statements.entries()) {
    if (statement.effect === 'Deny') continue
    const plain = written[index] ?? {}
    allows.push({ policy: part(policy, [statement], [plain]), topics: topicsOf(plain) })
  }
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny')
  const deniesWritten = written.filter(({ Effect }) => Effect === 'Deny')
  return { allows, denies: denies.length === 0 ? undefined : part(policy, denies, deniesWritten) }
}

function part(policy: Policy, statements: Policy['statements'], written: readonly PlainStatement[]): Policy {
  const made = { ...policy, statements }
  sayContent(made, { Version: policy.version ?? null, Statement: written })
  return made
}

/** What a statement of an identity policy, or of a region, is about. */
function topicsOf({ Action, Condition, Resource }: PlainStatement): ReadonlySet<string> {
  const topics = new Set<string>()
  for (const resource of [Resource].flat()) {
    if (typeof resource !== 'string') continue
    if (resource.startsWith('arn:aws:s3:::')) topics.add(resource.split('/', 1)[0]!)
    else if (resource !== '*' && !resource.includes(':kms:')) topics.add(resource)
  }
  for (const keys of Object.values((Condition ?? {}) as Readonly<Record<string, object>>))
    for (const [key, values] of Object.entries(keys))
      if (key === 'kms:ResourceAliases') for (const alias of [values].flat()) topics.add(String(alias))
  if (topics.size === 0) for (const action of [Action].flat()) topics.add(String(action))
  return topics
}

const topicsOfRegions = new WeakMap<Region, ReadonlyMap<string, readonly number[]>>()

/** The part of a region that is about one of the topics; the same object for the same topics. */
export function regionAbout(region: Region, topics: ReadonlySet<string>): Region {
  let index = topicsOfRegions.get(region)
  if (index === undefined) topicsOfRegions.set(region, (index = indexOf(region.statements)))
  const found = new Set<number>()
  for (const topic of topics) for (const position of index.get(topic) ?? []) found.add(position)
  return makeRegion([...found].toSorted((a, b) => a - b).map((position) => region.statements[position]!))
}

function indexOf(statements: readonly RegionStatement[]): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>()
  for (const [position, statement] of statements.entries())
    for (const topic of topicsOf(statement)) {
      const positions = index.get(topic)
      if (positions === undefined) index.set(topic, [position])
      else positions.push(position)
    }
  return index
}

/** What a region is about. */
export function topicsOfRegion({ statements }: Region): ReadonlySet<string> {
  return new Set(statements.flatMap((statement) => [...topicsOf(statement)]))
}
