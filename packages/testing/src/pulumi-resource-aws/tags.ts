/** Tags in the spelling of most services. */
export interface Tag {
  readonly Key: string
  readonly Value: string
}

export type Tags = Readonly<Record<string, string>>

export function tagList(tags: Tags | undefined): Tag[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
}

/** Tags as an object; those that AWS itself sets are nobody's. */
export function tagMap(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tags {
  const own = (tags ?? []).filter(({ Key: key = '' }) => !key.startsWith('aws:'))
  return Object.fromEntries(own.map(({ Key: key = '', Value: value = '' }) => [key, value]))
}

/** Which tags go, and which come or change. */
export function tagChanges(
  before: Tags | undefined,
  after: Tags | undefined,
): { gone: string[]; set: Tag[] } {
  const [old, next] = [before ?? {}, after ?? {}]
  return {
    gone: Object.keys(old).filter((key) => next[key] === undefined),
    set: tagList(next).filter(({ Key: key, Value: value }) => old[key] !== value),
  }
}
