// Runs the benchmarks one after the other, each in a process of its own: all, or those that are named.
// `--quick` takes small sizes (does it still run?), `--json` prints one JSON document a benchmark.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace('.mjs', ''))
  .toSorted()
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

for (const name of named) {
  if (all.includes(name)) continue
  process.stderr.write(`There is no benchmark "${name}".\nTry: ${all.join(', ')}\n`)
  process.exit(2)
}
const failed = (named.length > 0 ? named : all).filter((name) => {
  const { status } = spawnSync(process.execPath, [join(folder, `${name}.mjs`), ...options], {
    stdio: 'inherit',
  })
  return status !== 0
})
if (failed.length > 0) process.stderr.write(`failed: ${failed.join(', ')}\n`)
process.exitCode = failed.length > 0 ? 1 : 0
