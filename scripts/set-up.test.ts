import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringfence-set-up-'))
  const lock = {
    packages: { '': {}, 'node_modules/one': one, 'node_modules/two': { ...two, optional: true } },
  }
  put('package.json', {})
  put('package-lock.json', lock)
  put('tsconfig.json', {})
  put('tsconfig.base.json', {})
  put('packages/a/package.json', {})
  put('packages/a/tsconfig.json', {})
  put('packages/a/src/a.ts', '')
  put('node_modules/typescript/bin/tsc', '')
  put('scripts/bundle.mjs', '')
  put('npm.cjs', `require('node:fs').writeFileSync('installed', '')`)
  copyFileSync(join(import.meta.dirname, 'set-up.mjs'), join(root, 'scripts', 'set-up.mjs'))
})
afterEach(() => rmSync(root, { recursive: true }))

const one = { version: '1.0.0', integrity: 'sha512-one' }
const two = { version: '2.0.0', integrity: 'sha512-two' }

function put(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}

/** Whether the set-up ran npm. */
function installs(): boolean {
  rmSync(join(root, 'installed'), { force: true })
  const env = { ...process.env, npm_execpath: join(root, 'npm.cjs') }
  const { status, stderr } = spawnSync(process.execPath, ['scripts/set-up.mjs'], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return existsSync(join(root, 'installed'))
}

it('installs once, and again when the lockfile changes', () => {
  expect(installs()).toBe(true)
  expect(installs()).toBe(false)
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  put('package-lock.json', lock.replace('1.0.0', '1.0.1'))
  expect(installs()).toBe(true)
})

it.each([
  ['takes what npm has installed by hand', { 'node_modules/one': one }, false],
  ['misses a package', { 'node_modules/two': two }, true],
  ['sees another version', { 'node_modules/one': { ...one, version: '0.9.0' } }, true],
  [
    'sees another optional package',
    { 'node_modules/one': one, 'node_modules/two': { ...two, integrity: 'x' } },
    true,
  ],
])('%s', (_, packages, expected) => {
  put('node_modules/.package-lock.json', { packages })
  expect(installs()).toBe(expected)
})
