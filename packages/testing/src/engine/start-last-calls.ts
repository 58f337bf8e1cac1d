import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between a client and an AWS. */
export interface LastCalls {
  readonly endpoint: string
  /** Of the next call of an operation of a JSON service, nobody hears that AWS has done it: `instead` is called. */
  arm(operation: string, instead: () => void): void
  close(): Promise<void>
}

/** Hands calls on to an endpoint on loopback, as they were signed. */
export async function startLastCalls(to: string): Promise<LastCalls> {
  const { hostname: host, port } = new URL(to)
  let last: { readonly operation: string; readonly instead: () => void } | undefined
  const finish = (call: IncomingMessage, done: IncomingMessage, answer: ServerResponse): void => {
    const { instead, operation } = last ?? {}
    if (instead === undefined || !String(call.headers['x-amz-target']).endsWith(`.${operation}`)) {
      answer.writeHead(done.statusCode ?? 500, done.headers)
      done.pipe(answer)
      return
    }
    last = undefined
    instead()
    done.resume()
    answer.destroy()
  }
  const server = createServer((call, answer) => {
    const { headers, method, url: path } = call
    const handedOn = request({ host, port, method, path, headers, setHost: false }, (done) =>
      finish(call, done, answer),
    )
    // Whoever is killed leaves calls behind.
    handedOn.on('error', () => answer.destroy())
    call.on('error', () => handedOn.destroy())
    call.pipe(handedOn)
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
