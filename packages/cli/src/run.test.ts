import { describe, expect, it } from 'vitest'
import { exitCode } from './exit-code.js'
import { memoryIo } from './memory-io.js'
import { commands } from './program.js'
import { run } from './run.js'

describe('run', () => {
  it('shows help on stdout for --help, and lists every command', async () => {
    const io = memoryIo()
    expect(await run(['--help'], io)).toBe(exitCode.ok)
    for (const { name } of commands) expect(io.written.stdout).toContain(`  ${name} `)
    expect(io.written.stderr).toBe('')
  })

  it('shows help on stderr without arguments, and fails', async () => {
    const io = memoryIo()
    expect(await run([], io)).toBe(exitCode.usage)
    expect(io.written.stdout).toBe('')
    expect(io.written.stderr).toContain('Usage: ringfence')
  })

  it.each([[['--help']], [['help']], [['--version']], [['help', 'rehearse']], [['rehearse', '--help']]])(
    '%j exits with 0 and writes data only to stdout',
    async (argv) => {
      const io = memoryIo()
      expect(await run(argv, io)).toBe(exitCode.ok)
      expect(io.written.stdout).not.toBe('')
      expect(io.written.stderr).toBe('')
    },
  )

  it.each([
    [['rehaerse'], 'Did you mean rehearse?'],
    [['--jsno'], "unknown option '--jsno'"],
    [['rehearse'], "missing required argument 'file'"],
  ])('%j is a usage error that says %j', async (argv, message) => {
    const io = memoryIo()
    expect(await run(argv, io)).toBe(exitCode.usage)
    expect(io.written.stderr).toContain(message)
    expect(io.written.stdout).toBe('')
  })
})
