import { actionTerm } from '../options/action-term.js'
import { Automaton } from '../texts/automaton.js'
import { Undecided } from '../bounds.js'
import type { CountedOption } from './count-combinations.js'
import { countClock, countKey } from './count-keys.js'
import { countTied } from './count-tied.js'
import { countTexts, type CountTextsOptions, type TextCounts } from './count-strings.js'
import { countNamed } from './count-named.js'
import { notCounted } from './counted-variable.js'
import { textsOf } from './text-source.js'
import { CLOCK_KEYS, PRINCIPAL_KEYS, RESOURCE_KEYS } from '../options/key-shapes.js'
import { makeLanguage } from '../texts/language.js'
import type { Classify, StringPattern } from '../texts/partition.js'
import { literalTokens } from '../texts/pattern.js'
import { PRINCIPAL_KINDS } from '../options/principal-kinds.js'
import type { CountedSpace, CountedTerm } from './counted-term.js'
import { askedTogether } from '../options/tied-keys.js'
import { asksWhoAsks, principalOptions } from '../options/principal-options.js'
import { PrincipalScope } from '../options/principal-scope.js'
import { variableIn } from '../texts/text-patterns.js'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-'
/** `service:name` in lower case: case is ignored. */
const ACTIONS = makeLanguage(
  [
    ['start', LETTERS, 'service'],
    ['service', LETTERS, 'service'],
    ['service', ':', 'name'],
    ['name', `${LETTERS}_`, 'rest'],
    ['rest', `${LETTERS}_`, 'rest'],
  ],
  ['rest'],
)

/** All actions, of any service. */
export function countActions({ own, space }: CountedTerm): readonly CountedOption[] | Undecided {
  const { everything, negated, services } = actionTerm(own)
  const patterns: StringPattern[] = []
  for (const [service, set] of services) {
    const head = literalTokens(`${service}:`)
    for (const { atoms, automaton } of set.patterns)
      if ((atoms & ~everything) !== 0n)
        patterns.push({ atoms, automaton: new Automaton([...head, ...automaton.tokens]) })
  }
  const counts = textsOf(space).count(patterns, [], {
    ...space,
    language: space.languages?.actions ?? ACTIONS,
    what: 'Action',
  })
  if (counts instanceof Undecided) return counts
  return Array.from(counts, ([atoms, count]) => ({ mask: (atoms | everything) ^ negated, count }))
}

/** Each key that one of the two policies asks about, and who asks where one of them does. */
export function countShared(term: CountedTerm): readonly (readonly CountedOption[])[] | Undecided {
  const { both, own, space } = term
  const variables: (readonly CountedOption[])[] = []
  for (const [name, key] of own.keys) {
    if (PRINCIPAL_KEYS.has(name) || CLOCK_KEYS.has(name) || RESOURCE_KEYS.has(name)) continue
    const together = askedTogether(both, name)
    if (together && together[0] !== name) continue
    const count = (): ReturnType<typeof countKey> =>
      together ? countTied(together, term) : countKey({ both: both.keys.get(name)!, own: key }, space)
    const options = textsOf(space).once(name, count)
    if (options instanceof Undecided) return options
    variables.push(options)
  }
  const clock = [...own.keys].filter(([name]) => CLOCK_KEYS.has(name))
  if (clock.length > 0) {
    const options = countClock(clock.flatMap(([, { uses }]) => uses))
    if (options instanceof Undecided) return options
    variables.push(options)
  }
  // A variable may name who asks without any condition that does.
  if (!asksWhoAsks(both) && ![...both.keys.keys()].some((key) => PRINCIPAL_KEYS.has(key))) return variables
  const texts = textsOf(space)
  const hangsOnIt = texts.settled && PRINCIPAL_KEYS.has(texts.settled.key)
  const principals = hangsOnIt ? countPrincipals(term) : texts.once('who asks', () => countPrincipals(term))
  return principals instanceof Undecided ? principals : [...variables, principals]
}

/** Texts that describe principals of one kind; with a settled value of a key of theirs, those that have it. */
function countDescribed(
  patterns: readonly StringPattern[],
  options: CountTextsOptions,
  space: CountedSpace,
): TextCounts | Undecided {
  const texts = textsOf(space)
  const { settled } = texts
  if (!settled || !PRINCIPAL_KEYS.has(settled.key)) return texts.count(patterns, [], options)
  const { key, value } = settled
  const kind = PRINCIPAL_KINDS.find(({ language }) => language === options.language)!
  const has = kind.keys[key]?.type === 'part'
  if (value === 'missing') return has ? new Map() : countTexts(patterns, options)
  if (has && patterns.length > 0) return notCounted(`\${${key}} where who asks is compared as well`)
  return countNamed(kind, key, value, options)
}

/** Of whom there are any number, each with a text that describes it. */
const COUNTED = new PrincipalScope(['user', 'session', 'root', 'federatedUser', 'service'])

function countPrincipals({ both, own, space }: CountedTerm): readonly CountedOption[] | Undecided {
  for (const { statement } of own.statements)
    for (const { source, type } of statement.principal?.entries ?? [])
      if (type === 'federated' || type === 'canonicalUser')
        return new Undecided('notSupported', `requests of "${source}" are not counted`)
  const scope = both.policies[0].kind === 'identity' ? PrincipalScope.identities : COUNTED
  const classify: Classify = (patterns, { language, what }) => {
    const counts = countDescribed(patterns, { ...space, language, what }, space)
    if (counts instanceof Undecided) return counts
    return Array.from(counts, ([atoms, count]) => ({ atoms, text: '', count }))
  }
  const options = principalOptions(own, scope, space.bounds, classify)
  if (options instanceof Undecided) return options
  const tied = options?.flatMap(({ ties = [] }) => ties)[0]
  if (tied) return variableIn('who asks', tied.text.source)
  if (options) return options.flatMap(({ count, mask }) => (count === undefined ? [] : [{ mask, count }]))
  const all: CountedOption[] = []
  for (const { language, name } of PRINCIPAL_KINDS) {
    if (!scope.kinds.has(name)) continue
    const classes = classify([], { language, bounds: space.bounds, what: 'who asks' })
    if (classes instanceof Undecided) return classes
    for (const { count } of classes) all.push({ mask: -1n, count: count! })
  }
  return all
}
