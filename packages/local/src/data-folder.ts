import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where a server keeps everything. Secrets are in there: nobody but its owner may look inside. */
export interface DataFolder {
  readonly database: string
  readonly objects: string
  /** Whether it outlives the server. */
  readonly durable: boolean
  /** Removes a temporary one. */
  release(): void
}

/** The given folder, or a temporary one. */
export function openDataFolder(dataDir: string | undefined): DataFolder {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'ringfence-'))
  const [database, objects] = [join(folder, 'database'), join(folder, 'objects')]
  for (const path of [folder, database, objects]) {
    makeFolder(path)
    chmodSync(path, 0o700)
  }
  return {
    database,
    objects,
    durable: dataDir !== undefined,
    release: () => {
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * One folder after another: `mkdirSync` with `recursive` never returns for a path that the system denies with
 * ENOENT though its parent is there, such as one in /proc.
 */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** The database's files, once they are there, are readable by their owner alone. */
export function protectFiles(folder: string): void {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o600)
}
