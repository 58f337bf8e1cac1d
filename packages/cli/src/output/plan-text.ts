import type { Plan, PolicyDocument, Resource, SourceSpan } from '@ringfence/plan'
import type { Colors } from './color.js'
import { count, printPlace } from './diagnostics.js'
import { policyName, resourceDetail, resourceName, resourcePolicies } from './plan-resource.js'
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
  const placeOf = indexStatements(plan)
  const header = `${colors.bold(plan.organization)} in account ${plan.account}, ${plan.region}: ${count(plan.resources.length, 'resource')}, ${count(countStatements(plan), 'policy statement')}`
  const groups = groupResources(plan.resources).map((group) => printGroup(group, options, placeOf))
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
  const width = longest([...counts.keys()])
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, amount]) => `  ${type.padEnd(width)}  ${String(amount).padStart(6)}`)
    .join('\n')
}

function printExternal(plan: Plan, colors: Colors): readonly string[] {
  const reserved = plan.external.filter(({ kind }) => kind === 'reservedRole')
  const others = plan.external.filter(({ kind }) => kind !== 'reservedRole')
  return [
    ...printThings('must exist already', others, colors),
    ...printThings('roles that AWS makes for Identity Center', reserved, colors),
  ]
}

function printThings(title: string, things: Plan['external'], colors: Colors): readonly string[] {
  if (things.length === 0) return []
  const lines = things.map(({ kind, arn, declaredAt }) => {
    const what = kind === 'reservedRole' ? 'role' : kind
    return `  ${what.padEnd(5)} ${printable(arn)}  ${colors.dim(printPlace(declaredAt))}`
  })
  return [[colors.bold(title), ...lines].join('\n')]
}

function printGroup(group: Group, options: PlanTextOptions, placeOf: PlaceOf): string {
  const { colors } = options
  const width = longest(group.resources.map(({ type }) => type))
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
    for (const document of resourcePolicies(resource))
      lines.push(...printDocument(resource, document, options, placeOf))
  }
  return lines.join('\n')
}

function printDocument(
  resource: Resource,
  document: PolicyDocument,
  { policies, colors }: PlanTextOptions,
  placeOf: PlaceOf,
): readonly string[] {
  if (policies) {
    const text = JSON.stringify(document, null, 2)
    return text.split('\n').map((line) => `    ${printable(line)}`)
  }
  const width = longest(document.Statement.map(({ Sid }) => Sid))
  return document.Statement.map((statement) => {
    const effect = statement.Effect === 'Deny' ? colors.red('Deny ') : colors.green('Allow')
    const place = placeOf(resource, statement.Sid)
    // Where the resource as a whole stands is said above.
    const elsewhere = place !== undefined && place.line !== resource.declaredAt.line
    const source = elsewhere ? `  ${colors.dim(`(${printPlace(place)})`)}` : ''
    return `    ${effect} ${colors.dim(statement.Sid.padEnd(width))}  ${printable(printStatement(statement))}${source}`
  })
}

type PlaceOf = (resource: Resource, sid: string) => SourceSpan | undefined

/** Finds the part of the file that asked for a statement. */
function indexStatements(plan: Plan): PlaceOf {
  const places = new Map(
    plan.statements.map(({ policy, sid, declaredAt }) => [`${policy}\0${sid}`, declaredAt]),
  )
  const aliases = new Map(
    plan.resources.flatMap((resource) =>
      resource.type === 'kms.Alias' ? [[resource.key, resource.arn]] : [],
    ),
  )
  return (resource, sid) => places.get(`${policyName(resource, plan.partition, aliases)}\0${sid}`)
}

function longest(texts: readonly string[]): number {
  return texts.reduce((length, text) => Math.max(length, text.length), 0)
}

function countStatements(plan: Plan): number {
  return plan.resources
    .flatMap(resourcePolicies)
    .reduce((total, document) => total + document.Statement.length, 0)
}
