import type { FileLock } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { printable } from '../output/printable.js'
import type { Session } from './session.js'

/** How long an update that began before is waited for, in milliseconds. */
const patienceMs = 120_000
/** Milliseconds between two looks at a lock. */
const lookMs = 250

/**
 * Before an update: removes the locks of processes of this machine that died with them, and waits for those that
 * still run, such as a Pulumi that finishes what it had begun when its command was killed. Only a `file://`
 * backend tells who holds a lock; with others Pulumi's own error does.
 */
export async function settleLocks({ backend, settings }: Session, io: Io): Promise<void> {
  const { fileBackend, readFileLocks, removeFileLock } = await import('@ringfence/pulumi/deploy')
  const folder = backend === undefined ? undefined : fileBackend(backend, io.cwd)
  if (folder === undefined) return
  const colors = colorsOf(io.stderr)
  const untilMs = Date.now() + patienceMs
  let told = false
  for (;;) {
    const locks = await readFileLocks(folder, settings.project, settings.stack)
    for (const lock of locks.filter(({ holder }) => holder === 'dead')) {
      await removeFileLock(lock)
      io.stderr.write(`${colors.yellow('note')}: removed the lock of ${describe(lock)}, which has died\n`)
    }
    const alive = locks.find(({ holder }) => holder === 'alive')
    // Pulumi refuses by itself what still holds then, and says who it is.
    if (alive === undefined || Date.now() > untilMs || io.signal.aborted) return
    if (!told) io.stderr.write(`waiting for another update of this stack, by ${describe(alive)}\n`)
    told = true
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

function describe({ pid, username, host, since }: FileLock): string {
  return `process ${pid} of ${printable(username)}@${printable(host)}, since ${printable(since)}`
}
