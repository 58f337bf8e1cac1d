import { constants } from 'node:fs'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type CommandRunner, findPulumi } from './pulumi-command.js'
import { translateError } from './translate-error.js'

/** What of Pulumi is there. Each part is there or an error that says what to do. */
export interface PulumiInspection {
  readonly version: string
  readonly path: string | undefined
  /** Pulumi's AWS provider: on PATH, or as an installed plugin. */
  readonly plugin: { readonly version?: string; readonly path?: string } | undefined
  readonly backend: { readonly url: string; readonly user: string } | { readonly error: unknown }
}

/** Looks for the CLI, the AWS provider and the backend. Rejects with `DeployError` without a CLI that will do. */
export async function inspectPulumi(env: Readonly<Record<string, string>>): Promise<PulumiInspection> {
  const command = await findPulumi(env)
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-pulumi-'))
  const ask = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout } = await (command as unknown as CommandRunner).run(args, folder, {})
    return JSON.parse(stdout)
  }
  try {
    const [plugin, backend] = await Promise.all([
      findPlugin(env, () => ask('plugin', 'ls', '--json')),
      ask('whoami', '--json').then(
        (answer) => answer as { url: string; user: string },
        (error: unknown) => ({ error: translateError(error, { stack: '', failures: [], cancelled: false }) }),
      ),
    ])
    return { version: command.version?.version ?? '', path: await findOnPath('pulumi', env), plugin, backend }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function findPlugin(
  env: Readonly<Record<string, string>>,
  list: () => Promise<unknown>,
): Promise<PulumiInspection['plugin']> {
  const path = await findOnPath('pulumi-resource-aws', env)
  if (path !== undefined) return { path }
  const plugins = (await list()) as readonly { name?: string; kind?: string; version?: string }[]
  const installed = plugins.find(({ name, kind }) => name === 'aws' && kind === 'resource')
  if (installed === undefined) return undefined
  return installed.version === undefined ? {} : { version: installed.version }
}

async function findOnPath(name: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    if (folder !== '' && (await isExecutable(path))) return path
  }
  return undefined
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
