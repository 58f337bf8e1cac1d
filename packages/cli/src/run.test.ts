import { describe, expect, it } from 'vitest'
import { exitCode } from './exit-code.js'
import { memoryIo } from './memory-io.js'
import { commands } from './program.js'
import { run } from './run.js'

/** An Io whose files cannot be read for this reason. */
const failing = (error: Error, env = {}) => {
  const io = memoryIo({ env })
  const files = { ...io.files, read: () => Promise.reject(error) }
  return { ...io, files }
}

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

  it('names the help of the command that was given wrongly', async () => {
    for (const [args, command] of [
      [['grant', 'a', 'read'], 'grant'],
      [['keys', 'list', 'f.yaml'], 'keys'],
    ] as const) {
      const io = memoryIo()
      expect(await run(args, io)).toBe(exitCode.usage)
      expect(io.written.stderr).toContain(`Try: ringfence help ${command}\n`)
    }
  })

  it('tells a defect by its message and asks to report it, without a stack', async () => {
    const io = failing(new TypeError('x is not\u001b[2J a function'))
    expect(await run(['plan', 'ringfence.yaml'], io)).toBe(exitCode.failed)
    expect(io.written.stderr).toBe(
      'error[INTERNAL]: x is not\\u{1b}[2J a function\n' +
        '  Try: this is a defect of ringfence: run it again with RINGFENCE_DEBUG=1 and report what it shows\n',
    )
  })

  it('shows stack and causes with RINGFENCE_DEBUG=1', async () => {
    const io = failing(new Error('outer', { cause: new Error('inner') }), { RINGFENCE_DEBUG: '1' })
    await run(['plan', 'ringfence.yaml'], io)
    expect(io.written.stderr).toMatch(/Error: outer\n {4}at [^]*caused by: Error: inner\n {4}at /)
  })

  it('tells what the operating system refuses without calling it a defect', async () => {
    const io = memoryIo({ stdin: 'x' })
    const broken = Object.assign(new Error('EBADF: bad file descriptor, read'), {
      code: 'EBADF',
      syscall: 'read',
    })
    const stdin = { ...io.stdin, read: () => Promise.reject(broken) }
    expect(await run(['simulate', '-'], { ...io, stdin })).toBe(exitCode.failed)
    expect(io.written.stderr).toBe('error[IO_FAILED]: EBADF: bad file descriptor, read\n')
  })
})
