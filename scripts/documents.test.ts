import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// Runs every snippet of the read-me and the documents. A `console` block is a transcript: its commands are run
// in the project's folder and must print what it shows on stdout (a line `…` stands for any lines). A `yaml` or
// `ts` block is a whole declared file, and must become a plan. Other languages than these are not admitted.
const root = join(import.meta.dirname, '..')
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.ringfence'), { recursive: true })
  folder = mkdtempSync(join(root, '.ringfence', 'documents-'))
  const command = join(folder, 'ringfence')
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'packages/cli/bin/ringfence.js')}" "$@"\n`,
  )
  chmodSync(command, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Snippet {
  readonly place: string
  readonly language: string
  readonly text: string
}

function snippetsOf(document: string): readonly Snippet[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${document}:${text.slice(0, match.index).split('\n').length}`,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }))
}

interface Step {
  readonly command: string
  readonly output: string
}

function stepsOf(transcript: string): readonly Step[] {
  const parts = transcript.split(/^\$ /m)
  expect(parts[0], 'a transcript starts with a command').toBe('')
  return parts.slice(1).map((part) => {
    const end = part.indexOf('\n')
    return { command: part.slice(0, end), output: part.slice(end + 1).trimEnd() }
  })
}

function patternOf(output: string): RegExp {
  const escaped = output
    .split('\n')
    .map((line) =>
      line.trim() === '…'
        ? '(?:.*\\n)*?.*'
        : line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).trimEnd() + String.raw`[ ]*`,
    )
  return new RegExp(`^${escaped.join('\n')}$`)
}

const runnable = new Set(['console', 'yaml', 'ts'])
const snippets = documents.filter((document) => existsSync(join(root, document))).flatMap(snippetsOf)

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
  expect(snippets.filter(({ language }) => !known.has(language)).map(({ place }) => place)).toEqual([])
})
