import {
  type Declaration,
  type Kept,
  type KeptKey,
  type Member,
  type MemberKeys,
  readAccessKeyUrn,
  saidOf,
} from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import type { KeyOnAws, MemberKey } from './member-keys.js'

/** An access key that an IAM user of the account has. */
export interface AccountKey extends KeyOnAws {
  readonly user: string
}

/** What a stack says of keys: its file, what it keeps beside that, and the resources of its state. */
export interface KeysOfStack {
  readonly declaration: Declaration
  readonly kept: Kept
  readonly resources: readonly RecordedResource[]
}

/** The keys of a member whom the file gives some. */
export interface DeclaredKeys {
  readonly member: string
  readonly rules: MemberKeys
  readonly keys: readonly MemberKey[]
  /** Generations that are to be gone and that the state still has. */
  readonly leftover: readonly number[]
  /** Keys of the same user that the stack knows nothing of. */
  readonly undeclared: readonly AccountKey[]
  /** URNs of the keys that the state has. */
  readonly urns: readonly string[]
}

const firstKey: readonly KeptKey[] = [{ generation: 1, status: 'active' }]

/** What file, state and AWS say together about the keys of the members of the file. */
export function declaredKeys(stack: KeysOfStack, onAws: readonly AccountKey[]): readonly DeclaredKeys[] {
  const recorded = recordedKeys(stack)
  const delivered = deliveredKeys(stack)
  return stack.declaration.members
    .filter(hasKeys)
    .map(({ name, keys: rules }) => {
      const present = onAws.filter(({ user }) => user === name)
      const ofMember = recorded.get(name) ?? new Map<number, RecordedResource>()
      const kept = saidOf(stack.kept.accessKeys, name) ?? firstKey
      const ids = new Set([...ofMember.values()].map(({ id }) => id))
      return {
        member: name,
        rules,
        keys: kept.map((key) => {
          const resource = ofMember.get(key.generation)
          return memberKey(key, resource, present, delivered.get(resource?.urn ?? ''))
        }),
        leftover: [...ofMember.keys()].filter((one) => !kept.some(({ generation }) => generation === one)),
        undeclared: present.filter(({ id }) => !ids.has(id)),
        urns: [...ofMember.values()].map(({ urn }) => urn),
      }
    })
    .toSorted((a, b) => (a.member < b.member ? -1 : 1))
}

/** Keys of anybody in the account that the stack does not know. */
export function undeclaredKeys(stack: KeysOfStack, onAws: readonly AccountKey[]): readonly AccountKey[] {
  const known = new Set(
    [...recordedKeys(stack).values()].flatMap((keys) => [...keys.values()].map(({ id }) => id)),
  )
  return onAws.filter(({ id }) => !known.has(id))
}

function hasKeys(member: Member): member is Member & { readonly keys: MemberKeys } {
  return member.keys !== undefined && member.keys.ended !== true && member.signIn === 'user'
}

function memberKey(
  { generation, status, inactiveSince }: KeptKey,
  resource: RecordedResource | undefined,
  present: readonly AccountKey[],
  deliveredMs: number | undefined,
): MemberKey {
  const onAws = present.find(({ id }) => id === resource?.id)
  return {
    generation,
    status,
    recorded: resource !== undefined,
    ...(inactiveSince === undefined ? {} : { inactiveSinceMs: Date.parse(inactiveSince) }),
    ...(deliveredMs === undefined ? {} : { deliveredMs }),
    ...(onAws === undefined ? {} : { onAws }),
  }
}

/** Since when a secret says a key, by the key's URN: the version that does was made of it. A state may not tell since when. */
function deliveredKeys({ resources }: KeysOfStack): ReadonlyMap<string, number> {
  return new Map(
    resources
      .filter((one) => one.type === 'aws:secretsmanager/secretVersion:SecretVersion' && one.delete !== true)
      .flatMap(({ created, dependencies = [] }) => {
        const sinceMs = created === undefined ? 0 : Date.parse(created)
        return dependencies.filter(readAccessKeyUrn).map((urn) => [urn, sinceMs] as const)
      }),
  )
}

/** By member and generation. */
function recordedKeys({ resources }: KeysOfStack): ReadonlyMap<string, Map<number, RecordedResource>> {
  const members = new Map<string, Map<number, RecordedResource>>()
  for (const resource of resources) {
    const key = resource.type === 'aws:iam/accessKey:AccessKey' ? readAccessKeyUrn(resource.urn) : undefined
    if (key === undefined) continue
    const { generation, member } = key
    const keys = members.get(member) ?? new Map<number, RecordedResource>()
    members.set(member, keys.set(generation, resource))
  }
  return members
}
