/** What a file is about, as its path tells; `docs/cli.md` describes the folders. */
export type Place =
  | { readonly kind: 'bucket' | 'key'; readonly name: string; readonly part?: string }
  | { readonly kind: 'role'; readonly name: string; readonly path: string; readonly part?: string }
  | { readonly kind: 'scp' | 'rcp'; readonly name: string; readonly level: string }
  | { readonly kind: 'account'; readonly part?: string }

const folders = { buckets: 'bucket', keys: 'key', roles: 'role', scps: 'scp', rcps: 'rcp' } as const
const parts = /\.(policy|public-access-block|acl|ownership-controls|trust)$/

/**
 * The place of a file: `buckets/NAME.json` or `buckets/NAME/policy.json`, `keys/ID.json`, `roles/PATH/NAME.trust.json`,
 * `scps/LEVEL/NAME.json`, `rcps/LEVEL/NAME.json`, `account.public-access-block.json`. Before `.json` a part may be
 * named: `NAME.acl.json`. Undefined: none of them.
 */
export function placeOfPath(path: string): Place | undefined {
  const segments = path.split('/')
  const at = segments.findLastIndex(
    (segment, index) => Object.hasOwn(folders, segment) && index < segments.length - 1,
  )
  const file = segments.at(-1)!.replace(/\.(json|ya?ml)$/, '')
  if (at < 0) return /^account(\.|$)/.test(file) ? { kind: 'account', ...partOf(file) } : undefined
  const kind = folders[segments[at] as keyof typeof folders]
  const inside = segments.slice(at + 1, -1)
  switch (kind) {
    case 'bucket':
    case 'key': {
      const [name] = inside
      return name === undefined
        ? { kind, name: file.replace(parts, ''), ...partOf(file) }
        : { kind, name, ...partOf(`.${file}`) }
    }
    case 'role': {
      const folder = inside.map((segment) => `${segment}/`).join('')
      return { kind, name: file.replace(parts, ''), path: `/${folder}`, ...partOf(file) }
    }
    case 'scp':
    case 'rcp':
      return { kind, name: file, level: segments.slice(0, -1).join('/') }
  }
}

function partOf(file: string): { readonly part?: string } {
  const part = parts.exec(file)?.[1]
  return part === undefined ? {} : { part }
}
