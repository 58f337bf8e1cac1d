import type { Plan, PolicyDocument, PolicyStatement, Resource } from '@ringfence/plan'
import type { Colors } from './color.js'
import { count, printPlace } from './diagnostics.js'
import { resourceDetail, resourceName, resourcePolicies } from './plan-resource.js'
import { printStatement } from './plan-statement.js'
import { printable } from './printable.js'

export interface PlanTextOptions {
  /** Shows each policy document as JSON instead of one line a statement. */
  readonly policies: boolean
  readonly colors: Colors
}

/** A plan for people: a header, the number of resources by type, then the resources by what asked for them. */
export function printPlanText(plan: Plan, options: PlanTextOptions): string {
  const { colors } = options
  const header = `${colors.bold(plan.organization)} in account ${plan.account}, ${plan.region}: ${count(plan.resources.length, 'resource')}, ${count(countStatements(plan), 'policy statement')}`
  const groups = groupResources(plan.resources).map((group) => printGroup(plan, group, options))
  return `${[header, printCounts(plan), ...printExternal(plan, colors), ...groups].join('\n\n')}\n`
}

/** `dataset/user-data-a/bucket-policy` belongs to `dataset user-data-a`. */
interface Group {
  readonly title: string
  readonly resources: readonly Resource[]
}

function groupResources(resources: readonly Resource[]): readonly Group[] {
  const groups = new Map<string, Resource[]>()
  for (const resource of resources) {
    const parts = resource.id.split('/')
    const title = (parts.length > 2 ? parts.slice(0, 2) : parts.slice(0, 1)).join(' ')
    const group = groups.get(title)
    if (group === undefined) groups.set(title, [resource])
    else group.push(resource)
  }
  return [...groups].map(([title, members]) => ({ title, resources: members }))
}

function printCounts(plan: Plan): string {
  const counts = new Map<string, number>()
  for (const { type } of plan.resources) counts.set(type, (counts.get(type) ?? 0) + 1)
  const width = Math.max(0, ...[...counts.keys()].map((type) => type.length))
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, amount]) => `  ${type.padEnd(width)}  ${String(amount).padStart(6)}`)
    .join('\n')
}

function printExternal(plan: Plan, colors: Colors): readonly string[] {
  if (plan.external.length === 0) return []
  const lines = plan.external.map(
    ({ kind, arn, declaredAt }) =>
      `  ${kind.padEnd(5)} ${printable(arn)}  ${colors.dim(printPlace(declaredAt))}`,
  )
  return [[`${colors.bold('must exist already')}`, ...lines].join('\n')]
}

function printGroup(plan: Plan, group: Group, options: PlanTextOptions): string {
  const { colors } = options
  const width = Math.max(...group.resources.map(({ type }) => type.length))
  const place = group.resources[0]?.declaredAt
  const lines = [
    `${colors.bold(printable(group.title))}${place === undefined ? '' : `  ${colors.dim(printPlace(place))}`}`,
  ]
  for (const resource of group.resources) {
    const detail = resourceDetail(resource)
    const name = printable(resourceName(resource))
    lines.push(
      `  ${colors.cyan(resource.type.padEnd(width))}  ${name}${detail === '' ? '' : `  ${colors.dim(printable(detail))}`}`,
    )
    for (const document of resourcePolicies(resource)) lines.push(...printDocument(plan, document, options))
  }
  return lines.join('\n')
}

function printDocument(
  plan: Plan,
  document: PolicyDocument,
  { policies, colors }: PlanTextOptions,
): readonly string[] {
  if (policies)
    return JSON.stringify(document, null, 2)
      .split('\n')
      .map((line) => `    ${printable(line)}`)
  const width = Math.max(0, ...document.Statement.map(({ Sid }) => Sid.length))
  return document.Statement.map((statement: PolicyStatement) => {
    const effect = statement.Effect === 'Deny' ? colors.red('Deny ') : colors.green('Allow')
    return `    ${effect} ${colors.dim(statement.Sid.padEnd(width))}  ${printable(printStatement(statement))}`
  })
}

function countStatements(plan: Plan): number {
  return plan.resources
    .flatMap(resourcePolicies)
    .reduce((total, document) => total + document.Statement.length, 0)
}
