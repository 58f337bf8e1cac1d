import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Directory, openDirectory } from '../index.js'
import { maxBodyBytes } from './read-body.js'
import { type ScimRequestEvent, type ScimServer, serveScim } from './serve-scim.js'

let folder: string
let directory: Directory
let server: ScimServer
let token: string
let nowMs: number
let events: ScimRequestEvent[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-scim-'))
  directory = openDirectory(folder)
  nowMs = Date.UTC(2026, 0, 1)
  events = []
  token = directory.tokens.create('okta', nowMs) ?? ''
  const onRequest = (event: ScimRequestEvent): void => void events.push(event)
  server = await serveScim({
    directory,
    port: 0,
    nowMs: () => nowMs,
    onRequest,
    rate: { burst: 30, perSecond: 10 },
  })
})
afterEach(async () => {
  await server.close()
  await directory.close()
  rmSync(folder, { recursive: true, force: true })
})

const send = (path: string, init: RequestInit = {}, bearer: string = token): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/scim+json',
      connection: 'close',
      ...init.headers,
    },
  })

const post = (user: object): Promise<Response> =>
  send('/Users', { method: 'POST', body: JSON.stringify(user) })
const create = (userName: string): Promise<Response> => post({ userName })

test('a request with a token is answered as SCIM, and its change is in the journal under the name of the token', async () => {
  const made = await create('ada@acme.example')
  expect(made.status).toBe(201)
  expect(made.headers.get('content-type')).toBe('application/scim+json; charset=utf-8')
  const { id, meta } = (await made.json()) as { id: string; meta: { location: string; version: string } }
  expect(made.headers.get('location')).toBe(`${server.url}/Users/${id}`)
  expect(meta).toMatchObject({ location: `${server.url}/Users/${id}`, version: made.headers.get('etag') })
  expect(directory.journal.latest(1)).toMatchObject([
    { position: 1, client: 'okta', what: 'created', name: 'ada@acme.example', atMs: nowMs, isOfRoster: true },
  ])
})

test('versions: nothing is sent twice, and nothing is changed that has changed since', async () => {
  const { id } = (await (await create('ada@acme.example')).json()) as { id: string }
  const version = (await send(`/Users/${id}`)).headers.get('etag') ?? ''
  expect((await send(`/Users/${id}`, { headers: { 'if-none-match': version } })).status).toBe(304)
  const patch = (match: string) =>
    send(`/Users/${id}`, {
      method: 'PATCH',
      headers: { 'if-match': match },
      body: JSON.stringify({ Operations: [{ op: 'replace', path: 'title', value: match }] }),
    })
  expect((await patch(version)).status).toBe(200)
  expect((await patch(version)).status).toBe(412)
  expect((await patch('*')).status).toBe(200)
  const members = [{ value: id }]
  const before = (await send(`/Users/${id}`)).headers.get('etag')
  await send('/Groups', { method: 'POST', body: JSON.stringify({ displayName: 'Research', members }) })
  // The groups of a person are sent with them.
  expect((await send(`/Users/${id}`)).headers.get('etag')).not.toBe(before)
})

test('without a valid token nothing is told, and who goes on asking has to wait', async () => {
  const other = directory.tokens.create('old', nowMs, nowMs + 1_000) ?? ''
  expect((await send('/Users', {}, other)).status).toBe(200)
  nowMs += 1_000
  const ended = await send('/Users', {}, other)
  expect([ended.status, ended.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="ringfence SCIM"',
  ])
  for (const bearer of ['', 'x', `${token}x`, token.slice(0, -1)])
    expect((await send('/ServiceProviderConfig', {}, bearer)).status).toBe(401)
  directory.tokens.revoke('okta')
  expect((await send('/Users')).status).toBe(401)
  const statuses = await Promise.all(Array.from({ length: 25 }, async () => (await send('/Users')).status))
  expect(statuses).toContain(429)
  expect(statuses).not.toContain(200)
})

test('both tokens work while one is changed for the next', async () => {
  const next = directory.tokens.create('okta-2', nowMs) ?? ''
  expect([(await send('/Users')).status, (await send('/Users', {}, next)).status]).toEqual([200, 200])
  expect(directory.tokens.create('okta', nowMs)).toBeUndefined()
  directory.tokens.revoke('okta')
  expect([(await send('/Users')).status, (await send('/Users', {}, next)).status]).toEqual([401, 200])
})

