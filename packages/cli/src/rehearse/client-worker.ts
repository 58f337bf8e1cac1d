import { parentPort } from 'node:worker_threads'
import { toPlainError, type ClientReply, type ClientRequest } from './client-messages.js'
import { createClients } from './clients.js'

// Most answers of a rehearsal are errors, and nobody reads where in the SDK they were made.
Error.stackTraceLimit = 0
const clients = createClients()

parentPort?.on('message', (message: ClientRequest) => {
  if (message.kind === 'reset') clients.reset()
  else void answer(message)
})

async function answer({ id, request }: Extract<ClientRequest, { kind: 'send' }>): Promise<void> {
  const reply = await clients.send(...request).then(
    (output): ClientReply => ({ id, ok: true, output }),
    (error: unknown): ClientReply => ({ id, ok: false, error: toPlainError(error) }),
  )
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(reply)
}
