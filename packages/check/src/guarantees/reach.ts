import type { Capability } from '@ringfence/plan'
import { layersOf } from '../account/layers-of.js'
import { noneAllowed } from './ask.js'
import { dataCapabilities, families } from './capabilities.js'
import type { DataCapability } from './capabilities.js'
import type { DeclaredStore, Holder } from './declared-world.js'
import type { Answer, Finding } from './finding.js'
import { partiesInside } from './parties.js'
import { makeRegion } from './region.js'
import type { Setting } from './setting.js'

/** What has been found of stores, roles and principals, for guarantees that follow from it. */
export interface Found {
  /** That nothing else is allowed: to a subject, or on a target. */
  isProved(what: { readonly subject?: string; readonly target?: string }): boolean
}

function keyOf(one: { readonly subject?: string; readonly target?: string }): string {
  return `${one.subject ?? ''} on ${one.target ?? ''}`
}

/** Looks through the findings when it is first asked, as most files state no guarantees of their own. */
export function foundIn(findings: readonly Finding[]): Found {
  let proved: ReadonlySet<string> | undefined
  return { isProved: (what) => (proved ??= provedIn(findings)).has(keyOf(what)) }
}

function provedIn(findings: readonly Finding[]): ReadonlySet<string> {
  const proved = new Set<string>()
  for (const finding of findings)
    if (finding.guarantee === 'nothingElse' && finding.answer.proof === 'proved') proved.add(keyOf(finding))
  return proved
}

const ofCapability: Readonly<Record<DataCapability, readonly string[]>> = {
  read: [...families.read, ...families.names, ...families.uploads],
  write: [...families.put, ...families.writeBesidePut],
  delete: families.delete,
}

/** Whether somebody of the file may reach a store, or could as far as has been found. */
export function mayReach(
  { world }: Setting,
  found: Found,
  holder: Holder,
  store: DeclaredStore,
  can: readonly Capability[],
): boolean {
  if (!found.isProved({ target: store.id })) return true
  return store.accesses.some(
    (access) =>
      access.can.some((one) => can.includes(one)) &&
      world.holdersOf(access.subject).some(({ arn }) => arn === holder.arn),
  )
}

/** Whether somebody of the file may do nothing of these capabilities on a store, by requests of their own. */
export function cannotReach(
  setting: Setting,
  holder: Holder,
  store: DeclaredStore,
  can: readonly Capability[],
): Answer {
  const called = holder.declared ?? holder.arn
  const party = { ...layersOf(setting.account, holder, store.bucket, 'everything'), called }
  return noneAllowed(setting, [party], requestsOf(store, can))
}

/** Whether nobody beside those whom the file declares may do anything with the data of a store. */
export function strangersReaching(setting: Setting, found: Found, store: DeclaredStore): Answer {
  const { bucket } = store
  if (bucket === undefined || found.isProved({ target: store.id }))
    return { proof: 'proved', world: 'allActions' }
  const { administrators, principals } = setting.world
  const except = [...administrators, ...principals.values()].map(({ arn }) => arn)
  const strangers = partiesInside(setting, bucket).flatMap((party) => {
    const { question } = party
    return question.who.only === undefined
      ? [{ ...party, question: { ...question, who: { ...question.who, except } } }]
      : []
  })
  return noneAllowed(setting, strangers, requestsOf(store, dataCapabilities))
}

function requestsOf({ bucket, id }: DeclaredStore, can: readonly Capability[]) {
  const arn = bucket?.arn ?? `arn:aws:s3:::${id}`
  const data = dataCapabilities.filter((one) => can.includes(one)).flatMap((one) => ofCapability[one])
  const settings = can.includes('administer') ? families.settings : []
  return makeRegion([
    ...(data.length === 0 ? [] : [{ Action: data, Resource: [arn, `${arn}/*`] }]),
    ...(settings.length === 0 ? [] : [{ Action: settings, Resource: arn }]),
  ])
}

/** Whether somebody may make a platform's jobs work for them, or could as far as has been found. */
export function mayRunOn({ world }: Setting, found: Found, holder: Holder, platform: string): boolean {
  if (!found.isProved({ subject: holder.declared ?? holder.arn })) return true
  return [...world.grantsTo].some(
    ([subject, grants]) =>
      grants.some(
        ({ can, on }) =>
          on.kind === 'platform' && on.name === platform && (can.includes('train') || can.includes('deploy')),
      ) && world.holdersOf(subject).some(({ arn }) => arn === holder.arn),
  )
}

/** Whether somebody may not pass a platform's role to its jobs. */
export function cannotRunOn(setting: Setting, holder: Holder, platform: string): Answer {
  const role = setting.world.principals.get(`platform/${platform}`)?.arn
  if (role === undefined) return { proof: 'unknown', reason: `the plan has no role for platform/${platform}` }
  const called = holder.declared ?? holder.arn
  const party = { ...layersOf(setting.account, holder, undefined, 'everything'), called }
  return noneAllowed(setting, [party], makeRegion([{ Action: 'iam:PassRole', Resource: role }]))
}
