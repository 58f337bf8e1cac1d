import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCliRun, type CliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'

const bot = 'bot: { kind: service, keys: { until: 2035-01-31 } }'
const before = declareOrganization({
  members: ['ada: {}', 'ben: {}', bot],
  team: ['ada', 'ben', 'bot'],
  datasets: ['raw: { destroyWithObjects: true }', 'kept: {}'],
})
const after = declareOrganization({
  members: ['ada: {}', bot, 'cleo: {}'],
  team: ['ada', 'bot', 'cleo'],
  datasets: ['raw: { destroyWithObjects: true }', 'kept: {}'],
})
const dev = ['ringfence.yaml', '--stack', 'dev']

let cli: CliRun
beforeAll(async () => {
  cli = await startCliRun(before)
})
afterAll(async () => {
  await cli?.close()
})

const users = async () =>
  (JSON.parse((await cli.run(['outputs', ...dev, '--json'])).stdout) as { outputs: { userNames: object } })
    .outputs.userNames

describe('the life of a stack', () => {
  it('preview shows a stack that does not exist as new, and leaves none behind', async () => {
    const { code, stdout } = await cli.run(['preview', ...dev])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^acme in account 111122223333, eu-west-1, stack dev \(new\)\n\nAccess: 3 members gain\n/,
    )
    expect(stdout).toMatch(
      /\n {2}ada, ben\n {4}\+ read, write {2}dataset kept\n {4}\+ read, write {2}dataset raw\n/,
    )
    expect(stdout).toMatch(/\n {2}\+ member\/ben\/user {2}iam\.User ben\n/)
    const again = await cli.run(['preview', ...dev, '--expect-no-changes', '--json'])
    expect(again.code).toBe(7)
    expect(JSON.parse(again.stdout)).toMatchObject({ formatVersion: 1, stack: 'dev', new: true })
    for (const command of ['refresh', 'outputs']) {
      const { code: missing, stderr } = await cli.run([command, ...dev])
      expect([missing, stderr.split('\n')[0]]).toEqual([
        6,
        'error[STACK_NOT_FOUND]: there is no stack dev of ringfence-acme',
      ])
    }
  })

  it('up wants --yes without a terminal, before anything happens', async () => {
    const { code, stderr } = await cli.run(['up', ...dev])
    expect([code, stderr]).toEqual([2, expect.stringContaining('error[CONFIRMATION_MISSING]')])
  })

  it('up makes the stack, and a second one changes nothing', async () => {
    const { code, stdout, stderr } = await cli.run(['up', ...dev, '--yes'])
    expect([code, stderr]).toEqual([0, expect.stringContaining('created member/ada/user  iam.User ada\n')])
    expect(stdout).toMatch(/\nDone: \d+ created\n$/)
    const second = await cli.run(['up', ...dev, '--yes', '--expect-no-changes', '--json'])
    expect([second.code, second.stderr]).toEqual([0, ''])
    expect(JSON.parse(second.stdout)).toMatchObject({ access: [], resources: [], result: 'succeeded' })
  })

  it('a change of the file is shown as a change of access, refused if none was expected, and made', async () => {
    await cli.declare(after)
    const refused = await cli.run(['up', ...dev, '--yes', '--expect-no-changes'])
    expect(refused.code).toBe(7)
    expect(await users()).toHaveProperty('ben')
    const { code, stdout } = await cli.run(['up', ...dev, '--yes', '--json'])
    expect(code).toBe(0)
    const document = JSON.parse(stdout) as { access: { who: string; change: string }[]; summary: object }
    expect([...new Set(document.access.map(({ who, change }) => `${who} ${change}`))]).toEqual([
      'member/ben loses',
      'member/cleo gains',
    ])
    expect(document.summary).toMatchObject({ replace: 0 })
    expect(Object.keys(await users())).toEqual(['ada', 'bot', 'cleo'])
  })

  it('outputs keep secrets, and show none without a terminal', async () => {
    const hidden = await cli.run(['outputs', ...dev])
    expect(hidden.stdout).toMatch(/^secretAccessKeys: \[secret\]$/m)
    expect(hidden.stdout).toMatch(/^bucketNames:\n {2}kept: acme-kept-111122223333\n/m)
    const refused = await cli.run(['outputs', ...dev, '--show-secrets', '--json'])
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('error[TERMINAL_MISSING]')
    const { secretAccessKeys } = await cli.revealOutputs<{ secretAccessKeys: { bot: string } }>()
    const secret = secretAccessKeys.bot
    expect(secret).toMatch(/^[A-Za-z0-9/+]{40}$/)
    for (const text of [hidden.stdout, refused.stderr]) expect(text).not.toContain(secret)
    expect(filesHolding(join(cli.engine.folder, 'state'), secret)).toEqual([])
  })

  it('destroy refuses a dataset that holds objects, by name, before anything happens', async () => {
    const bucket = 'acme-kept-111122223333'
    const object = { bucket, key: 'a', body: new TextEncoder().encode('kept') }
    await cli.aws.putObject(object)
    await cli.aws.putObject({ ...object, bucket: 'acme-raw-111122223333' })
    const { code, stdout, stderr } = await cli.run(['destroy', ...dev, '--yes'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^error\[STORE_NOT_EMPTY\]: dataset\/kept: there are objects in it, or old versions of some\n {2}Try: empty it, or write `destroyWithObjects: true`/,
    )
    expect((await cli.run(['up', ...dev, '--yes', '--expect-no-changes'])).code).toBe(0)
    await cli.declare(after.replace('kept: {}', 'kept: { destroyWithObjects: true }'))
    expect((await cli.run(['up', ...dev, '--yes'])).code).toBe(0)
  })

  it('destroy takes all of it down, and the stack', async () => {
    const { code, stdout, stderr } = await cli.run(['destroy', ...dev, '--yes'])
    expect([code, stderr]).toEqual([0, expect.stringContaining('deleted member/ada/user  iam.User ada\n')])
    expect(stdout).toMatch(/\nAccess: 3 members lose\n/)
    expect((await cli.run(['destroy', ...dev, '--yes'])).code).toBe(6)
  })
})

/** Files below a folder that hold a text. */
function filesHolding(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'utf8').includes(text))
}
