import type { Readable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { exitCode } from './exit-code.js'
import type { Io, Output } from './io.js'
import { nodeFileSystem } from './node-file-system.js'
import { wantsColor } from './output/color.js'

/** The world of a real process. Call once: it installs the handlers of signals. */
export function processIo(stderr: Output): Io {
  const cancellation = listenForSignals()
  return {
    stdout: outputOf(process.stdout),
    stderr,
    stdin: {
      get isTTY() {
        return process.stdin.isTTY === true
      },
      read: (maxBytes) => readAll(process.stdin, maxBytes),
    },
    env: process.env,
    cwd: process.cwd(),
    nowMs: Date.now,
    files: nodeFileSystem,
    get signal() {
      return cancellation.signal()
    },
  }
}

/** A stream of the process. Call once for each: it installs the handler of broken pipes. */
export function outputOf(stream: WriteStream): Output {
  let broken = false
  // `ringfence plan … | head -1` closes the pipe early: that is the reader's right, and no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    broken = true
  })
  return {
    write: (text) => {
      if (!broken) stream.write(text)
    },
    isTTY: stream.isTTY === true,
    color: wantsColor(process.env, stream.isTTY === true),
    get columns() {
      return stream.columns
    },
  }
}

/** Lets a command that asks for the signal clean up; ends any other at once, and any on the second signal. */
function listenForSignals(): { signal: () => AbortSignal } {
  const controller = new AbortController()
  let cleansUp = false
  const cancel = (): void => {
    if (!cleansUp || controller.signal.aborted) process.exit(exitCode.cancelled)
    controller.abort()
  }
  process.on('SIGINT', cancel)
  process.on('SIGTERM', cancel)
  return {
    signal: () => {
      cleansUp = true
      return controller.signal
    },
  }
}

async function readAll(stream: Readable, maxBytes: number): Promise<Uint8Array | 'too-large'> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) return 'too-large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
