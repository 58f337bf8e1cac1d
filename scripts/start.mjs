// `npm start`: the main job on the example organization. `npm start -- ARGS` runs any ringfence command.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setUp } from './set-up.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const mainJob = ['rehearse', join('examples', 'acme-ai', 'ringfence.yaml')]
const given = process.argv.slice(2)
const args = given.length > 0 ? given : mainJob
// npm starts scripts in the package's folder; paths that a user gives are relative to where they typed them.
const cwd = given.length > 0 ? (process.env.INIT_CWD ?? process.cwd()) : root

try {
  setUp()
  // A process of its own, so that ringfence starts with what was just built.
  const ringfence = join(root, 'packages', 'cli', 'bin', 'ringfence.js')
  const child = spawn(process.execPath, [ringfence, ...args], { stdio: 'inherit', cwd })
  // A terminal sends Ctrl-C to both processes: this one waits for the other, which cleans up.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => (process.exitCode = code ?? 1))
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
