import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClients, type Clients, type ClientTarget } from './clients.js'

let server: Server
let clients: Clients
let seen: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers })
    request.resume()
    request.on('end', () => {
      response.writeHead(403, { 'content-type': 'application/xml', 'x-amz-request-id': 'r1' })
      response.end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  clients = createClients()
})
afterAll(async () => {
  await clients.close()
  server.close()
})

function target(changes: Partial<ClientTarget> = {}): ClientTarget {
  return {
    id: 'ada tls',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDADA', secretAccessKey: 'secret', sessionToken: 'token' },
    clockOffsetMs: Date.UTC(2035, 0, 1) - Date.now(),
    ...changes,
  }
}

async function send(...args: Parameters<Clients['send']>): Promise<(typeof seen)[number]> {
  seen = []
  await expect(clients.send(...args)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
  expect(seen).toHaveLength(1)
  return seen[0] as (typeof seen)[number]
}

describe('createClients', () => {
  it('signs with the credentials and the clock that it was given, once, by path style', async () => {
    const { url, headers } = await send(target(), 's3', 'GetObject', { Bucket: 'b', Key: 'k' })
    expect(url).toMatch(/^\/b\/k/)
    expect(headers.authorization).toContain('Credential=AKIDADA/20350101/eu-west-1/s3/aws4_request')
    expect(headers['x-amz-date']).toMatch(/^20350101T0000/)
    expect(headers['x-amz-security-token']).toBe('token')
  })

  it('sends no signature for anonymous', async () => {
    const anonymous = target({ id: 'anonymous', credentials: 'anonymous' })
    for (const [service, operation, input] of [
      ['s3', 'GetObject', { Bucket: 'b', Key: 'k' }],
      ['iam', 'CreateAccessKey', { UserName: 'ada' }],
      ['sts', 'AssumeRole', { RoleArn: 'arn:aws:iam::111122223333:role/r', RoleSessionName: 's' }],
      ['sagemaker-runtime', 'InvokeEndpoint', { EndpointName: 'e', Body: '{}' }],
      ['kms', 'PutKeyPolicy', { KeyId: 'k', Policy: '{}' }],
    ] as const) {
      const { headers } = await send(anonymous, service, operation, input)
      expect(headers.authorization).toBeUndefined()
    }
  })

  it('reaches S3 Control, whose host name has the account before it', async () => {
    const { headers } = await send(target(), 's3-control', 'DeletePublicAccessBlock', {
      AccountId: '111122223333',
    })
    expect(headers.host).toMatch(/^111122223333\.localhost:\d+$/)
  })

  it('resolves every name to this machine', async () => {
    const port = (server.address() as AddressInfo).port
    const elsewhere = target({ id: 'elsewhere', endpoint: `http://s3.eu-west-1.amazonaws.com:${port}` })
    await send(elsewhere, 's3', 'GetObject', { Bucket: 'b', Key: 'k' })
  })

  it('takes a new clock after a reset', async () => {
    clients.reset()
    const later = target({ clockOffsetMs: Date.UTC(2036, 5, 1) - Date.now() })
    const { headers } = await send(later, 's3', 'GetObject', { Bucket: 'b', Key: 'k' })
    expect(headers['x-amz-date']).toMatch(/^20360601T0000/)
  })

  it('names an operation that the SDK does not have', async () => {
    await expect(clients.send(target(), 's3', 'GetObjects', {})).rejects.toThrow('no GetObjects')
  })
})
