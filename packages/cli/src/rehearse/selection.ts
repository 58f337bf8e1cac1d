import type { Declaration, Store } from '@ringfence/plan'
import type { Actor } from './actor.js'
import type { Expectations } from './expectations.js'

/** Who is probed how thoroughly. Everybody's own grants are always probed. */
export interface Selection {
  /** Asked everything. */
  readonly thorough: readonly Actor[]
  /** Have the same grants as a thorough one (or came after the limit), and are asked for their own only. */
  readonly ownOnly: readonly Actor[]
  /** The stores on which thorough actors are also asked for what they were not granted. */
  readonly stores: readonly Store[]
  /** How many stores are left out of that. */
  readonly storesLeftOut: number
}

export function selectEverything(declaration: Declaration, actors: readonly Actor[]): Selection {
  return { thorough: actors, ownOnly: [], stores: declaration.stores, storesLeftOut: 0 }
}

/** At most so many members and stores stand for the others. */
const LIMIT = 30

/**
 * For organizations too large to ask everybody everything: one member for each distinct set of grants, one
 * store for each distinct set of grants on it, each up to a limit; outsiders and platforms always.
 */
export function selectRepresentatives(
  declaration: Declaration,
  actors: readonly Actor[],
  expectations: Expectations,
): Selection {
  const members = actors.filter(({ kind }) => kind === 'member')
  const platforms = actors.filter(({ kind }) => kind === 'platform')
  const others = actors.filter(({ kind }) => kind !== 'member' && kind !== 'platform')
  const first = (some: readonly Actor[]) =>
    firstOfEach(some, (actor) => accessSignature(expectations, actor)).slice(0, LIMIT)
  const chosen = new Set([...first(members), ...first(platforms), ...others])
  const stores = firstOfEach(declaration.stores, storeSignatures(declaration)).slice(0, LIMIT)
  return {
    thorough: actors.filter((actor) => chosen.has(actor)),
    ownOnly: actors.filter((actor) => !chosen.has(actor)),
    stores,
    storesLeftOut: declaration.stores.length - stores.length,
  }
}

function accessSignature(expectations: Expectations, actor: Actor): string {
  const accesses = expectations
    .accessOf(actor)
    .map(({ capability, on, under, as, endsAtMs }) =>
      [capability, on.kind, on.name, under, as ?? '', endsAtMs ?? ''].join(' '),
    )
  const way = actor.kind === 'member' ? actor.signIn : actor.kind
  return [way, ...accesses.toSorted()].join('\n')
}

function storeSignatures(declaration: Declaration): (store: Store) => string {
  const lines = new Map<string, string[]>()
  const add = (on: { readonly kind: string; readonly name: string }, line: string) => {
    const id = `${on.kind}/${on.name}`
    const known = lines.get(id)
    if (known === undefined) lines.set(id, [line])
    else known.push(line)
  }
  for (const { on, to, can, under, until } of declaration.grants)
    add(on, [to.kind, to.name, ...can, under, until ?? ''].join(' '))
  for (const { name, reads, writes } of declaration.platforms) {
    for (const reference of reads) add(reference, `${name} reads ${reference.under}`)
    for (const reference of writes) add(reference, `${name} writes ${reference.under}`)
  }
  return ({ kind, name, encryption }) =>
    [kind, encryption, ...(lines.get(`${kind}/${name}`) ?? []).toSorted()].join('\n')
}

function firstOfEach<Item>(items: readonly Item[], signature: (item: Item) => string): readonly Item[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const id = signature(item)
    if (seen.has(id)) return false
    seen.add(id)
    return true
  })
}
