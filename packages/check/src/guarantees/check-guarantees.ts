import type { Capability, Guarantee } from '@ringfence/plan'
import { layersOf } from '../account/layers-of.js'
import { noneAllowed } from './ask.js'
import { dataCapabilities, platformActions } from './capabilities.js'
import type { DeclaredStore, Holder } from './declared-world.js'
import type { Answer, Finding } from './finding.js'
import { together } from './finding.js'
import type { Found } from './reach.js'
import { cannotReach, cannotRunOn, mayReach, mayRunOn, strangersReaching } from './reach.js'
import { makeRegion } from './region.js'
import type { Setting } from './setting.js'

const proved: Answer = { proof: 'proved', world: 'allActions' }

/** The guarantees that the file itself states. */
export function checkGuarantees(setting: Setting, found: Found): readonly Finding[] {
  return setting.world.declaration.guarantees.map((guarantee): Finding => {
    const declaredAt = [guarantee.declaredAt]
    if (guarantee.kind === 'separate') {
      const target = guarantee.stores.map(({ kind, name }) => `${kind}/${name}`).join(', ')
      return { guarantee: 'separate', target, declaredAt, answer: checkSeparate(setting, found, guarantee) }
    }
    const { on, who } = guarantee
    return {
      guarantee: 'never',
      subject: `${who.kind}/${who.name}`,
      target: `${on.kind}/${on.name}`,
      declaredAt,
      answer: checkNever(setting, found, guarantee),
    }
  })
}

function checkNever(
  setting: Setting,
  found: Found,
  { can, on, who }: Extract<Guarantee, { kind: 'never' }>,
): Answer {
  const { stores } = setting.world
  const holders = holdersOfGuarantee(setting, who)
  if (on.kind === 'platform')
    return together(holders.map((holder) => neverOnPlatform(setting, found, holder, on.name, can)))
  const store = stores.find(({ id }) => id === `${on.kind}/${on.name}`)
  if (store === undefined) return { proof: 'unknown', reason: `the plan has no ${on.kind} ${on.name}` }
  const reaching = platformsReaching(setting, found, store, can)
  return together(
    holders.flatMap((holder) => {
      const platforms = reaching.filter((platform) => mayRunOn(setting, found, holder, platform))
      const through = platforms.map((platform) => cannotRunOn(setting, holder, platform))
      if (mayReach(setting, found, holder, store, can)) through.push(cannotReach(setting, holder, store, can))
      return through
    }),
  )
}

/** Members of the team, and for who signs in by federation the roles of their teams. */
function holdersOfGuarantee({ world }: Setting, who: Extract<Guarantee, { kind: 'never' }>['who']): Holder[] {
  const names =
    who.kind === 'member'
      ? [who.name]
      : (world.declaration.teams.find(({ name }) => name === who.name)?.members ?? [])
  const found = new Set<Holder>()
  for (const name of names) {
    const user = world.principals.get(`member/${name}`)
    if (user !== undefined) found.add(user)
    else
      for (const team of world.teamsOf.get(name) ?? []) {
        const role = world.principals.get(`team/${team}`)
        if (role !== undefined) found.add(role)
      }
  }
  return [...found]
}

/** Platforms whose jobs may do one of these things with a store. */
function platformsReaching(
  setting: Setting,
  found: Found,
  store: DeclaredStore,
  can: readonly Capability[],
): readonly string[] {
  return [...setting.world.platforms.keys()].filter((name) => {
    const role = setting.world.principals.get(`platform/${name}`)
    if (role === undefined || !mayReach(setting, found, role, store, can)) return false
    return found.isProved({ target: store.id }) || cannotReach(setting, role, store, can).proof !== 'proved'
  })
}

function neverOnPlatform(
  setting: Setting,
  found: Found,
  holder: Holder,
  platform: string,
  can: readonly Capability[],
): Answer {
  const { declaration, grantsTo, holdersOf } = setting.world
  const subject = holder.declared ?? holder.arn
  const isGranted = [...grantsTo].some(
    ([to, grants]) =>
      grants.some(
        (grant) =>
          grant.on.kind === 'platform' &&
          grant.on.name === platform &&
          grant.can.some((one) => can.includes(one)),
      ) && holdersOf(to).some(({ arn }) => arn === holder.arn),
  )
  if (!isGranted && found.isProved({ subject })) return proved
  const { account, region } = declaration
  const Resource = `arn:aws:sagemaker:${region}:${account}:*/${platform}--*`
  const { administer, deploy, invoke, train } = platformActions
  const actions: Partial<Record<Capability, readonly string[]>> = {
    train: train.create,
    deploy: deploy.create,
    invoke,
    administer: administer.filter((action) => !action.includes(':Describe')),
  }
  const Action = can.flatMap((one) => actions[one] ?? [])
  if (Action.length === 0) return proved
  const party = { ...layersOf(setting.account, holder, undefined, 'everything'), called: subject }
  return noneAllowed(setting, [party], makeRegion([{ Action, Resource }]))
}

/** A way to the data of a store, and what the prover says of it once it matters. */
interface Reached {
  readonly store: DeclaredStore
  readonly answer: () => Answer
}

/** Nobody reaches the data of two of the stores, by requests of their own or by jobs that they start. */
function checkSeparate(
  setting: Setting,
  found: Found,
  guarantee: Extract<Guarantee, { kind: 'separate' }>,
): Answer {
  const { platforms, principals, stores } = setting.world
  const ids = new Set(guarantee.stores.map(({ kind, name }) => `${kind}/${name}`))
  const separate = stores.filter(({ id }) => ids.has(id))
  const reaching = separate.map((store) => ({
    store,
    through: platformsReaching(setting, found, store, dataCapabilities),
  }))
  const useful = [...platforms.keys()].filter((name) =>
    reaching.some(({ through }) => through.includes(name)),
  )
  for (const [declared, holder] of principals) {
    const starts = declared.startsWith('platform/')
      ? []
      : useful.filter((platform) => mayRunOn(setting, found, holder, platform))
    const reached = reaching.flatMap(({ store, through }): Reached[] => {
      if (mayReach(setting, found, holder, store, dataCapabilities))
        return [{ store, answer: () => cannotReach(setting, holder, store, dataCapabilities) }]
      const platform = starts.find((one) => through.includes(one))
      return platform === undefined ? [] : [{ store, answer: () => cannotRunOn(setting, holder, platform) }]
    })
    const broken = brokenBy(reached)
    if (broken !== undefined) return broken
  }
  const strangers = separate.flatMap((store): Reached[] => {
    const answer = strangersReaching(setting, found, store)
    return answer.proof === 'proved' ? [] : [{ store, answer: () => answer }]
  })
  return brokenBy(strangers) ?? proved
}

/** Somebody who reaches two stores: the request for the second, after a step to the first. */
function brokenBy(reached: readonly Reached[]): Answer | undefined {
  if (reached.length < 2) return undefined
  const answers = reached.flatMap(({ answer, store }) => {
    const found = answer()
    return found.proof === 'proved' ? [] : [{ found, store }]
  })
  const [first, second] = answers
  if (first === undefined || second === undefined) return undefined
  if (first.found.proof === 'unknown') return first.found
  if (second.found.proof !== 'refuted' || first.found.proof !== 'refuted') return second.found
  const { action, resource } = first.found.refutation.request
  const steps = [`reaches ${first.store.id} by ${action} on ${resource}`]
  return { proof: 'refuted', refutation: { ...second.found.refutation, steps } }
}
