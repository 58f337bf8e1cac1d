import { saidOf } from '../access.js'
import type { Kept, KeptKey } from '../kept.js'
import { buildSecret, buildSecretVersion, isKeptInSecretsManager } from './build-secret.js'
import type { Member } from '../declaration.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'

/** What a member has whom no rotation has touched. */
const firstKey: readonly KeptKey[] = [{ generation: 1, status: 'active' }]

/** Whether a member is an IAM user with a declared key that has not ended. */
const hasKeys = ({ keys, signIn }: Member): boolean =>
  keys !== undefined && keys.ended !== true && signIn === 'user'

/** `member/bot/access-key`, as it was before there were generations; `member/bot/access-key-2`. */
export function accessKeyId(member: string, generation: number): string {
  return `member/${member}/access-key${generation === 1 ? '' : `-${generation}`}`
}

const urnOfKey = /::[^:/]+\/member\/([^/:]+)\/access-key(?:-(\d+))?$/

/** The member and the generation of an access key of a plan, by its URN in a stack; undefined: it is none. */
export function readAccessKeyUrn(
  urn: string,
): { readonly member: string; readonly generation: number } | undefined {
  const [, member, generation = '1'] = urnOfKey.exec(urn) ?? []
  return member === undefined ? undefined : { member, generation: Number(generation) }
}

/** The keys of a member, by generation. `after`: ids of what has to be there before any key is alive. */
export function buildAccessKeys(
  member: Member,
  after: readonly string[],
  model: Model,
  writer: PlanWriter,
): void {
  const { declaredAt, keys, name } = member
  if (keys === undefined || !hasKeys(member)) return
  const { arns, kept } = model
  const generations = saidOf(kept.accessKeys, name) ?? firstKey
  const secret = isKeptInSecretsManager(member) ? buildSecret(member, model, writer) : undefined
  for (const { generation, status } of generations) {
    writer.add({
      type: 'iam.AccessKey',
      id: accessKeyId(name, generation),
      dependsOn: after,
      declaredAt,
      user: arns.userName(name),
      ...(generation === 1 ? {} : { generation }),
      ...(status === 'active' ? {} : { status }),
      until: keys.until,
      ...(keys.encryptTo === undefined ? {} : { encryptTo: keys.encryptTo }),
      ...(secret === undefined ? {} : { secret }),
    })
  }
  if (secret !== undefined)
    buildSecretVersion(member, accessKeyId(name, generations.at(-1)?.generation ?? 1), writer)
}

/**
 * What is kept on: keys of members that the file still gives keys, and every revocation with who left. Undefined if that
 * is nothing, so that a file alone gives the same plan as before anything was kept.
 */
export function keptOn({ kept, members }: Model): Kept | undefined {
  const accessKeys = Object.entries(kept.accessKeys).filter(([name, keys]) => {
    const member = members.get(name)
    return member !== undefined && hasKeys(member) && !isFirstKey(keys)
  })
  const revocations = Object.entries(kept.revocations)
  if (accessKeys.length + revocations.length === 0) return undefined
  const leaving = kept.leaving && { leaving: sorted(Object.entries(kept.leaving)) }
  return { accessKeys: sorted(accessKeys), revocations: sorted(revocations), ...leaving }
}

function isFirstKey(keys: readonly KeptKey[]): boolean {
  const [first, second] = keys
  return second === undefined && first?.generation === 1 && first.status === 'active'
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)))
}
