import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** Stands between a client and an AWS. */
export interface LastCalls {
  readonly endpoint: string
  /** Of the next call of an operation that its body or a header names, nobody hears that AWS has done it: `instead` is called. */
  arm(operation: string, instead: () => void): void
  close(): Promise<void>
}

/** Hands calls on to an endpoint on loopback, as they were signed. */
export async function startLastCalls(to: string): Promise<LastCalls> {
  const { hostname: host, port } = new URL(to)
  let last: { readonly operation: string; readonly instead: () => void } | undefined
  const finish = (operation: string | undefined, done: IncomingMessage, answer: ServerResponse): void => {
    if (last === undefined || operation !== last.operation) {
      answer.writeHead(done.statusCode ?? 500, done.headers)
      done.pipe(answer)
      return
    }
    const { instead } = last
    last = undefined
    instead()
    done.resume()
    answer.destroy()
  }
  const handOn = async (call: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { headers, method, url: path } = call
    const body = await buffer(call)
    const operation = operationOf(headers, body.toString('latin1'))
    const handedOn = request({ host, port, method, path, headers, setHost: false }, (done) =>
      finish(operation, done, answer),
    )
    handedOn.on('error', () => answer.destroy())
    handedOn.end(body)
  }
  const server = createServer((call, answer) => {
    // Whoever is killed leaves calls behind.
    handOn(call, answer).catch(() => answer.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm: (operation, instead) => (last = { operation, instead }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** By the JSON protocols in a header, by the query protocol in the body. */
function operationOf(headers: IncomingMessage['headers'], body: string): string | undefined {
  const target = headers['x-amz-target']
  return typeof target === 'string' ? target.split('.').at(-1) : /(?:^|&)Action=(\w+)/.exec(body)?.[1]
}
