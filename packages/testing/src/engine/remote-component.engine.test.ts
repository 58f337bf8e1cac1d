import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Provider } from '@pulumi/aws/provider.js'
import * as pulumi from '@pulumi/pulumi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAdministrator } from './administrator.js'
import { type EngineRun, startEngineRun } from './engine-run.js'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const place = { account: '111122223333', region: 'eu-west-1', administrators: ['user/deployer'] }
const bot = 'arn:aws:iam::111122223333:user/ringfence/remote/bot'
const dataset = {
  ...place,
  organization: 'remote',
  encryption: 'kms',
  access: [{ principals: [bot], can: ['read'] }],
}
const member = {
  ...place,
  organization: 'remote',
  kind: 'service',
  keysUntil: '2035-01-31',
  datasets: [{ dataset: 'corpus', bucket: 'remote-corpus-111122223333', can: ['read'], encryption: 'kms' }],
}

let run: EngineRun
beforeAll(async () => {
  process.env['PATH'] = `${join(root, 'packages', 'pulumi', 'bin')}:${process.env['PATH'] ?? ''}`
  run = await startEngineRun({ deployAs: (aws) => makeAdministrator(aws, 'deployer') })
})
afterAll(async () => {
  await run?.close()
})

/** A component as programs have it that know nothing of its code: by type and values, with the outputs by name. */
class Remote extends pulumi.ComponentResource {
  constructor(
    type: string,
    name: string,
    args: Record<string, unknown>,
    outputs: readonly string[],
    provider: Provider,
  ) {
    const unset = Object.fromEntries(outputs.map((output) => [output, undefined]))
    super(`ringfence:index:${type}`, name, { ...args, ...unset }, { providers: { aws: provider } }, true)
  }

  output(name: string): pulumi.Output<unknown> {
    return (this as unknown as Record<string, pulumi.Output<unknown>>)[name] ?? pulumi.output(undefined)
  }
}

test('the engine reads the schema from the executable', () => {
  const schema = execFileSync(
    'pulumi',
    ['package', 'get-schema', join(root, 'packages', 'pulumi', 'bin', 'pulumi-resource-ringfence')],
    { env: { ...process.env, ...run.environment }, encoding: 'utf8' },
  )
  expect(Object.keys((JSON.parse(schema) as { resources: object }).resources)).toHaveLength(7)
})

test('a Node program deploys remote components, and takes them down', async () => {
  const stack = await run.stack(async () => {
    const aws = new Provider('aws', run.providerArgs)
    const corpus = new Remote('PrivateDataset', 'corpus', dataset, ['bucketName', 'keyArn'], aws)
    const user = new Remote('ProvisionedMember', 'bot', member, ['userName', 'secretAccessKey'], aws)
    return {
      bucketName: corpus.output('bucketName'),
      keyArn: corpus.output('keyArn'),
      userName: user.output('userName'),
      secretAccessKey: user.output('secretAccessKey'),
    }
  }, 'node')
  const { outputs } = await stack.up()
  expect(outputs).toMatchObject({ bucketName: 'remote-corpus-111122223333', userName: 'bot' })
  expect(outputs['keyArn']).toMatch(/^arn:aws:kms:eu-west-1:111122223333:key\//)
  const secret = String(outputs['secretAccessKey'])
  expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/)
  expect((await stack.stack.outputs())['secretAccessKey']?.secret).toBe(true)
  expect(stateOf(run.folder)).not.toContain(secret)
  const again = await stack.up()
  expect(Object.keys(again.changes)).toEqual(['same'])
  await stack.destroy()
  const left = await stack.stack.exportStack()
  expect((left.deployment as { resources?: unknown[] }).resources ?? []).toEqual([])
})

test('what is wrong is told in terms of the arguments, without a stack', async () => {
  const stack = await run.stack(async () => {
    const aws = new Provider('aws', run.providerArgs)
    return { x: new Remote('PrivateDataset', 'd', { ...dataset, encryption: 'rot13' }, [], aws).urn }
  }, 'wrong')
  const failure = await stack.up().then(
    () => 'it ran through',
    (error: unknown) => String(error),
  )
  expect(failure).toMatch(/error\[VALUE_UNKNOWN\]: "rot13" is not known .*\(argument "encryption"\)/)
  expect(failure).not.toMatch(/at new PrivateDataset|at planPiece/)
})

test('a Python program deploys remote components, and takes them down', async () => {
  const folder = execFileSync('bash', [join(root, 'scripts', 'install-python-pulumi.sh')], {
    encoding: 'utf8',
  })
  const answer = await python(join(folder.trim(), 'bin', 'python'), {
    workDir: join(run.folder, 'work'),
    provider: run.providerArgs,
    member,
    organization: {
      declaration: {
        organization: 'snakes',
        ...place,
        members: { ada: {} },
        datasets: { corpus: { destroyWithObjects: true } },
        grants: [{ to: 'ada', can: 'read', on: 'corpus' }],
      },
    },
  })
  expect(answer).toEqual({
    outputs: {
      bucket_names: { corpus: 'snakes-corpus-111122223333' },
      user_name: 'bot',
      secret_is_secret: true,
    },
    second: ['same'],
    left: 0,
  })
})

/** All that the engine keeps, as it lies on disk. */
function stateOf(folder: string): string {
  const files = readdirSync(join(folder, 'state'), { recursive: true, withFileTypes: true })
  const texts = files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
  expect(texts.join('')).toContain('remote-corpus-111122223333')
  return texts.join('\n')
}

/** Runs the Python program beside this; its input and answer are JSON. */
function python(executable: string, input: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [join(import.meta.dirname, 'remote_component.py')], {
      env: { ...process.env, ...run.environment },
    })
    let out = ''
    let log = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out))
      else reject(new Error(`Python ended with ${code}:\n${log}`))
    })
    child.stdin.end(JSON.stringify(input))
  })
}
