import { Remembered } from '../../remembered.js'

/** Units that lead from one state to another, those that read best first. */
interface Edge {
  readonly units: readonly number[]
  readonly target: number
}

/**
 * Which texts a variable can have at all, as a small deterministic automaton. Digits have edges of their own
 * wherever a pattern could ask for digits alone.
 */
export interface Language {
  readonly start: number
  readonly edges: readonly (readonly Edge[])[]
  readonly accepting: readonly boolean[]
  /** The shortest text that ends each state's texts. */
  readonly completion: readonly string[]
  /** By state and unit: the state after it, -1 for none. */
  readonly table: readonly (readonly number[])[]
}

/** From a state to another by these characters. */
export type Arrow = readonly [from: string, characters: string, to: string]

/** States by name; `start` is where texts begin. Throws when a state cannot be completed. */
export function makeLanguage(arrows: readonly Arrow[], accepting: readonly string[]): Language {
  const names = [...new Set(['start', ...arrows.flatMap(([from, , to]) => [from, to])])]
  const indexes = new Map(names.map((name, at) => [name, at]))
  const index = (name: string): number => indexes.get(name)!
  const outgoing = names.map(() => new Map<number, string>())
  for (const [from, characters, to] of arrows) {
    const targets = outgoing[index(from)]!
    targets.set(index(to), (targets.get(index(to)) ?? '') + characters)
  }
  const edges = outgoing.map((targets) =>
    Array.from(targets, ([target, characters]) => ({ units: unitsOf(characters), target })),
  )
  const accepts = names.map((name) => accepting.includes(name))
  const table = edges.map((ofState) => {
    const row = Array.from({ length: 128 }, () => -1)
    for (const { target, units } of ofState) for (const unit of units) if (unit < 128) row[unit] = target
    return row
  })
  return { start: 0, edges, accepting: accepts, completion: completions(edges, accepts), table }
}

function unitsOf(characters: string): readonly number[] {
  return [...new Set(characters)].map((character) => character.charCodeAt(0))
}

function completions(edges: readonly (readonly Edge[])[], accepting: readonly boolean[]): readonly string[] {
  const found: (string | undefined)[] = accepting.map((accepts) => (accepts ? '' : undefined))
  // Most arrows lead to later states, so that going backwards there is hardly a second round.
  for (let changed = true; changed;) {
    changed = false
    for (let state = edges.length - 1; state >= 0; state--)
      for (const { target, units } of edges[state]!) {
        const rest = found[target]
        if (rest === undefined || units.length === 0) continue
        const known = found[state]
        if (known !== undefined && known.length <= rest.length + 1) continue
        found[state] = String.fromCharCode(units[0]!) + rest
        changed = true
      }
  }
  if (found.includes(undefined)) throw new Error('a state of the language leads to no text')
  return found as string[]
}

