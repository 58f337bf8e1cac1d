import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MPL-2.0', '0BSD'])

/** Packages whose manifest names no licence of the list above; each was read, and each version is pinned. */
const exceptions: Readonly<Record<string, string>> = {
  // Permissive (Blue Oak Model License); a tool for development only, through dependency-cruiser and s3rver.
  'graceful-fs@4.2.12': 'BlueOak-1.0.0',
  // "MIT" stands in the read-me only; benchmarks alone use them, through s3rver.
  'humanize-number@0.0.2': 'MIT',
  'only@0.0.2': 'MIT',
  // They come with Pulumi's SDK; all are permissive, the Creative Commons ones are data (lists of licence names).
  '@logdna/tail-file@2.2.0': 'MIT',
  'argparse@2.0.1': 'Python-2.0',
  'chownr@3.0.0': 'BlueOak-1.0.0',
  'common-ancestor-path@2.0.0': 'BlueOak-1.0.0',
  'glob@13.0.7': 'BlueOak-1.0.0',
  'google-protobuf@3.21.4': 'BSD-3-Clause',
  'isexe@4.0.0': 'BlueOak-1.0.0',
  'lru-cache@11.5.3': 'BlueOak-1.0.0',
  'minimatch@10.2.6': 'BlueOak-1.0.0',
  'minipass-flush@1.0.7': 'BlueOak-1.0.0',
  'minipass@7.1.3': 'BlueOak-1.0.0',
  'path-scurry@2.0.2': 'BlueOak-1.0.0',
  'spdx-exceptions@2.5.0': 'CC-BY-3.0',
  'spdx-license-ids@3.0.24': 'CC0-1.0',
  'tar@7.5.23': 'BlueOak-1.0.0',
  'yallist@5.0.0': 'BlueOak-1.0.0',
}

interface LockEntry {
  readonly version?: string
  readonly license?: string
  readonly link?: boolean
  readonly optional?: boolean
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>
}
const entries = Object.entries(lock.packages).filter(
  ([path, entry]) => path.includes('node_modules/') && entry.link !== true,
)

function licencesOf(path: string, entry: LockEntry): readonly string[] {
  const id = `${path.replace(/^.*node_modules\//, '')}@${entry.version}`
  const exception = exceptions[id]
  if (exception !== undefined) return [exception]
  if (entry.license !== undefined) return entry.license.replaceAll(/[()]/g, '').split(' OR ')
  const manifestPath = join(root, path, 'package.json')
  if (!existsSync(manifestPath)) return []
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as { licenses?: { type: string }[] }
  return manifest.licenses?.map(({ type }) => type) ?? []
}

test('every dependency in the lockfile has a licence that may be used', () => {
  expect(entries.length).toBeGreaterThan(200)
  const refused = entries
    .map(([path, entry]) => ({ path, licences: licencesOf(path, entry) }))
    .filter(({ path, licences }) => {
      const id = `${path.replace(/^.*node_modules\//, '')}@${lock.packages[path]?.version}`
      return exceptions[id] === undefined && !licences.some((licence) => allowed.has(licence))
    })
  expect(refused).toEqual([])
})

test('no exception outlives its package', () => {
  const present = new Set(
    entries.map(([path, entry]) => `${path.replace(/^.*node_modules\//, '')}@${entry.version}`),
  )
  expect(Object.keys(exceptions).filter((id) => !present.has(id))).toEqual([])
})

test('every dependency that a package declares is pinned to one version and stands in the lockfile', () => {
  const manifests = Object.keys(lock.packages).filter((path) => !path.includes('node_modules/'))
  expect(manifests.length).toBeGreaterThan(4)
  for (const path of manifests) {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string> | undefined
    >
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, `${path}: ${name}`).toMatch(/^\d+\.\d+\.\d+$/)
      const locked = lock.packages[`${path}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`]
      expect(locked, `${path}: ${name}`).toBeDefined()
    }
  }
})
