import type { Automaton } from '../texts/automaton.js'
import { Undecided, type Bounds } from '../bounds.js'
import { TIED_OWNER, TIED_RESOURCE, tiesTo, type Option, type ResourceValue } from './dimension.js'
import { arnLanguage, arnLanguageWith, type Language } from '../texts/language.js'
import { partitionTexts, type StringClass, type StringPattern } from '../texts/partition.js'
import type { ResourcePattern } from '../../policy.js'
import { ownerTerm, type OwnerTerm } from './resource-owners.js'
import type { Term } from '../search/term.js'
import {
  hasVariables,
  oddCharacter,
  PatternSet,
  resourceText,
  resourceTokens,
} from '../texts/text-patterns.js'
import { splitByTies, type Tie } from '../variables/ties.js'

/** What the statements' Resource and NotResource ask. */
export interface ResourceTerm {
  readonly patterns: readonly StringPattern[]
  readonly language: Language
  /** Statements that have `*`, or no Resource at all. */
  readonly everything: bigint
  /** Statements with NotResource. */
  readonly negated: bigint
  readonly ties: readonly Tie[]
  /** What is asked of the owner, if anything is. */
  readonly owners: OwnerTerm | undefined
  /** ARNs that have the owner's account, and those that have none. */
  readonly languages: { readonly inArn: () => Language; readonly open: () => Language }
}

/** `owner`: only what this account, 12 digits, or AWS can own. */
export function resourceTerm(term: Term, bounds: Bounds, owner?: string): ResourceTerm | Undecided {
  // The bit behind those of the statements is that of a type of resource.
  const first = term.statements.length + 1
  const owners = ownerTerm(term, first, bounds, owner)
  if (owners instanceof Undecided) return owners
  const set = new PatternSet(owners?.next ?? first)
  let everything = 0n
  let negated = 0n
  for (const { bit, statement } of term.statements) {
    const { resource } = statement
    if (!resource) {
      everything |= bit
      continue
    }
    if (resource.negated) negated |= bit
    for (const pattern of resource.patterns) {
      if (pattern.type === 'everything') {
        everything |= bit
        continue
      }
      if (pattern.type === 'nothing') continue
      const odd = oddCharacter(pattern.source)
      if (odd) return new Undecided('notSupported', `the resource "${pattern.source}" has ${odd}`)
      const tokens = resourceTokens(pattern)
      if (hasVariables(pattern)) set.addTie([tokens], bit, resourceText(pattern), tieKind(pattern))
      else set.add(tokens, bit)
    }
  }
  const { further, patterns, ties } = set
  const language = arnLanguage(further, owner)
  const languages = {
    inArn: () => arnLanguageWith('inArn', further, owner),
    open: () => arnLanguageWith('open', further, owner),
  }
  return { patterns, language, languages, everything, negated, ties, owners }
}

/** Wildcards before the last segment may be confined to theirs. */
function tieKind({ segments }: Extract<ResourcePattern, { type: 'arn' }>): 'plain' | 'arn' {
  const isLiteral = segments.slice(0, 5).every(({ parts }) => parts.every(({ type }) => type === 'literal'))
  return isLiteral ? 'plain' : 'arn'
}

/** The options of requests that have no ARN. */
export function bareOptions({ everything, negated, owners }: ResourceTerm): Option<ResourceValue>[] {
  const mask = everything ^ negated
  if (!owners) return [{ mask, value: { arn: '*' } }]
  return owners.free.map(({ failed, owner, ties }) => {
    return { mask: mask & ~failed, value: { arn: '*', owner }, ties }
  })
}

/** The options among the ARNs of one type of resource; `atom` is a bit that no statement has. */
export function resourceOptionsOfType(
  resource: ResourceTerm,
  type: Automaton,
  atom: bigint,
  bounds: Bounds,
): Option<ResourceValue>[] | Undecided {
  return arnOptions(resource, bounds, { automaton: type, atoms: atom })
}

/** The options of requests that have one; with `type`, among the ARNs of one type of resource. */
export function arnOptions(
  resource: ResourceTerm,
  bounds: Bounds,
  type?: StringPattern,
): Option<ResourceValue>[] | Undecided {
  const { everything, language, languages, negated, owners, patterns, ties } = resource
  const relevant = patterns.filter(({ atoms }) => (atoms & ~everything) !== 0n)
  const classesOf = (more: readonly StringPattern[], of: Language): readonly StringClass[] | Undecided =>
    partitionTexts([...relevant, ...more, ...(type ? [type] : [])], {
      language: of,
      bounds,
      what: 'Resource',
      ...(type && { required: type.atoms }),
    })
  const maskOf = (atoms: bigint): bigint => ((atoms & ~(type?.atoms ?? 0n)) | everything) ^ negated
  const unowned = classesOf([], owners ? languages.open() : language)
  if (unowned instanceof Undecided) return unowned
  const tied = splitByTies(unowned, ties)
  if (tied instanceof Undecided) return tied
  const options = tied.map((one): Option<ResourceValue> => {
    return { mask: maskOf(one.atoms), value: { arn: one.text }, ties: tiesTo(TIED_RESOURCE, one.ties) }
  })
  if (!owners) return options
  const owned = classesOf(owners.inArn, languages.inArn())
  if (owned instanceof Undecided) return owned
  const tiedOwned = splitByTies(owned, [...ties, ...owners.ties])
  if (tiedOwned instanceof Undecided) return tiedOwned
  const found = new Map<bigint, Option<ResourceValue>>()
  const add = (option: Option<ResourceValue>): void => {
    if (!found.has(option.mask)) found.set(option.mask, option)
  }
  for (const option of options)
    for (const { failed, owner, ties: ofOwner } of owners.free)
      add({
        mask: option.mask & ~failed,
        value: { ...option.value, owner },
        ties: [...(option.ties ?? []), ...ofOwner],
      })
  for (const { atoms, text, ties: matching } of tiedOwned) {
    const ofOwner = matching.filter((tie) => owners.ties.includes(tie))
    const ofArn = matching.filter((tie) => !owners.ties.includes(tie))
    add({
      mask: maskOf(atoms & (owners.firstAtom - 1n)) & ~owners.failedAt(atoms),
      value: { arn: text },
      ties: [...tiesTo(TIED_RESOURCE, ofArn), ...tiesTo(TIED_OWNER, ofOwner)],
    })
  }
  return [...found.values()]
}
