import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  documents,
  needsEngine,
  patternOf,
  root,
  snippetsOf,
  stepsOf,
  writeCommand,
} from './document-snippets.js'

// Runs the transcripts that deploy, by the real engine, on a copy of the examples: their commands go on from one
// another, and may edit the files.
const transcripts = documents.flatMap(snippetsOf).filter(needsEngine)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-documents-'))
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
  writeCommand(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the read-me has transcripts of a deployment', () => {
  expect(transcripts.filter(({ place }) => place.startsWith('README.md:')).length).toBeGreaterThan(0)
})

test.each(transcripts.map((snippet) => [snippet.place, snippet] as const))(
  '%s runs as shown',
  (_, { text }) => {
    for (const { command, output } of stepsOf(text)) {
      const { stdout, stderr } = spawnSync('bash', ['-c', command], {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: [folder, join(root, 'packages/testing/bin'), process.env['PATH']].join(delimiter),
          PULUMI_HOME: join(folder, 'home'),
          PULUMI_BACKEND_URL: '',
          NO_COLOR: '1',
          FORCE_COLOR: undefined,
        },
      })
      expect(stdout.trimEnd(), `$ ${command}\n${stderr}`).toMatch(patternOf(output))
    }
  },
)
