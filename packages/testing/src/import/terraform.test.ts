import { type Account, accountOfPlan, importAccount } from '@ringfence/check'
import { exportPlan, type Plan } from '@ringfence/plan'
import { describe, expect, test } from 'vitest'
import { exportedPlans } from '../export/exported-plans.js'
import { comparable } from './comparable.js'
import { madeByPlan } from './made-by-plan.js'
import { guardrailsOf, withoutKeyIds } from './without-key-ids.js'
import { terraformShown } from './terraform-shown.js'

function shown(plan: Plan) {
  const exported = exportPlan(plan, 'terraform')
  if (!exported.ok) throw new Error(JSON.stringify(exported.diagnostics))
  return terraformShown(exported.value, plan.account)
}

function accountOf(value: unknown): Account {
  const result = importAccount([{ path: 'shown.json', text: JSON.stringify(value) }])
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

describe.each(['plan', 'state'] as const)('the %s of what is exported is the account of the plan', (kind) => {
  test.each(exportedPlans())('%s', (_, plan) => {
    const found = accountOf(shown(plan)[kind])
    const made = madeByPlan(accountOfPlan(plan), plan)
    const expected = comparable(withoutKeyIds(made))
    expect({ ...comparable(withoutKeyIds(found)), serviceControlPolicies: undefined }).toEqual({
      ...expected,
      serviceControlPolicies: undefined,
    })
    expect(guardrailsOf(found)?.map(({ document }) => document)).toEqual(
      guardrailsOf(made)?.map(({ document }) => document),
    )
    expect(found).toMatchObject({ account: plan.account, region: plan.region, partition: plan.partition })
  })
})
