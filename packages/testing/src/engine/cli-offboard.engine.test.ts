import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import { accessAfterLeaving } from '@ringfence/check'
import type { LocalCredentials } from '@ringfence/local'
import { buildPlan, type Kept, parseDeclaration } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'
import { giveOtherCredentials } from './other-credentials.js'

const file = `# Who may do what
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: corp }
members:
  ada: {}
  bot: { kind: service, keys: { until: 2035-01-31 } } # leaves today
  fred: { signIn: federation, email: fred@acme.example }
  gil: { signIn: federation, email: gil@acme.example }
  hal: { signIn: federation, email: hal@acme.example }
  ivy: { signIn: federation, email: ivy@acme.example }
teams:
  research: [ada, bot, fred, gil, hal, ivy]
  safety: [gil]
datasets:
  raw: {}
grants:
  - { to: research, can: [read, write], on: raw }
`
const dev = ['ringfence.yaml', '--stack', 'dev']

let cli: CliRun
let root: IAM
beforeAll(async () => {
  cli = await startCliRun(file)
  root = new IAM({ endpoint: cli.aws.endpoint, region: 'us-east-1', credentials: cli.aws.root })
  expect((await cli.run(['up', ...dev, '--yes'])).code).toBe(0)
})
afterAll(async () => {
  root?.destroy()
  await cli?.close()
})

const signIn = (email: string, role = 'acme-research'): Promise<LocalCredentials> =>
  cli.aws.issueRoleSession({
    roleArn: `arn:aws:iam::111122223333:role/ringfence/acme/${role}`,
    sessionName: email.split('@')[0] ?? '',
    principal: 'arn:aws:iam::111122223333:saml-provider/corp',
    action: 'sts:AssumeRoleWithSAML',
    context: { 'SAML:aud': 'https://signin.aws.amazon.com/saml', 'SAML:sub': email },
  })

/** What AWS answers to writing into the dataset. */
async function write(credentials: LocalCredentials): Promise<string> {
  const s3 = new S3({ endpoint: cli.aws.endpoint, region: 'eu-west-1', credentials, forcePathStyle: true })
  const Bucket = 'acme-raw-111122223333'
  return s3.putObject({ Bucket, Key: 'a', Body: 'x' }).then(
    () => 'done',
    (error: Error) => error.name,
  )
}

/** Before when sessions of the team's role are refused, as its policy on AWS says. */
async function researchRevokedAt(): Promise<string> {
  const PolicyArn = 'arn:aws:iam::111122223333:policy/ringfence/acme/acme-revoked-acme-research'
  const { Policy } = await root.getPolicy({ PolicyArn })
  const { PolicyVersion } = await root.getPolicyVersion({ PolicyArn, VersionId: Policy?.DefaultVersionId })
  const document = decodeURIComponent(PolicyVersion?.Document ?? '')
  return /"aws:TokenIssueTime":"([^"]+)"/.exec(document)?.[1] ?? 'none'
}

const written = () => readFile(join(cli.engine.folder, 'work/ringfence.yaml'), 'utf8')
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 2100))

it('ends the access of a user: old keys are refused, the file and the stack agree, and nothing is drift', async () => {
  const key = await cli.aws.issueUserKey('bot')
  await giveOtherCredentials(root, 'bot')
  expect(await write(key)).toBe('done')
  const shown = await cli.run(['offboard', 'bot', ...dev, '--dry-run'])
  expect([shown.code, shown.stdout]).toEqual([
    0,
    expect.stringContaining('\nNothing was changed: a dry run.\n'),
  ])
  expect(await write(key)).toBe('done')
  const asked = await cli.run(['offboard', 'bot', ...dev])
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('error[CONFIRMATION_MISSING]')])
  const { code, stdout, stderr } = await cli.run(['offboard', 'bot', ...dev, '--yes'])
  expect([code, stderr, stdout]).toEqual([
    0,
    expect.stringContaining(`done: deactivate access key ${key.accessKeyId}\n`),
    expect.stringContaining('\nDone: bot has left\n'),
  ])
  expect(await write(key)).toBe('InvalidAccessKeyId')
  expect(await written()).toBe(
    file
      .replace('  bot: { kind: service, keys: { until: 2035-01-31 } } # leaves today\n', '')
      .replace('[ada, bot, fred, gil, hal, ivy]', '[ada, fred, gil, hal, ivy]'),
  )
  for (const kind of ['SSH public key APKA', 'service-specific credential ACCA', 'signing certificate '])
    expect(stderr).toContain(`done: delete ${kind}`)
  await expect(root.getUser({ UserName: 'bot' })).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  const left = await root.listServiceSpecificCredentials({ AllUsers: true })
  expect(left.ServiceSpecificCredentials).toEqual([])
  expect((await cli.run(['preview', ...dev, '--expect-no-changes'])).code).toBe(0)
  expect((await cli.run(['drift', ...dev])).code).toBe(0)
  const again = await cli.run(['offboard', 'bot', ...dev, '--yes'])
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('error[MEMBER_UNKNOWN]')])
})

