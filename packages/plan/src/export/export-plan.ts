import type { Result } from '../diagnostic.js'
import type { Plan } from '../plan.js'
import { printCloudFormationTemplate } from './cloudformation/template.js'
import { identityCenterLeftOut } from './findings.js'
import { printTerraformConfiguration } from './terraform/configuration.js'

/** What else than Pulumi a plan can be deployed with. */
export const exportTargets = ['cloudformation', 'terraform'] as const

export type ExportTarget = (typeof exportTargets)[number]

/**
 * The plan for another deployment tool, as JSON text: the same plan gives the same bytes. What the target cannot
 * hold is never left out in silence: each such thing is a warning (`EXPORT_LEFT_OUT`) that says how to do it
 * otherwise, or, where the rest would then mean something else, an error.
 *
 *     const exported = exportPlan(plan, 'terraform')
 *     if (exported.ok) console.log(exported.value)
 */
export function exportPlan(plan: Plan, target: ExportTarget): Result<string> {
  const exported = print(plan, target)
  return { ...exported, diagnostics: [...exported.diagnostics, ...identityCenterLeftOut(plan)] }
}

function print(plan: Plan, target: ExportTarget): Result<string> {
  switch (target) {
    case 'cloudformation':
      return printCloudFormationTemplate(plan)
    case 'terraform':
      return printTerraformConfiguration(plan)
  }
}
