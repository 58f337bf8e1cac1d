import type {
  AuthorizationRequest,
  Containment,
  PolicyComparison,
  PolicyRelation,
  RelationInWorld,
} from '@ringfence/policy'
import type { Colors } from './color.js'
import { printable } from './printable.js'

/** What `compare` found, for people: the verdict, and a request for each difference. */
export function printComparison(
  { known, open }: PolicyComparison,
  names: readonly [string, string],
  colors: Colors,
): string {
  const lines = [describe(open, names, colors)]
  if (known && known.relation !== open.relation) {
    lines[0] = `${lines[0]}, if AWS may have any action on any resource.`
    lines.push(
      ...details(open, names),
      `${describe(known, names, colors)}, for the actions that AWS is known to have on the resources that they take.`,
      ...details(known, names),
    )
  } else {
    lines[0] = `${lines[0]}.`
    lines.push(...details(open, names))
  }
  return `${lines.join('\n')}\n`
}

function describe(
  world: RelationInWorld,
  [first, second]: readonly [string, string],
  colors: Colors,
): string {
  const sentences: Readonly<Record<PolicyRelation, string>> = {
    equivalent: `${first} and ${second} allow the same requests`,
    less: `${first} allows strictly less than ${second}`,
    more: `${first} allows strictly more than ${second}`,
    incomparable: `${first} and ${second} each allow what the other does not`,
    unknown: `whether ${first} and ${second} allow the same is not decided`,
  }
  const paint = world.relation === 'unknown' ? colors.yellow : colors.bold
  return `${paint(world.relation)}: ${printable(sentences[world.relation])}`
}

function details(world: RelationInWorld, [first, second]: readonly [string, string]): readonly string[] {
  return [...detail(world.firstInSecond, first, second), ...detail(world.secondInFirst, second, first)]
}

function detail(containment: Containment, inner: string, outer: string): readonly string[] {
  switch (containment.proof) {
    case 'proved':
      return []
    case 'refuted':
      return [`  only ${printable(inner)} allows ${printable(describeRequest(containment.counterexample))}`]
    case 'unknown':
      return [
        `  whether ${printable(outer)} allows all that ${printable(inner)} does is unknown: ${printable(containment.reason)}`,
      ]
  }
}

/** `s3:GetObject on arn:… by arn:…, with aws:SourceIp = 203.0.113.7`. */
function describeRequest({ action, context, principal, resource }: AuthorizationRequest): string {
  const keys = Object.entries(context ?? {}).map(
    ([key, value]) => `${key} = ${typeof value === 'string' ? value || '""' : JSON.stringify(value)}`,
  )
  const condition = keys.length === 0 ? '' : `, with ${keys.join(' and ')}`
  return `${action} on ${resource} by ${principal}${condition}`
}
