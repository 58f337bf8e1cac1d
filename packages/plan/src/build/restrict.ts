import type { Store } from '../declaration.js'
import type { SourceSpan } from '../plan.js'
import type { Holders, Holding } from './holders.js'
import { expand, isWhole, reduce, withTeamsOfPrincipals } from './holders.js'
import type { Model } from './model.js'
import { isNoneOf, isOneOf } from './principal-condition.js'
import type { Condition, Sourced } from './statement.js'
import { allOf, compare, oneOrMany } from './statement.js'

/** The tag of an IAM user that says that it is a member of a team. */
export const teamTag = (team: string): string => `ringfence:team:${team}`

/** Denies `actions` to all but holders; and to those with prefixes, outside of these. */
export type Restrict = (rule: {
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly holders: Holders
  /** What prefixes limit: actions on objects, and those that list. */
  readonly objects: readonly string[]
  readonly lists: readonly string[]
  readonly store: Store
}) => Sourced[]

/** The first form: every single user and role by ARN. */
export function listedPrincipals(model: Model): Restrict {
  return ({ sid, actions, resources, holders, objects, lists, store }) => {
    const all = expand(holders, model)
    return [
      denial(sid, actions, resources, all.size === 0 ? undefined : isNoneOf([...all.keys()]), [
        store.declaredAt,
      ]),
      ...limitedPrincipals(sid, all, objects, lists, store, model),
    ]
  }
}

/** For each set of prefixes: those who hold exactly that, denied outside of it. */
function limitedPrincipals(
  sid: string,
  all: ReadonlyMap<string, Holding>,
  objects: readonly string[],
  lists: readonly string[],
  store: Store,
  model: Model,
): Sourced[] {
  const groups = new Map<string, { prefixes: readonly string[]; arns: string[]; sources: SourceSpan[] }>()
  for (const [arn, holding] of all) {
    if (isWhole(holding)) continue
    const key = holding.prefixes.join('\n')
    const group = groups.get(key) ?? { prefixes: holding.prefixes, arns: [], sources: [holding.declaredAt] }
    group.arns.push(arn)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ prefixes, arns, sources }) =>
    outside(sid, prefixes, isOneOf(arns), objects, lists, store, model, sources),
  )
}

function outside(
  sid: string,
  prefixes: readonly string[],
  who: Condition,
  objects: readonly string[],
  lists: readonly string[],
  store: Store,
  model: Model,
  sources: readonly SourceSpan[],
): Sourced[] {
  const bucket = model.arns.bucket(store)
  const name = `${sid.replace('Only', '')}OnlyUnderPrefix`
  const denials: Sourced[] = [
    {
      statement: {
        Sid: name,
        Effect: 'Deny',
        Principal: '*',
        Action: oneOrMany(objects),
        NotResource: oneOrMany(prefixes.map((prefix) => `${bucket}/${prefix}*`)),
        ...(Object.keys(who).length === 0 ? {} : { Condition: who }),
      },
      sources,
    },
  ]
  if (lists.length > 0) {
    const prefix = { StringNotLike: { 's3:prefix': oneOrMany(prefixes.map((one) => `${one}*`)) } }
    denials.push(denial(`${name}List`, lists, [bucket], { ...who, ...prefix }, sources))
  }
  return denials
}

function denial(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition: Condition | undefined,
  sources: readonly SourceSpan[],
): Sourced {
  return {
    statement: {
      Sid: sid,
      Effect: 'Deny',
      Principal: '*',
      Action: oneOrMany(actions),
      Resource: oneOrMany(resources),
      ...(condition === undefined ? {} : { Condition: condition }),
    },
    sources,
  }
}

function tagsOf(teams: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    teams.toSorted(compare).map((team) => [`aws:PrincipalTag/${teamTag(team)}`, 'member']),
  )
}

/**
 * The second form, for teams that are too large to list: users of the organization are known by the tags that
 * say which teams they are in. Two denials instead of one: for everyone who is no user of the organization,
 * and for users without the tag of a team that holds. Only administrators can tag such users where the
 * guardrail is in place, and nobody can give a user session tags of its own, so the meaning is the same.
 */
export function taggedTeams(model: Model): Restrict {
  return ({ sid, actions, resources, holders, objects, lists, store }) => {
    const exact = withTeamsOfPrincipals(holders, model)
    const teams = [...holders.teams.keys()].toSorted(compare)
    if (teams.length === 0) {
      const condition = exact.size === 0 ? undefined : isNoneOf([...exact.keys()])
      return [
        denial(sid, actions, resources, condition, [store.declaredAt]),
        ...limitedPrincipals(sid, exact, objects, lists, store, model),
      ]
    }
    const spared = exact.size === 0 ? undefined : isNoneOf([...exact.keys()])
    const without = (some: readonly string[]): Condition =>
      allOf(spared, some.length === 0 ? undefined : { StringNotEquals: tagsOf(some) }) ?? {}
    const whole = teams.filter((team) =>
      isWhole(holders.teams.get(team) ?? { prefixes: [], declaredAt: store.declaredAt }),
    )
    const limited = teams.filter((team) => !whole.includes(team))
    return [
      denial(
        sid,
        actions,
        resources,
        { ArnNotLike: { 'aws:PrincipalArn': [model.arns.anyUser, ...exact.keys()] } },
        [store.declaredAt],
      ),
      denial(`${sid}ByTeam`, actions, resources, without(teams), [store.declaredAt]),
      ...limitedPrincipals(sid, exact, objects, lists, store, model),
      ...combinations(limited, whole, model).flatMap((held) => {
        const prefixes = reduce(held.flatMap((team) => holders.teams.get(team)?.prefixes ?? []))
        const others = teams.filter((team) => !held.includes(team))
        const sources = held.flatMap((team) => holders.teams.get(team)?.declaredAt ?? [])
        return outside(sid, prefixes, without(others), objects, lists, store, model, sources)
      }),
    ]
  }
}

/** The sets of limited teams that members really are in together, and the set of all. */
function combinations(limited: readonly string[], whole: readonly string[], model: Model): string[][] {
  if (limited.length === 0) return []
  const sets = new Map<string, string[]>([[limited.join(' '), [...limited]]])
  for (const team of limited) {
    for (const user of model.usersOf.get(team) ?? []) {
      if (model.existing.users.has(user)) continue
      const teams = model.teamsOf.get(user) ?? []
      if (teams.some((name) => whole.includes(name))) continue
      const held = limited.filter((name) => teams.includes(name))
      sets.set(held.join(' '), held)
    }
  }
  return [...sets].toSorted(([left], [right]) => compare(left, right)).map(([, held]) => held)
}
