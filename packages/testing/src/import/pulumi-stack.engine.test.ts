import { accountOfPlan, importAccount } from '@ringfence/check'
import { expect, test } from 'vitest'
import { declare, startOrganizationRun } from '../engine/organization-run.js'
import { comparable } from './comparable.js'
import { madeByPlan } from './made-by-plan.js'
import { guardrailsOf, withoutKeyIds } from './without-key-ids.js'

test.each(['seed-2-automated-user-provisioning', 'acme-ai'])(
  '%s: the export of its stack is the account of its plan',
  async (name) => {
    const declared = declare(name)
    const { plan } = declared
    const deployed = await startOrganizationRun(plan)
    try {
      const stack = await deployed.stackOf(declared)
      await stack.up()
      const text = JSON.stringify(await stack.stack.exportStack())
      const result = importAccount([{ path: 'stack.json', text }])
      if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
      const made = madeByPlan(accountOfPlan(plan), plan)
      const found = withoutKeyIds(result.value)
      expect({ ...comparable(found), serviceControlPolicies: undefined }).toEqual({
        ...comparable(withoutKeyIds(made)),
        serviceControlPolicies: undefined,
      })
      expect(guardrailsOf(found)?.map(({ document }) => document)).toEqual(
        guardrailsOf(made)?.map(({ document }) => document),
      )
    } finally {
      await deployed.close()
    }
  },
)
