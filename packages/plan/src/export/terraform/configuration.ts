import type { Diagnostic, Result } from '../../diagnostic.js'
import { membersOfGroups, membershipsInExistingGroups } from '../../members-of-groups.js'
import type { Plan } from '../../plan.js'
import { warnLeftOut } from '../findings.js'
import type { JsonObject } from '../print-json.js'
import { printJson } from '../print-json.js'
import type { Block } from './block.js'
import { indexPlan } from './block.js'
import { mapForeignMembership, mapGroupMembers } from './iam-attachments.js'
import { identifier } from './identifier.js'
import { mapResource } from './map-resource.js'
import type { Value } from './expression.js'
import { Expression, toJsonObject } from './expression.js'

/**
 * The plan as a Terraform configuration in JSON (`*.tf.json`) for version 6 of the AWS provider. What Terraform
 * cannot hold without a secret in its state is left out and named by a warning.
 */
export function printTerraformConfiguration(plan: Plan): Result<string> {
  const mapped = mapPlan(plan)
  const managed = mapped.blocks.some(({ inManagementAccount }) => inManagementAccount === true)
  const configuration = {
    '//': `What ringfence made of ${plan.organization}; change the declared file and export it again`,
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '~> 6.0' } } },
    ...(managed ? { variable: { [managementProfile]: managementVariable } } : {}),
    provider: { aws: providers(plan, managed) },
    resource: printBlocks(mapped),
  }
  return { ok: true, value: printJson(configuration, 3), diagnostics: mapped.diagnostics }
}

const managementProfile = 'management_profile'
const managementVariable = {
  type: 'string',
  description: 'Profile of the AWS configuration for the management account of the organization',
}

function providers({ account, region }: Plan, managed: boolean): JsonObject[] {
  const own = { region, allowed_account_ids: [account] }
  // A service control policy never holds in the management account, so an account that is its own is a mistake.
  const management: Record<string, Value> = {
    alias: 'management',
    region,
    profile: new Expression(`var.${managementProfile}`),
    forbidden_account_ids: [account],
  }
  return [own, ...(managed ? [management] : [])].map(toJsonObject)
}

/** The blocks, and by the id of each resource of the plan the addresses of what became of it. */
interface MappedPlan {
  readonly blocks: readonly Block[]
  readonly addresses: ReadonlyMap<string, readonly string[]>
  readonly diagnostics: readonly Diagnostic[]
}

function mapPlan(plan: Plan): MappedPlan {
  const index = indexPlan(plan)
  const blocks: Block[] = []
  const addresses = new Map<string, readonly string[]>()
  const diagnostics: Diagnostic[] = []
  const groups = new Map(membersOfGroups(plan).map((one) => [one.group, mapGroupMembers(one)]))
  const foreign = new Map(membershipsInExistingGroups(plan).map((one) => [one.id, mapForeignMembership(one)]))
  for (const resource of plan.resources) {
    const mapped = mapResource(resource, index)
    if ('leftOut' in mapped) {
      diagnostics.push(warnLeftOut(mapped.leftOut, resource))
      continue
    }
    const made =
      resource.type === 'iam.UserGroupMembership'
        ? [...resource.groups.map((name) => groups.get(name)), foreign.get(resource.id)].filter(
            (one) => one !== undefined,
          )
        : mapped
    addresses.set(resource.id, made.map(addressOf))
    blocks.push(...mapped)
  }
  return { blocks: [...blocks, ...groups.values(), ...foreign.values()], addresses, diagnostics }
}

function printBlocks({ blocks, addresses }: MappedPlan): JsonObject {
  const byType: Record<string, Record<string, JsonObject>> = {}
  for (const block of blocks) {
    const names = (byType[block.type] ??= {})
    const name = identifier(block.id)
    if (names[name] !== undefined) throw new Error(`two blocks are called ${block.type}.${name}`)
    names[name] = printBlock(block, addresses)
  }
  return byType
}

function printBlock(block: Block, addresses: MappedPlan['addresses']): JsonObject {
  const own = addressOf(block)
  const needed = [
    ...block.dependsOn.flatMap((id) => addresses.get(id) ?? []),
    ...(block.after ?? []).map(addressOf),
  ].filter((one) => one !== own)
  return {
    ...(block.inManagementAccount === true ? { provider: 'aws.management' } : {}),
    ...toJsonObject(block.arguments),
    ...(block.preventDestroy === true ? { lifecycle: { prevent_destroy: true } } : {}),
    ...(needed.length > 0 ? { depends_on: needed } : {}),
  }
}

function addressOf({ type, id }: Block): string {
  return `${type}.${identifier(id)}`
}