it('refuses the live sessions of a federated member, and lets those who stay sign in again', async () => {
  const [fred, gil] = [await signIn('fred@acme.example'), await signIn('gil@acme.example')]
  expect([await write(fred), await write(gil)]).toEqual(['done', 'done'])
  const { code, stdout, stderr } = await cli.run(['offboard', 'fred', ...dev, '--yes', '--json'])
  expect([code, stderr]).toEqual([0, expect.any(String)])
  expect(JSON.parse(stdout)).toMatchObject({
    member: 'fred',
    revoked: ['acme-research'],
    result: 'succeeded',
    file: { byHand: [] },
  })
  expect([await write(fred), await write(gil)]).toEqual(['AccessDenied', 'AccessDenied'])
  await expect(signIn('fred@acme.example')).rejects.toThrow(/not authorized/)
  await aSecond()
  expect(await write(await signIn('gil@acme.example'))).toBe('done')
  expect((await root.listRolePolicies({ RoleName: 'acme-research' })).PolicyNames).toEqual([])
  expect((await cli.run(['preview', ...dev, '--expect-no-changes'])).code).toBe(0)
  expect((await cli.run(['drift', ...dev])).code).toBe(0)
})

it('proves that nothing is allowed to who has left, under the plan that is deployed', async () => {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text: await written(), nowMs: Date.now() })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  const revokedAt = await researchRevokedAt()
  const kept = { accessKeys: {}, revocations: { 'acme-research': revokedAt } }
  const plan = buildPlan(declaration.value, {}, kept)
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics))
  const left = { user: 'fred', sessions: [{ role: 'acme-research', issuedBefore: revokedAt }] }
  const options = { catalogue: await loadActionCatalogue(), cache: new Map(), nowMs: Date.now() }
  expect(accessAfterLeaving(plan.value, left, options)).toEqual([])
})

it('an ordinary update takes the sessions of a mover along', async () => {
  const old = await signIn('gil@acme.example')
  expect(await write(old)).toBe('done')
  await cli.declare((await written()).replace('[ada, gil, hal, ivy]', '[ada, hal, ivy]'))
  const { code } = await cli.run(['up', ...dev, '--yes'])
  expect([code, await write(old)]).toEqual([0, 'AccessDenied'])
  await expect(signIn('gil@acme.example')).rejects.toThrow()
  expect(await write(await signIn('gil@acme.example', 'acme-safety'))).toBe('AccessDenied')
  expect((await cli.run(['preview', ...dev, '--expect-no-changes'])).code).toBe(0)
})

/** Of whom the stack says that their sessions are not refused for certain; undefined while that is written. */
async function leaving(): Promise<unknown> {
  const path = join(cli.engine.folder, 'state/.pulumi/stacks/ringfence-acme/dev.json')
  try {
    const { checkpoint } = JSON.parse(await readFile(path, 'utf8')) as {
      checkpoint: { latest: { resources: { type: string; inputs?: { input?: Partial<Kept> } }[] } }
    }
    return checkpoint.latest.resources.find(({ type }) => type === 'pulumi:index:Stash')?.inputs?.input
      ?.leaving
  } catch {
    return undefined
  }
}

it('killed in the first of the two runs of a revocation, the next update revokes again', async () => {
  const old = await signIn('hal@acme.example')
  const before = await researchRevokedAt()
  const moved = (await written()).replace('[ada, hal, ivy]', '[ada, ivy]')
  await cli.declare(moved.replace('safety: [gil]', 'safety: [gil, hal]'))
  const { child, ended } = cli.start(['up', ...dev, '--yes'])
  while ((await researchRevokedAt()) === before && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 2))
  expect(child.exitCode).toBe(null)
  // A Pulumi that is there yet ends by itself, and the next update waits for it.
  child.kill('SIGKILL')
  await ended
  const subjects = { 'SAML:sub': ['hal@acme.example'] }
  const hal = { 'acme-research': { members: ['hal'], subjects } }
  expect([await leaving(), await write(old)]).toEqual([hal, 'AccessDenied'])
  // Let in once more before the trust changed, or not any more.
  const late = await signIn('hal@acme.example').catch(() => undefined)
  expect(late === undefined ? 'AccessDenied' : await write(late)).toBe('AccessDenied')
  const first = await researchRevokedAt()
  const next = await cli.run(['up', ...dev, '--yes'])
  expect([next.code, await leaving(), await write(old)]).toEqual([0, undefined, 'AccessDenied'])
  expect((await researchRevokedAt()) > first).toBe(true)
})

it('ends the access of somebody on a roster, and says which row would give it again', async () => {
  const rows = ['ada,,user,research', 'ivy,ivy@acme.example,federation,research']
  const writeRoster = (people: readonly string[]) =>
    writeFile(
      join(cli.engine.folder, 'work/roster.csv'),
      ['name,email,signIn,teams', ...people, ''].join('\n'),
    )
  await writeRoster(rows)
  const withRoster = (await written())
    .replace('  ada: {}\n', '  from: roster.csv\n')
    .replace(/^ {2}ivy: .*\n/m, '')
    .replace('[ada, ivy]', '[]')
  await cli.declare(withRoster)
  const key = await cli.aws.issueUserKey('ada')
  expect(await write(key)).toBe('done')
  const { code, stderr, stdout } = await cli.run(['offboard', 'ada', ...dev, '--yes'])
  expect([code, stderr, stdout]).toEqual([
    0,
    expect.stringContaining(`done: deactivate access key ${key.accessKeyId}\n`),
    expect.stringMatching(
      /^to do: take ada out of the roster: roster\.csv:2; until then the next update gives the access again$/m,
    ),
  ])
  expect([await write(key), await written()]).toEqual(['InvalidAccessKeyId', withRoster])
  await expect(root.getUser({ UserName: 'ada' })).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  await writeRoster(rows.slice(1))
  expect((await cli.run(['preview', ...dev, '--expect-no-changes'])).code).toBe(0)
})
