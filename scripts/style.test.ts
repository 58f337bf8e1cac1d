import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

// What STYLE asks of every file and a linter does not check.
const root = join(import.meta.dirname, '..')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((path) => path !== '' && !path.includes('/goldens/') && path !== 'package-lock.json')
const sources = files.filter((path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path))
const text = (path: string) => readFileSync(join(root, path), 'utf8')

const longestLines = 400

test('the files are seen', () => {
  expect(sources.length).toBeGreaterThan(50)
})

test('names of files are kebab-case and say what is inside', () => {
  const vague = /^(utils?|helpers?|common|misc|shared|stuff)$/
  const bad = sources.filter((path) => {
    const name = basename(path).replace(/(\.clients|\.engine|\.smt)?(\.test|\.fixture|\.d)?\.ts$/, '')
    return (
      !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ||
      vague.test(name) ||
      path.split('/').some((part) => vague.test(part))
    )
  })
  expect(bad).toEqual([])
})

test(`no source file is longer than ${longestLines} lines`, () => {
  const long = sources
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => ({ path, lines: text(path).split('\n').length }))
    .filter(({ lines }) => lines > longestLines)
  expect(long).toEqual([])
})

test('no wildcard re-export of values, no skipped or focused test, no postponed work', () => {
  const forbidden: readonly (readonly [RegExp, string])[] = [
    [/^export \* from/m, 'export *'],
    [/\b(?:test|it|describe)\.(?:skip|only|todo)\b/, 'skipped or focused test'],
    [new RegExp(`\\b(?:${'TO'}${'DO'}|FIX${'ME'}|XX${'X'})\\b`), 'postponed work'],
    [/@ts-(?:ignore|nocheck)/, 'type check switched off'],
  ]
  const found = sources.flatMap((path) =>
    forbidden.filter(([pattern]) => pattern.test(text(path))).map(([, what]) => `${path}: ${what}`),
  )
  expect(found).toEqual([])
})

test('nothing names a registry or a path of one machine', () => {
  const hosts = ['registry.npmjs', 'npmjs.org/', 'pypi.org/simple', 'proxy.golang', 'deb.debian']
  const found = files
    .filter((path) => /\.(ts|mjs|js|json|ya?ml|md|sh)$|run$/.test(path) && path !== 'scripts/style.test.ts')
    .flatMap((path) => hosts.filter((host) => text(path).includes(host)).map((host) => `${path}: ${host}`))
  expect(found).toEqual([])
  expect(files.filter((path) => text(path).includes(`/${'work'}/`))).toEqual([])
})
