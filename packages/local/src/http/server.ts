import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'

export interface ServerOptions {
  /** 0: a free port. */
  readonly port: number
  /** The second port, on which requests count as plain HTTP. */
  readonly plainPort: number
  /** Real TLS on the main port, with a certificate made here. */
  readonly tls?: boolean
  readonly host: '127.0.0.1'
  readonly handle: Handler
}

/**
 * Takes one request. `secureTransport` is true on the main port, which stands for TLS even where it is plain
 * loopback, and false on the second. Rejects never.
 */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  secureTransport: boolean,
) => Promise<void>

export interface RunningServer {
  readonly port: number
  readonly plainPort: number
  /** PEM, with `tls`. */
  readonly certificate?: string
  close(): Promise<void>
}

/** Starts both ports. Rejects when one cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const pair = options.tls ? await makeCertificate() : undefined
  // `Expect: 100-continue` is answered by the dispatcher: after signature and permission, before the body.
  const listen = (secure: boolean) => (request: IncomingMessage, response: ServerResponse) =>
    void options.handle(request, response, secure)
  const main = pair
    ? createHttpsServer({ key: pair.private, cert: pair.cert, maxHeaderSize: 32_768 })
    : createHttpServer({ maxHeaderSize: 32_768 })
  const plain = createHttpServer({ maxHeaderSize: 32_768 })
  for (const [server, secure] of [
    [main, true],
    [plain, false],
  ] as const) {
    server.on('request', listen(secure))
    server.on('checkContinue', listen(secure))
    // Uploads may take long; a socket that is idle within a request is closed by Node's own keep-alive rules.
    server.requestTimeout = 0
    server.keepAliveTimeout = 60_000
  }
  await openPort(main, options.port, options.host)
  try {
    await openPort(plain, options.plainPort, options.host)
  } catch (error) {
    await closeServer(main)
    throw error
  }
  return {
    port: (main.address() as AddressInfo).port,
    plainPort: (plain.address() as AddressInfo).port,
    ...(pair ? { certificate: pair.cert } : {}),
    close: async () => {
      await Promise.all([closeServer(main), closeServer(plain)])
    },
  }
}

function makeCertificate(): { private: string; cert: string } {
  return generate([{ name: 'commonName', value: 'localhost' }], {
    days: 30,
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: '*.localhost' },
          { type: 2, value: '*.s3.localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
}

function openPort(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
