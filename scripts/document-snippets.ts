import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The project's folder. */
export const root = join(import.meta.dirname, '..')

/** The read-me and the documents. */
export const documents: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].filter((document) => existsSync(join(root, document)))

export interface Snippet {
  readonly place: string
  readonly language: string
  readonly text: string
}

/** The fenced blocks of a document. */
export function snippetsOf(document: string): readonly Snippet[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${document}:${text.slice(0, match.index).split('\n').length}`,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }))
}

/** One command of a transcript, and what it shows on stdout. */
export interface Step {
  readonly command: string
  readonly output: string
}

export function stepsOf(transcript: string): readonly Step[] {
  const parts = transcript.split(/^\$ /m)
  if (parts[0] !== '') throw new Error(`a transcript starts with a command: ${transcript}`)
  return parts.slice(1).map((part) => {
    const end = part.indexOf('\n')
    return { command: part.slice(0, end), output: part.slice(end + 1).trimEnd() }
  })
}

/** A line `…` stands for any lines. */
export function patternOf(output: string): RegExp {
  const escaped = output
    .split('\n')
    .map((line) =>
      line.trim() === '…'
        ? '(?:.*\\n)*?.*'
        : line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).trimEnd() + String.raw`[ ]*`,
    )
  return new RegExp(`^${escaped.join('\n')}$`)
}

/** Whether a transcript deploys, so that it needs the Pulumi CLI: those are run with the engine's tests. */
export function needsEngine({ language, text }: Snippet): boolean {
  return language === 'console' && /^\$ ringfence (?:preview|up|refresh|destroy|outputs) /m.test(text)
}

/** Puts a `ringfence` into a folder, for a PATH: the command of this project's sources. */
export function writeCommand(folder: string): void {
  const command = join(folder, 'ringfence')
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'packages/cli/bin/ringfence.js')}" "$@"\n`,
  )
  chmodSync(command, 0o755)
}
