// Makes one file of the modules of packages/policy, after `tsc -b`: most of what `ringfence` loads to its first proof
// are the small modules of the prover, and loading them takes longer than the proof. What is imported when it is needed
// (the catalogue of actions) stays a file of its own.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'rolldown'

const dist = join(import.meta.dirname, '..', 'packages', 'policy', 'dist')
const folder = join(dist, 'bundle')

rmSync(folder, { recursive: true, force: true })
await build({
  input: join(dist, 'index.js'),
  platform: 'node',
  external: /^node:/,
  logLevel: 'warn',
  output: { dir: folder, format: 'esm', sourcemap: true },
})
