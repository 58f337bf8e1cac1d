import { awsCommand, checkPlan, type Refutation } from '@ringfence/check'
import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import { buildPlan, parseDeclaration, type Declaration, type Plan } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { expect, test } from 'vitest'
import { runClient } from './client-run.js'

const text = `
organization: lab
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { ada: {}, grace: {} }
teams: { research: [ada, grace] }
datasets: { corpus: {}, logs: {} }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/ }
  - { to: grace, can: [read, delete], on: logs }
`
const declaration = declare()
const catalogue = await loadActionCatalogue()
const BUCKET = 'lab-corpus-111122223333'

function declare(): Declaration {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 0, 1) })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  return parsed.value
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** The plan with faults: what `change` makes of each statement that has one of these Sids; undefined drops it. */
function faulty(sids: readonly string[], change: (statement: Json) => Json | undefined): Plan {
  const built = buildPlan(declaration)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  let changed = 0
  const walk = (value: Json): Json => {
    if (Array.isArray(value))
      return value.flatMap((item: Json) => {
        const sid = typeof item === 'object' && item !== null && 'Sid' in item ? String(item['Sid']) : ''
        if (!sids.includes(sid)) return [walk(item)]
        changed++
        const made = change(item)
        return made === undefined ? [] : [made]
      })
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]))
  }
  const plan = walk(built.value as unknown as Json) as unknown as Plan
  expect(changed).toBeGreaterThan(0)
  return plan
}

const dropped = (...sids: string[]): Plan => faulty(sids, () => undefined)
const rewritten = (sids: string[], from: string, to: string): Plan =>
  faulty(sids, (statement) => JSON.parse(JSON.stringify(statement).replaceAll(from, to)) as Json)

const faults: readonly (readonly [string, () => Plan, RegExp, 'allow' | 'refuse'])[] = [
  ['anybody of the account reads', () => dropped('ReadersOnly'), /^s3:(Get|List)/i, 'allow'],
  ['anybody of the account writes', () => dropped('WritersOnly'), /^s3:PutObject$/i, 'allow'],
  ['anybody of the account deletes', () => dropped('DeletersOnly'), /^s3:DeleteObject/i, 'allow'],
  ['plain HTTP', () => dropped('TlsOnly'), /^s3:/, 'allow'],
  [
    'a prefix without its slash',
    () =>
      rewritten(
        ['ReadersOnlyUnderPrefix', 'ReadWriteCorpusUnderRaw', 'WritersOnlyUnderPrefix'],
        'raw/*',
        'raw*',
      ),
    /^s3:(Get|Put)Object/i,
    'allow',
  ],
  ['a grant that is lost', () => dropped('ReadWriteCorpusUnderRaw'), /^s3:(Get|Put)Object/i, 'refuse'],
  [
    'a grant that a Deny takes back',
    () => rewritten(['ReadersOnly'], '"arn:aws:iam::111122223333:user/ringfence/lab/ada"', '"x"'),
    /^s3:GetObject$/i,
    'refuse',
  ],
]

test.each(faults)('%s: the real client is answered as the proof says', async (_, make, action, expected) => {
  const plan = make()
  const refutations = checkPlan(declaration, plan, { catalogue }).findings.flatMap(({ answer }) =>
    answer.proof === 'refuted' ? [answer.refutation] : [],
  )
  const decision = expected === 'allow' ? ['allow'] : ['implicitDeny', 'explicitDeny']
  const replayable = refutations.filter(
    ({ decision: decided, request }) =>
      decision.includes(decided) &&
      action.test(request.action) &&
      /:user\/|^anonymous$/.test(request.principal) &&
      awsCommand(request, 'eu-west-1').command !== undefined,
  )
  expect(replayable.length, JSON.stringify(refutations.map(({ request }) => request))).toBeGreaterThan(0)
  const aws = await startLocalAws({ account: plan.account, region: plan.region, plainPort: 0 })
  try {
    await aws.loadExternal(plan)
    await aws.load(plan)
    // A user has two keys at most.
    const keys = new Map<string, Promise<LocalCredentials | 'anonymous'>>()
    for (const refutation of replayable.slice(0, 3)) await replay(aws, refutation, expected, keys)
  } finally {
    await aws.close()
  }
})

async function replay(
  aws: LocalAws,
  { request }: Refutation,
  expected: 'allow' | 'refuse',
  keys: Map<string, Promise<LocalCredentials | 'anonymous'>>,
): Promise<void> {
  const [, bucket = BUCKET, key] = /^arn:aws:s3:::([^/]+)(?:\/(.*))?$/s.exec(request.resource) ?? []
  if (key) await aws.putObject({ bucket, key, body: new TextEncoder().encode('data') })
  const { command = '' } = awsCommand(request, 'eu-west-1')
  const sent = command.replace(/http:\/\/s3\.[a-z0-9-]+\.amazonaws\.com/, aws.plainEndpoint)
  const own = keys.get(request.principal) ?? credentialsOf(aws, request)
  keys.set(request.principal, own)
  const { status, stderr } = await runClient('bash', ['-c', sent], aws, await own)
  const refused = /AccessDenied|\(403\)|Forbidden/.test(stderr)
  expect([sent, refused, status === 0], stderr).toEqual([sent, expected === 'refuse', expected === 'allow'])
}

/** Whoever is not in the plan is made, with every permission that an identity policy can give. */
async function credentialsOf(
  aws: LocalAws,
  { principal }: Refutation['request'],
): Promise<LocalCredentials | 'anonymous'> {
  if (principal === 'anonymous') return 'anonymous'
  const [, account, path = '', name = ''] =
    /^arn:aws:iam::(\d{12}):user\/(.*\/)?([^/]+)$/.exec(principal) ?? []
  expect(account).toBe(aws.account)
  if (!path.startsWith('ringfence/')) {
    const all = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
    for (const command of [
      ['iam', 'create-user', '--user-name', name, '--path', `/${path}`],
      [
        'iam',
        'put-user-policy',
        '--user-name',
        name,
        '--policy-name',
        'all',
        '--policy-document',
        JSON.stringify(all),
      ],
    ])
      await runClient('aws', command, aws, aws.root)
  }
  return aws.issueUserKey(name)
}
