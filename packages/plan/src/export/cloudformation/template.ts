import type { Diagnostic, Result } from '../../diagnostic.js'
import type { Plan, Resource } from '../../plan.js'
import { refuseExport, warnLeftOut } from '../findings.js'
import type { JsonObject } from '../print-json.js'
import { printJson } from '../print-json.js'
import { utf8Length } from '../utf8-length.js'
import { logicalId } from './logical-id.js'
import { mapResource } from './map-resource.js'
import { indexPlan } from './mapped.js'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const limits = { resources: 500, templateBytes: 1_048_576 } as const

/** A resource of the template while the plan is gone through. */
interface Draft {
  readonly type: string
  readonly retain: boolean | undefined
  readonly properties: Record<string, JsonObject[string]>
  /** Ids of the resources of the plan that it stands for. */
  readonly plan: string[]
  readonly dependsOn: Set<string>
  readonly refersTo: string | undefined
}

/**
 * The plan as a CloudFormation template in JSON, to be deployed with the capability `CAPABILITY_NAMED_IAM`.
 * What a template cannot hold is left out and named by a warning; a plan past CloudFormation's limits, or one that
 * changes what exists already, is refused.
 */
export function printCloudFormationTemplate(plan: Plan): Result<string> {
  const { drafts, diagnostics } = draftResources(plan)
  const names = new Map<string, string>()
  for (const [id, draft] of drafts) for (const one of draft.plan) names.set(one, logicalId(id))
  const resources = [...drafts].map(
    ([id, draft]) => [logicalId(id), finish(draft, logicalId(id), names)] as const,
  )
  if (new Set(resources.map(([name]) => name)).size !== resources.length) {
    throw new Error('two resources of the plan have the same logical id')
  }
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What ringfence made of ${plan.organization}; change the declared file and export it again`,
    Rules: pinnedPlace(plan),
    Resources: Object.fromEntries(resources),
  }
  const text = printJson(template, 2)
  const excess = checkLimits(resources.length, utf8Length(text))
  if (excess !== undefined) diagnostics.push(excess)
  return diagnostics.some(({ severity }) => severity === 'error')
    ? { ok: false, diagnostics }
    : { ok: true, value: text, diagnostics }
}

function draftResources(plan: Plan): { drafts: Map<string, Draft>; diagnostics: Diagnostic[] } {
  const index = indexPlan(plan)
  const drafts = new Map<string, Draft>()
  const diagnostics: Diagnostic[] = []
  for (const resource of plan.resources) {
    const mapped = mapResource(resource, index)
    switch (mapped.as) {
      case 'resource':
        drafts.set(resource.id, {
          type: mapped.type,
          retain: mapped.retain,
          properties: { ...mapped.properties },
          plan: [resource.id],
          dependsOn: new Set(resource.dependsOn),
          refersTo: mapped.refersTo,
        })
        if (mapped.lacks !== undefined) diagnostics.push(warnLeftOut(mapped.lacks, resource))
        break
      case 'properties':
        addProperties(drafts, mapped.of, resource, mapped.properties)
        break
      case 'nothing':
        diagnostics.push(warnLeftOut(mapped.why, resource))
        break
      case 'refused':
        diagnostics.push(refuseExport(mapped.why, resource))
    }
  }
  const tagged = plan.resources.filter((one) => one.type === 'iam.Policy' && Object.keys(one.tags).length > 0)
  if (tagged.length > 0) diagnostics.push(warnLeftOut(untaggedPolicies))
  return { drafts, diagnostics }
}

const untaggedPolicies = {
  message: 'CloudFormation cannot tag managed policies: those of the template have none of the plan’s tags',
  hint: 'find them by their path, which begins with /ringfence/',
}

/** A plan lists what something belongs to before it, so that the draft is there already. */
function addProperties(
  drafts: ReadonlyMap<string, Draft>,
  of: string,
  resource: Resource,
  properties: JsonObject,
): void {
  const draft = drafts.get(of)
  if (draft === undefined) throw new Error(`${resource.id} comes before ${of}, to which it belongs`)
  Object.assign(draft.properties, properties)
  draft.plan.push(resource.id)
  for (const id of resource.dependsOn) draft.dependsOn.add(id)
}

function finish(draft: Draft, name: string, names: ReadonlyMap<string, string>): JsonObject {
  // What is referred to comes first anyway, and what was left out is no resource.
  const referred = draft.refersTo === undefined ? undefined : names.get(draft.refersTo)
  const needed = [...draft.dependsOn].flatMap((id) => names.get(id) ?? [])
  const dependsOn = [...new Set(needed)].filter((one) => one !== name && one !== referred)
  const fate = draft.retain === undefined ? undefined : draft.retain ? 'Retain' : 'Delete'
  return {
    Type: draft.type,
    ...(dependsOn.length > 0 ? { DependsOn: dependsOn } : {}),
    ...(fate === undefined ? {} : { DeletionPolicy: fate, UpdateReplacePolicy: fate }),
    Metadata: { Ringfence: { Plan: draft.plan } },
    Properties: draft.properties,
  }
}

/** Names and ARNs of the template are those of one account and region; anywhere else nothing is made. */
function pinnedPlace({ account, region }: Plan): JsonObject {
  return {
    PinnedAccount: mustBe('AWS::AccountId', account, 'account'),
    PinnedRegion: mustBe('AWS::Region', region, 'region'),
  }
}

function mustBe(parameter: string, value: string, what: string): JsonObject {
  const Assert = { 'Fn::Equals': [{ Ref: parameter }, value] }
  return { Assertions: [{ Assert, AssertDescription: `This template is for ${what} ${value}` }] }
}

function checkLimits(resources: number, bytes: number): Diagnostic | undefined {
  const excess =
    resources > limits.resources
      ? `${resources} resources; CloudFormation takes ${limits.resources} in one template`
      : bytes > limits.templateBytes
        ? `${bytes} bytes; CloudFormation takes ${limits.templateBytes} for one template`
        : undefined
  return excess === undefined
    ? undefined
    : {
        code: 'EXPORT_TOO_LARGE',
        severity: 'error',
        message: `the template would have ${excess}`,
        hint: 'split the organization into several files, export to terraform or deploy with Pulumi',
      }
}
