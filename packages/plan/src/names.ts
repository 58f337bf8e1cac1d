import type { Platform, Member, Store, Team } from './declaration.js'
import type { Path } from './locator.js'
import { broken } from './repair.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'
import { suggestionHint } from './suggest.js'
import { describeStrangeCharacter } from './characters.js'

/** Everything that a file declares, by name, and how names in it are looked up. */
export interface Names {
  readonly members: ReadonlyMap<string, Member>
  readonly teams: ReadonlyMap<string, Team>
  readonly datasets: ReadonlyMap<string, Store>
  readonly models: ReadonlyMap<string, Store>
  readonly platforms: ReadonlyMap<string, Platform>
  readonly brokenNames: ReadonlySet<string>
}

export type Subject = { readonly kind: 'team' | 'member'; readonly name: string }
export type StoreName = { readonly kind: 'dataset' | 'model'; readonly name: string }
export type Target = { readonly kind: 'dataset' | 'model' | 'platform'; readonly name: string }

type Kind = 'member' | 'team' | 'dataset' | 'model' | 'platform'
const sections = {
  member: 'members',
  team: 'teams',
  dataset: 'datasets',
  model: 'models',
  platform: 'platforms',
} as const

/** Suggestions cost a search through all names; a file full of mistakes gets only this many. */
const maxSuggestions = 100
const suggestionsGiven = new WeakMap<Reporter, number>()

/** Finds a team or member; reports and returns undefined when there is none. */
export function findSubject(text: string, path: Path, names: Names, reporter: Reporter): Subject | undefined {
  return find(text, path, ['team', 'member'], 'team or member', names, reporter) as Subject | undefined
}

/** Finds a dataset or model. */
export function findStore(text: string, path: Path, names: Names, reporter: Reporter): StoreName | undefined {
  return find(text, path, ['dataset', 'model'], 'dataset or model', names, reporter) as StoreName | undefined
}

/** Finds a dataset, model or platform. */
export function findTarget(text: string, path: Path, names: Names, reporter: Reporter): Target | undefined {
  return find(text, path, ['dataset', 'model', 'platform'], 'dataset, model or platform', names, reporter) as
    Target | undefined
}

/** Finds a member by its bare name, as in the list of a team. */
export function findMember(text: string, path: Path, names: Names, reporter: Reporter): string | undefined {
  return find(text, path, ['member'], 'member', names, reporter)?.name
}

/** Finds a team by its bare name, as an owner. */
export function findTeam(text: string, path: Path, names: Names, reporter: Reporter): string | undefined {
  return find(text, path, ['team'], 'team', names, reporter)?.name
}

function find(
  text: string,
  path: Path,
  kinds: readonly Kind[],
  words: string,
  names: Names,
  reporter: Reporter,
): { readonly kind: Kind; readonly name: string } | undefined {
  if (text === broken) return undefined
  const slash = text.indexOf('/')
  const section = slash === -1 ? undefined : text.slice(0, slash)
  const name = slash === -1 ? text : text.slice(slash + 1)
  const considered = section === undefined ? kinds : kinds.filter((kind) => sections[kind] === section)
  const found = considered.filter((kind) => names[sections[kind]].has(name))
  if (found.length === 1 && found[0] !== undefined) return { kind: found[0], name }
  if (found.length > 1) {
    reporter.error('NAME_AMBIGUOUS', path, `${show(text)} is the name of a ${found.join(' and of a ')}`, {
      hint: `Write ${found.map((kind) => `"${sections[kind]}/${name}"`).join(' or ')}.`,
    })
    return undefined
  }
  if (!names.brokenNames.has(name))
    reportUnknown(text, section, name, path, considered, kinds, words, names, reporter)
  return undefined
}

function reportUnknown(
  text: string,
  section: string | undefined,
  name: string,
  path: Path,
  considered: readonly Kind[],
  kinds: readonly Kind[],
  words: string,
  names: Names,
  reporter: Reporter,
): void {
  const strange = describeStrangeCharacter(text)
  const message = `no ${words} is called ${show(text)}${strange === undefined ? '' : `; it contains ${strange}`}`
  reporter.error('NAME_UNKNOWN', path, message, { hint: hintFor() })

  function hintFor(): string | undefined {
    const given = suggestionsGiven.get(reporter) ?? 0
    if (given >= maxSuggestions) return undefined
    suggestionsGiven.set(reporter, given + 1)
    if (section !== undefined && considered.length === 0) {
      return suggestionHint(
        section,
        kinds.map((kind) => sections[kind]),
      )
    }
    const elsewhere = (Object.keys(sections) as Kind[]).find(
      (kind) => !kinds.includes(kind) && names[sections[kind]].has(name),
    )
    if (elsewhere !== undefined) return `"${name}" is a ${elsewhere}; here a ${words} is needed.`
    const candidates = considered.flatMap((kind) => [...names[sections[kind]].keys()])
    const hint = suggestionHint(name, candidates)
    if (hint !== undefined) return hint
    return candidates.length === 0
      ? `Declare it under ${considered.map((kind) => `"${sections[kind]}"`).join(' or ')}.`
      : undefined
  }
}
