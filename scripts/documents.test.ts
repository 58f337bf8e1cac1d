import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  documents,
  needsEngine,
  patternOf,
  root,
  snippetsOf,
  stepsOf,
  writeCommand,
} from './document-snippets.js'

// Runs every snippet of the read-me and the documents. A `console` block is a transcript: its commands are run
// in the project's folder and must print what it shows on stdout (a line `…` stands for any lines). A `yaml` or
// `ts` block is a whole declared file, and must become a plan. Other languages than these are not admitted.
// Transcripts of deployments are run in documents.engine.test.ts.
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.ringfence'), { recursive: true })
  folder = mkdtempSync(join(root, '.ringfence', 'documents-'))
  writeCommand(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const runnable = new Set(['console', 'yaml', 'ts'])
const all = documents.flatMap(snippetsOf)
const snippets = all.filter((snippet) => !needsEngine(snippet))

const withSnippets = documents.filter((document) =>
  snippets.some(({ place, language }) => place.startsWith(`${document}:`) && runnable.has(language)),
)

describe.each(withSnippets)('%s', (document) => {
  const own = snippets.filter(
    ({ place, language }) => place.startsWith(`${document}:`) && language === 'console',
  )
  test.each(own.map((snippet) => [snippet.place, snippet] as const))(
    '%s runs as shown',
    { timeout: 300_000 },
    (_, { text }) => {
      for (const { command, output } of stepsOf(text)) {
        const { stdout, stderr } = spawnSync('bash', ['-c', command], {
          cwd: root,
          encoding: 'utf8',
          env: {
            ...process.env,
            PATH: `${folder}${delimiter}${process.env['PATH']}`,
            NO_COLOR: '1',
            FORCE_COLOR: undefined,
          },
        })
        expect(stdout.trimEnd(), `$ ${command}\n${stderr}`).toMatch(patternOf(output))
      }
    },
  )

  const files = snippets.filter(
    ({ place, language }) => place.startsWith(`${document}:`) && ['yaml', 'ts'].includes(language),
  )
  test.each(files.map((snippet) => [snippet.place, snippet] as const))(
    '%s becomes a plan',
    (_, { language, text }) => {
      const file = join(folder, `snippet-${Math.random().toString(36).slice(2)}.${language}`)
      writeFileSync(file, text)
      const { status, stderr } = spawnSync(join(folder, 'ringfence'), ['plan', file, '--json'], {
        encoding: 'utf8',
      })
      expect(status, stderr).toBe(0)
    },
  )
})

test('snippets are seen, and each is of a kind that is run', () => {
  expect(snippets.length).toBeGreaterThan(5)
  const known = new Set([...runnable, 'text', 'json'])
  expect(all.filter(({ language }) => !known.has(language)).map(({ place }) => place)).toEqual([])
})