/** The state after one more unit; -1 when no text goes on like that. */
export function nextState(language: Language, state: number, unit: number): number {
  if (unit < 128) return language.table[state]![unit]!
  for (const { target, units } of language.edges[state]!) if (units.includes(unit)) return target
  return -1
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGIT = '0123456789'
const MARKS = '-_./+=,@ !"#$%&\'()*:;<>?[\\]^`{|}~'
/** Printable ASCII, what reads best first. */
export const PRINTABLE = LOWER + DIGIT + UPPER + MARKS

/** What names of users, roles and sessions are made of. */
export const NAME_UNITS = unitsOf(`${LOWER}${DIGIT}${UPPER}_+=,.@-`)

/** Texts of printable ASCII and the further characters; the empty one too. */
export function textLanguage(further = ''): Language {
  return further === '' ? TEXT : makeLanguage([['start', PRINTABLE + further, 'start']], ['start'])
}
const TEXT = makeLanguage([['start', PRINTABLE, 'start']], ['start'])

/** The name of an action, in lower case. */
export const ACTION_NAMES = makeLanguage(
  [
    ['start', `${LOWER}${DIGIT}-_`, 'name'],
    ['name', `${LOWER}${DIGIT}-_`, 'name'],
  ],
  ['name'],
)

/** Account IDs: twelve digits. */
export const ACCOUNTS = makeLanguage(digits('start', 'account', 12), ['account'])

/** Names of users. */
export const USER_NAMES = makeLanguage(
  [
    ['start', String.fromCharCode(...NAME_UNITS), 'name'],
    ['name', String.fromCharCode(...NAME_UNITS), 'name'],
  ],
  ['name'],
)

/** Without what stands between the parts of a path and of an ARN. [API_Organization, Id] */
function idArrows(further: string): readonly Arrow[] {
  const characters = (PRINTABLE + further).replaceAll(/[/:]/g, '')
  return [
    ['start', characters, 'id'],
    ['id', characters, 'id'],
  ]
}

/** IDs of organizations. */
export function organizationIds(further: string): Language {
  return makeLanguage(idArrows(further), ['id'])
}

/** Paths in organizations: the ID, a slash, and the rest. */
export function organizationPaths(further: string): Language {
  return makeLanguage(
    [...idArrows(further), ['id', '/', 'rest'], ['rest', PRINTABLE + further, 'rest']],
    ['rest'],
  )
}

/** One text alone. */
export function wordLanguage(text: string): Language {
  return makeLanguage(word(text, 'start', 'end'), ['end'])
}

/** So many digits on the way from a state to another. */
export function digits(from: string, to: string, count: number): Arrow[] {
  return Array.from({ length: count }, (_, at) => [
    at === 0 ? from : `${to}-${at}`,
    DIGIT,
    at === count - 1 ? to : `${to}-${at + 1}`,
  ])
}

/**
 * Well-formed ARNs: a partition whose name starts with `aws`, a service, perhaps a region, perhaps an account
 * (twelve digits, those of `owner` where it is given, or `aws` for what AWS manages), and a resource that is not
 * empty.
 */
export function arnLanguage(further = '', owner?: string): Language {
  return arnsOf('any', further, owner)
}

/** The same where the account is in the ARN, `inArn`, or where it is not, `open`. */
export function arnLanguageWith(account: 'inArn' | 'open', further = '', owner?: string): Language {
  return arnsOf(account, further, owner)
}

const remembered = new Remembered<Language>(64)

function arnsOf(account: 'any' | 'inArn' | 'open', further: string, owner: string | undefined): Language {
  const name = `${account} ${owner} ${further}`
  return (
    remembered.get(name) ?? remembered.set(name, makeLanguage(arnArrows(account, further, owner), ['rest']))
  )
}

/** A fixed text on the way from a state to another. */
export function word(text: string, from: string, to: string): Arrow[] {
  return [...text].map((character, at) => [
    at === 0 ? from : `${to}<${at}`,
    character,
    at === text.length - 1 ? to : `${to}<${at + 1}`,
  ])
}

function arnArrows(
  account: 'any' | 'inArn' | 'open',
  further: string,
  owner: string | undefined,
): readonly Arrow[] {
  const inArn: Arrow[] = [
    ...(owner === undefined ? digits('account', 'owner', 12) : word(owner, 'account', 'owner')),
    ['owner', ':', 'resource'],
  ]
  const open: Arrow[] = [
    ['account', ':', 'resource'],
    ...word('aws', 'account', 'managed'),
    ['managed', ':', 'resource'],
  ]
  return [
    ...word('arn:aws', 'start', 'partition'),
    ['partition', `-${LOWER}${DIGIT}`, 'partition'],
    ['partition', ':', 'service'],
    ['service', `s${LOWER}${DIGIT}-`, 'service-name'],
    ['service-name', `${LOWER}${DIGIT}-`, 'service-name'],
    ['service-name', ':', 'region'],
    ['region', `${LOWER}${DIGIT}-`, 'region'],
    ['region', ':', 'account'],
    ...(account === 'inArn' ? [] : open),
    ...(account === 'open' ? [] : inArn),
    ['resource', PRINTABLE + further, 'rest'],
    ['rest', PRINTABLE + further, 'rest'],
  ]
}
