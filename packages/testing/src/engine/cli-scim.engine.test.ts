import { CloudTrailClient, type Event, paginateLookupEvents } from '@aws-sdk/client-cloudtrail'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountState } from './account-state.js'
import { type CliRun, planOf, type RunningCli, startCliRun } from './cli-run.js'
import { loadedState } from './organization-run.js'

const head = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
datasets: { raw: {} }
grants: [{ to: research, can: [read, write], on: raw }]
`
/** The account in the end, by a file that names the people itself. */
const ended = planOf(`${head}members:
  ada: { email: ada@acme.example }
  grace: { email: grace@acme.example }
  radia: { email: radia@acme.example }
teams: { research: [ada, grace, radia] }
`)
const dev = ['ringfence.yaml', '--stack', 'dev']

let cli: CliRun
let token: string
let serving: RunningCli | undefined
beforeAll(async () => {
  cli = await startCliRun(`${head}members: { ada: {} }\nteams: { research: [ada] }\n`)
  await cli.declare(`${head}members: { from: scim }\n`)
  token = (await cli.run(['scim', 'token', 'create', 'ringfence.yaml', '--name', 'okta'])).stdout.trim()
})
afterAll(async () => {
  serving?.child.kill('SIGKILL')
  await cli?.close()
})

/** Starts the server; what sends a request to it as the identity provider does, and gives the id in the answer. */
async function serve() {
  serving = cli.start(['serve', 'scim', ...dev, '--port', '0'])
  const { child } = serving
  if (child.stdout === null) throw new Error('its output is not read')
  const [url] = (await once(child.stdout, 'data')) as [string]
  return async (method: string, path: string, body: object): Promise<string> => {
    const response = await fetch(url.trim() + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBeLessThan(300)
    return response.status === 204 ? '' : ((await response.json()) as { id: string }).id
  }
}

const emailOf = (name: string) => `${name}@acme.example`
const patch = (...Operations: readonly object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})

async function status() {
  const { stdout } = await cli.run(['status', 'ringfence.yaml', '--json'])
  return JSON.parse(stdout) as {
    changes: readonly { position: number; name: string; what: string }[]
    stacks: readonly { pending: number; lastRun: { result: string } }[]
  }
}

/** Who was made and deleted in the account, as its event history says: each call that was not refused. */
async function usersMadeAndDeleted(): Promise<readonly string[]> {
  const client = new CloudTrailClient({
    endpoint: cli.aws.endpoint,
    region: 'us-east-1',
    credentials: cli.aws.root,
  })
  const events: Event[] = []
  for await (const { Events } of paginateLookupEvents({ client }, {})) events.push(...(Events ?? []))
  client.destroy()
  return events
    .flatMap(({ CloudTrailEvent = '' }) => {
      const { errorCode, eventName, requestParameters } = JSON.parse(CloudTrailEvent) as {
        errorCode?: string
        eventName: string
        requestParameters?: { userName?: string }
      }
      const isAbout = errorCode === undefined && /^(Create|Delete)User$/.test(eventName)
      return isAbout ? [`${eventName} ${requestParameters?.userName}`] : []
    })
    .toSorted()
}

it('killed with kill -9 in a run, the server goes on from its journal: nothing is lost, nothing done twice', async () => {
  const tell = await serve()
  const ids: Record<string, string> = {}
  for (const name of ['ada', 'alan', 'grace'])
    ids[name] = await tell('POST', '/Users', { userName: emailOf(name), active: true })
  const team = await tell('POST', '/Groups', {
    displayName: 'research',
    members: Object.values(ids).map((value) => ({ value })),
  })
  await serving?.said(/created member\/\w+\/user/)
  // While the run is under way, one leaves and another one comes.
  await tell('PATCH', `/Users/${ids['alan']}`, patch({ op: 'Replace', value: { active: false } }))
  const radia = await tell('POST', '/Users', { userName: emailOf('radia'), active: true })
  await tell('PATCH', `/Groups/${team}`, patch({ op: 'add', path: 'members', value: [{ value: radia }] }))
  serving?.child.kill('SIGKILL')
  await serving?.ended
  expect((await status()).stacks).toMatchObject([
    { appliedPosition: 0, pending: 7, lastRun: { result: 'underWay', position: 4 } },
  ])

  await serve()
  await serving?.said(/change 7 \w+/)
  const { changes, stacks } = await status()
  expect(stacks).toMatchObject([
    { appliedPosition: 7, pending: 0, failures: 0, lastRun: { result: 'applied' } },
  ])
  expect(changes.map(({ name, position, what }) => `${position} ${name} ${what}`).toSorted()).toEqual([
    '1 ada@acme.example created',
    '2 alan@acme.example created',
    '3 grace@acme.example created',
    '4 research created',
    '5 alan@acme.example changed',
    '6 radia@acme.example created',
    '7 research changed',
  ])
  expect(await accountState(cli.aws)).toEqual(await loadedState(ended))
  const made = await usersMadeAndDeleted()
  expect(made.filter((one) => !one.endsWith('alan'))).toEqual([
    'CreateUser ada',
    'CreateUser grace',
    'CreateUser radia',
  ])
  // The run may have been cut off before it came to who has left.
  expect([[], ['CreateUser alan', 'DeleteUser alan']]).toContainEqual(
    made.filter((one) => one.endsWith('alan')),
  )
  serving?.child.kill('SIGTERM')
  expect((await serving?.ended)?.code).toBe(0)
})
