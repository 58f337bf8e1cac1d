import type { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliCodes } from './codes.js'
import { exitCode } from './exit-code.js'
import { memoryIo } from './memory-io.js'
import { buildProgram, commands } from './program.js'

// `docs/cli.md` and the program say the same, both ways.
const text = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0]?.replaceAll('&lt;', '<') ?? '', section]),
)
const program = await buildProgram({ io: memoryIo(), done: () => undefined }, () => true)

/** First cells of a section's tables, without their headings. */
const firstCells = (section: string) =>
  [...section.matchAll(/^\| +`?([^`|]+?)`? +\|/gm)]
    .map((match) => match[1])
    .filter((cell) => !/^(-+|[A-Z][a-z]+)$/.test(cell ?? ''))

/** The commands that do something: those under a command, or the command itself. */
const leaves = program.commands.flatMap((command) =>
  command.commands.length === 0 ? [command] : command.commands,
)
const nameOf = (command: Command): string =>
  command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`

const headingOf = (command: Command) =>
  [
    nameOf(command),
    ...command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`
      return argument.required ? `<${name}>` : `[${name}]`
    }),
  ].join(' ')

describe('docs/cli.md', () => {
  it('sees every command', () => {
    expect(program.commands.map((command) => command.name())).toEqual(commands.map(({ name }) => name))
    expect(program.commands.length).toBeGreaterThan(3)
  })

  it.each(leaves.map((command) => [nameOf(command), command] as const))('describes %s', (_, command) => {
    const section = sections.get(headingOf(command))
    expect(section, `a section "${headingOf(command)}"`).toBeDefined()
    const documented = firstCells(section ?? '').filter((cell) => cell?.startsWith('-'))
    expect(documented.toSorted()).toEqual(command.options.map(({ flags }) => flags).toSorted())
  })

  it('describes no command that is not there', () => {
    const known = [...leaves.map(headingOf), 'Diagnostics', 'Exit codes']
    expect([...sections.keys()].toSorted()).toEqual(known.toSorted())
  })

  it('lists the codes of the command', () => {
    expect(firstCells(sections.get('Diagnostics') ?? '')).toEqual(cliCodes)
  })

  it('lists the exit codes', () => {
    expect(firstCells(sections.get('Exit codes') ?? '')).toEqual(Object.values(exitCode).map(String))
  })
})
