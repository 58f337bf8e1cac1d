import type { Io } from './io.js'
import { nodeFileSystem } from './node-file-system.js'

/** What a run in process wrote. */
export interface MemoryIo extends Io {
  readonly written: { stdout: string; stderr: string }
}

export interface MemoryIoOptions extends Partial<Omit<Io, 'stdout' | 'stderr' | 'stdin'>> {
  /** Default: an empty stream. */
  readonly stdin?: string | Uint8Array
  /** Default false. */
  readonly isTTY?: boolean
  /** Default false. */
  readonly color?: boolean
}

/**
 * An `Io` that keeps its output in memory, with a fixed clock (2026-01-01T00:00:00Z) and an empty environment:
 * for tests, and for programs that run commands in process.
 */
export function memoryIo(options: MemoryIoOptions = {}): MemoryIo {
  const { stdin = '', isTTY = false, color = false, ...rest } = options
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text
    },
    isTTY,
    color,
  })
  const input = typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin
  return {
    written,
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: {
      isTTY,
      read: async (maxBytes) => (input.length > maxBytes ? 'too-large' : input),
    },
    env: {},
    cwd: process.cwd(),
    nowMs: () => Date.UTC(2026, 0, 1),
    files: nodeFileSystem,
    signal: new AbortController().signal,
    ...rest,
  }
}
