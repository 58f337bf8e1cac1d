import * as fc from 'fast-check'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { emptyModel, expectedRoster, perform, sampleOfSteps, steps } from './directory-model.fixture.js'
import { openDirectory } from './index.js'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'ringfence-scim-'))
  folders.push(made)
  return made
}
afterAll(() => folders.forEach((made) => rmSync(made, { recursive: true, force: true })))

test('any sequence of requests leaves what a naive model of a directory says', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const path = folder()
      const directory = openDirectory(path)
      const model = emptyModel()
      try {
        for (const step of sequence) {
          const before = JSON.stringify(directory.rosterAt(Infinity))
          const position = directory.journal.position()
          const [status, expected] = perform(step, directory, model)
          expect(status, JSON.stringify(step)).toBe(expected)
          expect(directory.rosterAt(Infinity).roster.people).toEqual(expectedRoster(model))
          const entries = [...directory.journal.since(position)]
          if (status >= 400) expect(entries).toEqual([])
          // The roster is another one exactly where the journal says that it is.
          const isOther = JSON.stringify(directory.rosterAt(Infinity)) !== before
          expect(
            entries.some(({ isOfRoster }) => isOfRoster),
            JSON.stringify(step),
          ).toBe(isOther)
        }
      } finally {
        await directory.close()
        rmSync(path, { recursive: true, force: true })
      }
    }),
    { numRuns: 40 },
  )
}, 180_000)

test.each([20, 45])(
  'a process that is killed after %i changes or a little later has all that it answered, and nothing half',
  async (killAfter) => {
    const path = folder()
    const done = await writeUntilKilled(path, killAfter)
    const directory = openDirectory(path)
    const found = withoutIds(directory.rosterAt(Infinity).roster.people)
    const positions = [...directory.journal.since(0)].map(({ position }) => position)
    await directory.close()
    expect(positions).toEqual(positions.map((_, index) => index + 1))
    // One more may have been written and not been answered.
    expect(await rostersAfter([done, done + 1])).toContainEqual(found)
  },
  180_000,
)

/** Everything but the ids, which differ between two runs of the same steps. */
function withoutIds(people: readonly object[]): readonly object[] {
  return people.map((person) => ({ ...person, id: '' }))
}

/** The same steps made again, and who is here after so many of them. */
async function rostersAfter(counts: readonly number[]): Promise<readonly (readonly object[])[]> {
  const directory = openDirectory(folder())
  const model = emptyModel()
  const rosters: (readonly object[])[] = []
  for (const [index, step] of sampleOfSteps(7)
    .slice(0, Math.max(...counts))
    .entries()) {
    perform(step, directory, model)
    if (counts.includes(index + 1)) rosters.push(withoutIds(expectedRoster(model)))
  }
  await directory.close()
  return rosters
}

/** Gives how many steps were answered before the process was killed. */
async function writeUntilKilled(path: string, killAfter: number): Promise<number> {
  const here = import.meta.dirname
  const loader = join(here, '../../local/src/test-server/load-typescript.mjs')
  const program = join(here, 'write-until-killed.fixture.ts')
  const child = spawn(
    process.execPath,
    ['--conditions=ringfence-source', '--import', loader, program, path, '7'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let done = 0
  for await (const line of createInterface({ input: child.stdout })) {
    done = Number(line)
    if (done >= killAfter) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return done
}
