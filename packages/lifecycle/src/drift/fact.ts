/** What a fact is about: `user/ada`, `role/acme-research`, `policy/acme-boundary`, `key/alias/…`. */
export type Thing =
  `${'user' | 'group' | 'role' | 'policy' | 'bucket' | 'key' | 'project' | 'guardrail' | 'account' | 'secret'}/${string}`

/** What of it the fact tells; `exists` is the thing itself. */
export type Aspect =
  | 'exists'
  | 'path'
  | 'description'
  | 'tag'
  | 'boundary'
  | 'attachment'
  | 'inlinePolicy'
  | 'group'
  | 'accessKey'
  | 'password'
  | 'sshKey'
  | 'serviceCredential'
  | 'signingCertificate'
  | 'trust'
  | 'sessionDuration'
  | 'instanceProfile'
  | 'document'
  | 'version'
  | 'target'
  | 'accessBlock'
  | 'ownership'
  | 'encryption'
  | 'versioning'
  | 'lifecycle'
  | 'replication'
  | 'website'
  | 'enabled'
  | 'rotation'
  | 'keyGrant'

/**
 * One thing that is so: declared, recorded by Pulumi, or found in the account. Facts of all three are made alike, so
 * that comparing them is comparing texts.
 */
export interface Fact {
  readonly thing: Thing
  readonly aspect: Aspect
  /** Which one, where a thing has several: an attachment's ARN, a group, a tag, a key's id, a label of a version. */
  readonly name?: string
  readonly value: string
}

/** The value of facts that are there or not. */
export const present = 'present'

/** What two facts share that are about the same. */
export function keyOf({ thing, aspect, name = '' }: Omit<Fact, 'value'>): string {
  return [thing, aspect, name].join('\n')
}

/** A fact for each tag. */
export function tagFacts(thing: Thing, tags: Readonly<Record<string, string>>): readonly Fact[] {
  return Object.entries(tags).map(([name, value]) => ({ thing, aspect: 'tag', name, value }))
}
