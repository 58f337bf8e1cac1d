import type { Thing } from './fact.js'
import type { RecordedResource } from './recorded-facts.js'

/** Ids that AWS alone gives, by the plan's id: of access keys, and of versions of secrets. */
export type RecordedIds = ReadonlyMap<string, string>

/** The ids that a stack's state has. The plan's ids are what the last parts of URNs end with. */
export function recordedIds(resources: readonly RecordedResource[], organization: string): RecordedIds {
  const ids = new Map<string, string>()
  for (const resource of resources) {
    const { type, urn, id } = resource
    const own = type === 'aws:iam/accessKey:AccessKey' ? id : recordedVersion(resource)
    if (own === undefined) continue
    const name = urn.slice(urn.lastIndexOf('::') + 2)
    ids.set(name.startsWith(`${organization}/`) ? name.slice(organization.length + 1) : name, own)
  }
  return ids
}

/** The id of a version of a secret; undefined for anything else, and for one that another has replaced already. */
export function recordedVersion({ type, id, delete: isReplaced }: RecordedResource): string | undefined {
  if (type !== 'aws:secretsmanager/secretVersion:SecretVersion' || isReplaced === true) return undefined
  // `ARN|VERSION`: neither has a bar in it.
  return id?.split('|')[1]
}

const kinds = new Map([
  ['aws:iam/policy:Policy', 'policy'],
  ['aws:secretsmanager/secret:Secret', 'secret'],
  ['aws:organizations/policy:Policy', 'guardrail'],
] as const)

/** How AWS calls what a stack has made, also where it is gone by now: ARNs of policies and secrets, ids of guardrails. */
export function recordedArns(resources: readonly RecordedResource[]): ReadonlyMap<Thing, string> {
  const arns = new Map<Thing, string>()
  for (const { type, id, inputs } of resources) {
    const kind = (kinds as ReadonlyMap<string, 'policy' | 'secret' | 'guardrail'>).get(type)
    const name = inputs?.['name']
    if (kind !== undefined && id !== undefined && typeof name === 'string') arns.set(`${kind}/${name}`, id)
  }
  return arns
}
