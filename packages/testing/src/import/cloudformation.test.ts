import { accountOfPlan, importAccount } from '@ringfence/check'
import { exportPlan, type Plan } from '@ringfence/plan'
import { describe, expect, test } from 'vitest'
import { exportedPlans } from '../export/exported-plans.js'
import { comparable } from './comparable.js'
import { madeByPlan } from './made-by-plan.js'

function templateOf(plan: Plan): string {
  const exported = exportPlan(plan, 'cloudformation')
  if (!exported.ok) throw new Error(JSON.stringify(exported.diagnostics))
  return exported.value
}

describe('the template of a plan is imported as the account of the plan', () => {
  test.each(exportedPlans())('%s', (_, plan) => {
    const result = importAccount([{ path: 'template.json', text: templateOf(plan) }])
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
    const { unknowns } = result.value
    const expected = comparable(madeByPlan(accountOfPlan(plan), plan))
    // A template has neither the guardrail, which belongs to another account, nor the block of the whole account.
    expect(comparable(result.value)).toEqual({
      ...expected,
      serviceControlPolicies: undefined,
      publicAccessBlock: undefined,
    })
    expect(result.value).toMatchObject({
      account: plan.account,
      region: plan.region,
      partition: plan.partition,
    })
    const projects = plan.resources.filter(({ type }) => type === 'sagemaker.Project')
    expect(unknowns.filter(({ about }) => about !== `account ${plan.account}`)).toEqual(
      projects.slice(0, 1).map(() => ({
        about: 'template.json',
        missing: 'resources',
        reason: 'what these types give access to is not read: AWS::SageMaker::Project',
      })),
    )
  })
})
