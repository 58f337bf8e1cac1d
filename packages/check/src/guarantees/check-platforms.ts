import { allWithin } from './ask.js'
import type { Finding } from './finding.js'
import { strangersInAccount } from './parties.js'
import { makeRegion } from './region.js'
import type { Setting } from './setting.js'

/**
 * Of each platform: that nobody of the account who is not in the file does anything with what bears its name, whatever
 * policies they have. Jobs, models and endpoints have no policies of their own, so that only a guardrail can hold for
 * strangers; without one nothing is said. Those of the file are looked at by their own policies.
 */
export function checkPlatforms(setting: Setting): readonly Finding[] {
  const { administrators, declaration } = setting.world
  const { account, guardrail, organization, platforms, region } = declaration
  if (guardrail === 'none') return []
  const strangers = strangersInAccount(setting)
  const arns = administrators.map(({ arn }) => arn)
  return platforms.map(({ declaredAt, name }): Finding => {
    const sagemaker = `arn:aws:sagemaker:${region}:${account}`
    const work = {
      Action: '*',
      Resource: [`${sagemaker}:*/${name}--*--*`, `${sagemaker}:project/${organization}-${name}`],
    }
    const byAdministrators = { ...work, Condition: { StringEquals: { 'aws:PrincipalArn': arns } } }
    const answer = allWithin(setting, strangers, makeRegion([work]), makeRegion([byAdministrators]))
    return { guarantee: 'nothingElse', target: `platform/${name}`, declaredAt: [declaredAt], answer }
  })
}
