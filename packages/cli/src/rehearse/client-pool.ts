import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { fromPlainError, type ClientReply, type ClientRequest } from './client-messages.js'
import { createClients, type Clients } from './clients.js'

/** More threads than this do not make the one server that they talk to faster. */
const MAX_THREADS = 3

/**
 * Clients in threads of their own, so that they do not share a processor with the local AWS that answers them.
 * Where there is one processor, or no compiled file to run in a thread, they run in this one.
 */
export function createClientPool(): Clients {
  const file = fileURLToPath(new URL('./client-worker.js', import.meta.url))
  const processors = availableParallelism()
  // Clients work twice as hard as the server: of two processors it leaves one half to them.
  return processors === 1 || !existsSync(file)
    ? createClients()
    : createThreads(file, Math.min(MAX_THREADS, processors))
}

function createThreads(file: string, count: number): Clients {
  const threads = Array.from({ length: count }, () => createThread(file))
  const threadOf = new Map<string, Thread>()
  let next = 0
  return {
    // One target stays in one thread, where its clients are.
    send: (...request) => {
      const [{ id }] = request
      const thread = threadOf.get(id) ?? (threads[next++ % threads.length] as Thread)
      threadOf.set(id, thread)
      return thread.send(request)
    },
    reset: () => {
      for (const thread of threads) thread.reset()
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

interface Thread {
  send(request: Parameters<Clients['send']>): Promise<unknown>
  reset(): void
  close(): Promise<unknown>
}

interface Waiting {
  readonly resolve: (output: unknown) => void
  readonly reject: (error: Error) => void
}

function createThread(file: string): Thread {
  const worker = new Worker(file)
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const post = (message: ClientRequest) => worker.postMessage(message)
  worker.on('message', (reply: ClientReply) => {
    const { resolve, reject } = waiting.get(reply.id) as Waiting
    waiting.delete(reply.id)
    if (reply.ok) resolve(reply.output)
    else reject(fromPlainError(reply.error))
  })
  worker.on('error', (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        post({ kind: 'send', id: lastId, request })
      }),
    reset: () => post({ kind: 'reset' }),
    close: () => worker.terminate(),
  }
}
