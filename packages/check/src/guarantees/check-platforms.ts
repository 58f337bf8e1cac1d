import { allAllowed, allWithin } from './ask.js'
import type { Finding } from './finding.js'
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
  return platforms.flatMap(({ declaredAt: place, name }): Finding[] => {
    const sagemaker = `arn:aws:sagemaker:${region}:${account}`
    const work = {
      Action: '*',
      Resource: [`${sagemaker}:*/${name}--*--*`, `${sagemaker}:project/${organization}-${name}`],
    }
    const byAdministrators = { ...work, Condition: { StringEquals: { 'aws:PrincipalArn': arns } } }
    const all = makeRegion([work])
    const about = { target: `platform/${name}`, declaredAt: [place] }
    const nothingElse = allWithin(setting, strangers, all, makeRegion([byAdministrators]))
    return [
      { ...about, guarantee: 'nothingElse', answer: nothingElse },
      { ...about, guarantee: 'lockOut', answer: allAllowed(setting, unhindered, all) },
    ]
  })
}