test('who asks too often has to wait, and then may go on', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => send('/Users?count=0')))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThanOrEqual(9)
  expect(refused[0]?.headers.get('retry-after')).toBe('1')
  expect(await refused[0]?.json()).toMatchObject({ status: '429' })
  nowMs += 1_000
  expect((await send('/Users?count=0')).status).toBe(200)
})

test.each([
  ['another path', '/../v3/Users', {}, 404],
  ['another method', '/Users', { method: 'PUT', body: '{}' }, 405],
  ['a body that is no JSON', '/Users', { method: 'POST', body: '{' }, 400],
  ['a body that is no object', '/Users', { method: 'POST', body: '[]' }, 400],
  [
    'a body of another type',
    '/Users',
    { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } },
    415,
  ],
  ['a body that is too large', '/Users', { method: 'POST', body: ' '.repeat(maxBodyBytes + 1) }, 413],
  ['a path that cannot be decoded', '/Users/%E0%A4%A', {}, 400],
  ['a filter that cannot be read', '/Users?filter=userName', {}, 400],
  ['bulk requests', '/Bulk', { method: 'POST', body: '{}' }, 501],
])('%s is refused as SCIM says', async (_, path, init, status) => {
  const answer = await send(path, init as RequestInit)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
  })
})

test('a search is a query whose filter is in the body', async () => {
  await create('ada@acme.example')
  await send('/Groups', { method: 'POST', body: JSON.stringify({ displayName: 'Research' }) })
  const search = async (path: string, body: object) =>
    (await send(path, { method: 'POST', body: JSON.stringify(body) })).json()
  expect(await search('/.search', {})).toMatchObject({ totalResults: 2, itemsPerPage: 2 })
  const second = { startIndex: 2, count: 1, attributes: ['displayName'] }
  expect(await search('/.search', second)).toMatchObject({
    totalResults: 2,
    Resources: [{ displayName: 'Research' }],
  })
  const byName = { filter: 'userName eq "ada@acme.example"' }
  expect(await search('/.search', byName)).toMatchObject({ totalResults: 1 })
  expect(await search('/Users/.search', byName)).toMatchObject({ totalResults: 1 })
  expect(await search('/Groups/.search', byName)).toMatchObject({ status: '400', scimType: 'invalidFilter' })
})

test('locations are by TLS where a proxy has ended it', async () => {
  const { id } = (await (await create('ada@acme.example')).json()) as { id: string }
  const answer = await send(`/Users/${id}`, { headers: { 'x-forwarded-proto': 'https' } })
  const location = `${server.url.replace('http:', 'https:')}/Users/${id}`
  expect(await answer.json()).toMatchObject({ meta: { location } })
})

test('an id that is too long for anybody to have is found nowhere', async () => {
  const filter = encodeURIComponent(`externalId eq "${'x'.repeat(3_000)}"`)
  for (const kind of ['Users', 'Groups']) {
    const answer = await send(`/${kind}?filter=${filter}`)
    expect([answer.status, await answer.json()]).toMatchObject([200, { totalResults: 0 }])
  }
})

test.each([
  ['userName+eq+%22ada%2Baws%40acme.example%22', 1],
  ['userName%20eq%20%22ada%2Baws%40acme.example%22', 1],
  ['userName%20eq%20%22ada+aws%40acme.example%22', 1],
  ['userName%20eq%20%22ada%20aws%40acme.example%22', 0],
  ['emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22Ada+AWS@acme.example%22', 1],
])('an address with a plus is found, however a client writes it: %s', async (filter, found) => {
  const emails = [{ type: 'work', value: 'ada+aws@acme.example' }]
  await post({ userName: 'Ada+AWS@acme.example', emails })
  expect(await (await send(`/Users?filter=${filter}&count=2147483647`)).json()).toMatchObject({
    totalResults: found,
  })
})

