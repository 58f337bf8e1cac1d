import type { AccountResource } from '../account/account.js'
import { allAllowed, allWithin, noneAllowedOutside } from './ask.js'
import { ownKey } from './capabilities.js'
import type { DeclaredSecret } from './declared-world.js'
import type { Answer, Finding } from './finding.js'
import { together } from './finding.js'
import { administratorParties, partiesInside, partiesOutside } from './parties.js'
import type { RegionStatement } from './region.js'
import { byPrincipals, makeRegion } from './region.js'
import type { Setting } from './setting.js'

/** What is answered about a secret, in this order. */
const secretGuarantees = ['nothingElse', 'fence', 'lockOut'] as const

/**
 * What holds of the secret that keeps the key of a member for everybody, whatever policies they have: nobody but the
 * member and the administrators reads it, and nobody but the administrators changes it.
 */
export function checkSecret(setting: Setting, declared: DeclaredSecret, index: number): readonly Finding[] {
  const { declaredAt, subject } = declared
  const { kept, unchanged } = setting
  const isUnchanged = unchanged.secret(declared) && unchanged.holdersOf(subject)
  return kept.findings('secrets', index, { name: subject, place: declaredAt }, isUnchanged, () =>
    findingsAbout(setting, declared, isUnchanged),
  )
}

function findingsAbout(
  setting: Setting,
  { declaredAt, secret, subject }: DeclaredSecret,
  isUnchanged: boolean,
): readonly Finding[] {
  const target = `access key of ${subject}`
  const answers = setting.kept.remember('secret', subject, isUnchanged, () => {
    if (secret !== undefined) return checkFence(setting, subject, secret)
    const reason = `the plan has no secret for ${subject}`
    return secretGuarantees.map((): Answer => ({ proof: 'unknown', reason }))
  })
  return secretGuarantees.map((guarantee, index) => ({
    guarantee,
    target,
    declaredAt: [declaredAt],
    answer: answers[index]!,
  }))
}

function checkFence(setting: Setting, subject: string, secret: AccountResource): readonly Answer[] {
  const { arn } = secret
  const { administrators, holdersOf } = setting.world
  const change = byPrincipals(administrators.map((one) => one.arn))
  const read = byPrincipals([...holdersOf(subject), ...administrators].map((one) => one.arn))
  const byAdministrators: RegionStatement = { NotAction: ownKey, Resource: arn, Condition: change }
  const byReaders: RegionStatement = { Action: ownKey, Resource: arn, Condition: read }
  const within = makeRegion([{ Action: 'secretsmanager:*', Resource: arn }])
  const changes = makeRegion([
    { Action: 'secretsmanager:*', Resource: arn },
    { Effect: 'Deny', Action: ownKey, Resource: '*' },
  ])
  const inside = partiesInside(setting, secret)
  const outside = partiesOutside(setting, secret)
  const strangers = noneAllowedOutside(setting, outside, within)
  return [
    together([strangers, allWithin(setting, inside, within, makeRegion([byAdministrators, byReaders]))]),
    together([strangers, allWithin(setting, inside, changes, makeRegion([byAdministrators]))]),
    allAllowed(setting, administratorParties(setting, secret), within),
  ]
}
