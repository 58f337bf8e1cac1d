import { readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Who holds the lock of a stack in a `file://` backend. */
export interface FileLock {
  readonly path: string
  readonly pid: number
  readonly username: string
  readonly host: string
  /** ISO 8601. */
  readonly since: string
  /** `dead`: its process was of this host and is gone, so that nobody will ever release it. */
  readonly holder: 'alive' | 'dead' | 'elsewhere'
}

/**
 * The locks of a stack in a `file://` backend, whose folder is `folder`. None where there is no such folder. A
 * lock that cannot be understood is left to Pulumi.
 */
export async function readFileLocks(
  folder: string,
  project: string,
  stack: string,
): Promise<readonly FileLock[]> {
  const locks = join(folder, '.pulumi', 'locks', 'organization', project, stack.split('/').at(-1) ?? stack)
  const names = await readdir(locks).catch(() => [])
  const read = names.filter((name) => name.endsWith('.json')).map((name) => readFileLock(join(locks, name)))
  return (await Promise.all(read)).filter((lock) => lock !== undefined)
}

async function readFileLock(path: string): Promise<FileLock | undefined> {
  try {
    const lock = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>
    const { pid, username, hostname: host, timestamp } = lock
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined
    const here = host === hostname()
    return {
      path,
      pid,
      host,
      username: String(username),
      since: String(timestamp),
      holder: here ? (isAlive(pid) ? 'alive' : 'dead') : 'elsewhere',
    }
  } catch {
    return undefined
  }
}

/** Removes a lock whose holder is dead. */
export async function removeFileLock(lock: FileLock): Promise<void> {
  await rm(lock.path, { force: true })
  await rm(`${lock.path}.attrs`, { force: true })
}

/** A process that we may not signal is alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