test('somebody leaves whatever the case of the names in a PATCH, and with the schema named once more', async () => {
  const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
  const { id } = (await (await create('ada@acme.example')).json()) as { id: string }
  const patch = async (operation: object): Promise<unknown> => {
    const body = JSON.stringify({
      Schemas: ['urn:ietf:params:scim:api:messages:2.0:patchop'],
      operations: [operation],
    })
    return (await send(`/Users/${id}`, { method: 'PATCH', body })).json()
  }
  for (const [leave, come] of [
    [
      { OP: 'Replace', Path: 'Active', Value: false },
      { OP: 'Replace', Path: 'Active', Value: true },
    ],
    [
      { op: 'replace', value: { [core]: { active: false } } },
      { op: 'replace', path: core, value: { active: true } },
    ],
  ] as const) {
    expect(await patch(leave)).toMatchObject({ active: false })
    expect(await patch(come)).toMatchObject({ active: true })
  }
  const body = JSON.stringify({ userName: 'ada@acme.example', [core]: { active: false } })
  expect(await (await send(`/Users/${id}`, { method: 'PUT', body })).json()).toMatchObject({ active: false })
})

test('an address that no file may have is refused, so that nobody else has to wait for it; but not the leaving of who has it', async () => {
  const emails = [{ value: "o'neil@acme.example", primary: true }]
  const refused = await post({ userName: 'oneil@acme.example', emails })
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { scimType: 'invalidValue', detail: expect.stringContaining("o'neil@acme.example") },
  ])
  // The name to sign in with need not be an address.
  const made = (await (await post({ userName: "o'neil@acme.example" })).json()) as { id: string }
  expect(directory.roster().people).toMatchObject([{ name: 'o-neil' }])
  expect(directory.roster().people[0]).not.toHaveProperty('email')
  const put = (active: boolean) =>
    send(`/Users/${made.id}`, {
      method: 'PUT',
      body: JSON.stringify({ userName: "o'neil@acme.example", emails, active }),
    })
  expect((await put(true)).status).toBe(400)
  expect((await put(false)).status).toBe(200)
  expect(directory.roster().people).toEqual([])
  expect((await put(true)).status).toBe(400)
})

test('a body that turns out to be too large while it comes is refused, and not cut off', async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' }
    const request = httpRequest(`${server.url}/Users`, { method: 'POST', headers }, (answer) => {
      resolve(answer.statusCode)
      request.destroy()
    })
    request.on('error', reject)
    request.write(' '.repeat(maxBodyBytes + 1))
  })
  expect(status).toBe(413)
  expect(directory.journal.position()).toBe(0)
})

test('headers beyond the limit are refused before anything is read', async () => {
  const status = await new Promise((resolve, reject) => {
    httpRequest(`${server.url}/Users`, { headers: { 'x-long': 'x'.repeat(20_000) } }, (answer) =>
      resolve(answer.statusCode),
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(431)
})

test('an unfinished request changes nothing', async () => {
  const socket = connect(server.port, '127.0.0.1')
  const head = `POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`
  await new Promise<void>((resolve) => {
    socket.write(`${head}content-length: 40\r\n\r\n{"userName":"ada@acme.example"`, () =>
      setTimeout(() => {
        socket.destroy()
        resolve()
      }, 50),
    )
  })
  expect((await send('/Users')).status).toBe(200)
  expect(directory.journal.position()).toBe(0)
})

test('no secret and no query is told or kept, and the folder is its owner’s alone', async () => {
  await create('ada@acme.example')
  await send('/Users?filter=userName eq "ada@acme.example"')
  await send('/Users', {}, 'rfscim_wrong')
  expect(events).toHaveLength(3)
  const told = JSON.stringify(events)
  for (const secret of [token, 'rfscim_wrong', 'userName']) expect(told).not.toContain(secret)
  const database = join(folder, 'directory')
  expect(statSync(folder).mode & 0o077).toBe(0)
  for (const name of readdirSync(database)) {
    expect(readFileSync(join(database, name)).includes(token)).toBe(false)
    expect(statSync(join(database, name)).mode & 0o077).toBe(0)
  }
})

test('other hosts than loopback are served by TLS only', async () => {
  const options = { directory, port: 0, nowMs: () => nowMs }
  await expect(serveScim({ ...options, host: '0.0.0.0' })).rejects.toThrow('without TLS')
  const pair = generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 })
  const secure = await serveScim({ ...options, host: '0.0.0.0', tls: { cert: pair.cert, key: pair.private } })
  const status = await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    httpsRequest(
      `https://127.0.0.1:${secure.port}/scim/v2/Users`,
      { ca: pair.cert, headers, checkServerIdentity: () => undefined },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode))
      },
    )
      .on('error', reject)
      .end()
  })
  await secure.close()
  expect(status).toBe(200)
})
