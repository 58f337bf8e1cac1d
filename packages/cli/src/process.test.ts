import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from './exit-code.js'

// The built command as a process of its own: what cannot be seen in process. `npm test` builds before.
const bin = join(import.meta.dirname, '../bin/ringfence.js')

let folder: string
let large: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-process-'))
  large = join(folder, 'large.yaml')
  // 600 wrong keys: more than a pipe holds.
  const wrong = Array.from({ length: 600 }, (_, index) => `wrong-${index}: 1\n`)
  const stores = Array.from({ length: 200 }, (_, index) => `store-${index}: {}`)
  writeFileSync(
    join(folder, 'plan.yaml'),
    `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
datasets: { ${stores.join(', ')} }
`,
  )
  writeFileSync(large, `organization: acme\n${wrong.join('')}`)
})
afterAll(() => rmSync(folder, { recursive: true }))

const ringfence = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [bin, ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })

const colored = (env: Readonly<Record<string, string>>) =>
  ringfence(['simulate', 'gone.json'], env).stderr.includes('\u001b[')

const inShell = (command: string) =>
  spawnSync(
    'bash',
    ['-c', `set -o pipefail; ${command.replaceAll('ringfence', `"${process.execPath}" "${bin}"`)}`],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )

describe('the process', () => {
  it('loads nothing heavy for --help', () => {
    const loaded = loadedModules(['--help'])
    expect(loaded.length).toBeGreaterThan(5)
    expect(
      loaded
        .filter((path) => path.includes('/node_modules/'))
        .every((path) => /\/(commander|picocolors)\//.test(path)),
    ).toBe(true)
    expect(loaded.filter((path) => /\/packages\/(plan|policy|local)\/|\/commands\//.test(path))).toEqual([])
  })

  it.each([
    ['plan', '--help'],
    ['up', '--help'],
    ['plan', 'plan.yaml'],
    ['help', 'destroy'],
  ])('loads nothing of Pulumi for %s %s', (...argv) => {
    const loaded = loadedModules(argv)
    expect(loaded.some((path) => path.includes('/commands/'))).toBe(true)
    expect(loaded.filter((path) => /\/@pulumi\/|\/packages\/pulumi\/|\/@clack\//.test(path))).toEqual([])
  })

  it('gives usage errors 2, on stderr', () => {
    const { status, stdout, stderr } = ringfence(['pln'])
    expect([status, stdout]).toEqual([exitCode.usage, ''])
    expect(stderr).toContain('Did you mean plan?')
  })

  it('writes no colours into a pipe, unless forced, and never with NO_COLOR', () => {
    expect(colored({})).toBe(false)
    expect(colored({ FORCE_COLOR: '1' })).toBe(true)
    expect(colored({ FORCE_COLOR: '0' })).toBe(false)
    expect(colored({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  })

  it.each([
    ['stdout', 'ringfence plan plan.yaml | head -1 | cut -c 1-4', 'acme\n', exitCode.ok],
    ['stderr', 'ringfence plan large.yaml 2>&1 >/dev/null | head -c 5', 'large', exitCode.usage],
  ])('says nothing when the reader of %s leaves', (_, command, head, code) => {
    const { status, stdout, stderr } = inShell(command)
    expect([status, stdout, stderr]).toEqual([code, head, ''])
  })

  it('shows a stack only with RINGFENCE_DEBUG=1', () => {
    const broken = join(folder, 'broken.mjs')
    writeFileSync(broken, `process.argv.slice = () => { throw new Error('defect') }\n`)
    const options = ['--import', broken, bin, '--help']
    const quiet = spawnSync(process.execPath, options, { encoding: 'utf8', env: {} })
    expect(quiet.status).toBe(exitCode.failed)
    expect(quiet.stderr).toContain('error[INTERNAL]: defect')
    expect(quiet.stderr).not.toContain('    at ')
    const loud = spawnSync(process.execPath, options, { encoding: 'utf8', env: { RINGFENCE_DEBUG: '1' } })
    expect(loud.stderr).toContain('    at ')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s while it waits ends it with 8', async (signal) => {
    const teller = `process.on('newListener', (name) => { if (name === 'SIGTERM') process.stderr.write('ready') })`
    const preload = `data:text/javascript,${encodeURIComponent(teller)}`
    const child = spawn(process.execPath, ['--import', preload, bin, 'simulate', '-'])
    child.stderr.once('data', () => child.kill(signal))
    expect(await new Promise((done) => child.on('exit', (code) => done(code)))).toBe(exitCode.cancelled)
  })
})

/** Paths of all modules that a run of the command loads, ECMAScript and CommonJS. */
function loadedModules(argv: readonly string[]): readonly string[] {
  const hooks = `import { writeSync } from 'node:fs'
export async function load(url, context, next) { writeSync(2, 'loaded ' + url + '\\n'); return next(url, context) }`
  const preload = `import { createRequire, register } from 'node:module'
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})
const { cache } = createRequire(${JSON.stringify(bin)})
process.on('exit', () => { for (const path of Object.keys(cache)) console.error('loaded ' + path) })`
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, bin, ...argv],
    { encoding: 'utf8', cwd: folder },
  )
  return [...stderr.matchAll(/^loaded (?:file:\/\/)?(\/.*)$/gm)].map((match) => match[1] ?? '')
}
