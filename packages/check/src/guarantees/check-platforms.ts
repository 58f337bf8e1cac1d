import { allAllowed, allWithin } from './ask.js'
import type { Answer, Finding } from './finding.js'
import { administratorParties, strangersInAccount, undescribed } from './parties.js'
import { makeRegion } from './region.js'
import type { Setting } from './setting.js'

/**
 * Of each platform: that nobody of the account who is not in the file does anything with what bears its name, whatever
 * policies they have. Jobs, models and endpoints have no policies of their own, so that only a guardrail can hold for
 * strangers; without one nothing is said. Those of the file are looked at by their own policies. And that it leaves
 * administrators everything.
 */
export function checkPlatforms(setting: Setting): readonly Finding[] {
  const { administrators, declaration } = setting.world
  const { account, guardrail, organization, platforms, region } = declaration
  if (guardrail === 'none') return []
  const strangers = strangersInAccount(setting)
  const arns = administrators.map(({ arn }) => arn)
  const unhindered = administratorParties(setting).map((party) => undescribed(setting, party))
  const { kept, unchanged } = setting
  const isUnchanged = unchanged.existing()
  const check = (name: string): readonly Answer[] => {
    const sagemaker = `arn:aws:sagemaker:${region}:${account}`
    const work = {
      Action: '*',
      Resource: [`${sagemaker}:*/${name}--*--*`, `${sagemaker}:project/${organization}-${name}`],
    }
    const byAdministrators = { ...work, Condition: { StringEquals: { 'aws:PrincipalArn': arns } } }
    const all = makeRegion([work])
    return [
      allWithin(setting, strangers, all, makeRegion([byAdministrators])),
      allAllowed(setting, unhindered, all),
    ]
  }
  return platforms.flatMap(({ declaredAt: place, name }, index) =>
    kept.findings('platforms', index, { name, place }, isUnchanged, () => {
      const [nothingElse, lockOut] = kept.remember('platform', name, isUnchanged, () => check(name))
      const about = { target: `platform/${name}`, declaredAt: [place] }
      return [
        { ...about, guarantee: 'nothingElse', answer: nothingElse! },
        { ...about, guarantee: 'lockOut', answer: lockOut! },
      ]
    }),
  )
}
