import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Variables that name files, and that Pulumi or AWS's clients would read from the folder that they run in. */
const pathVariables = [
  'PULUMI_HOME',
  'PULUMI_CONFIG_PASSPHRASE_FILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CA_BUNDLE',
]

/**
 * The environment for Pulumi, which runs in a folder of its own: what is relative to `cwd` becomes absolute, also
 * in a backend such as `file://state`. A stack's settings are taken from its state, where a file beside the
 * program would otherwise have to keep them.
 */
export function pulumiEnvironment(env: Environment, cwd: string): Readonly<Record<string, string>> {
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined) result[name] = value
  for (const name of pathVariables) {
    const value = result[name]
    if (value !== undefined && value !== '' && !value.startsWith('~')) result[name] = resolve(cwd, value)
  }
  const backend = result['PULUMI_BACKEND_URL']
  const folder = backend === undefined ? undefined : fileBackend(backend, cwd)
  if (folder !== undefined) result['PULUMI_BACKEND_URL'] = `file://${folder}`
  return {
    ...result,
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: 'true',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
}

/** The folder of a `file://` backend, absolute; undefined for any other. `~` is the home folder, as for Pulumi. */
export function fileBackend(url: string, cwd: string): string | undefined {
  if (!url.startsWith('file://')) return undefined
  const [path = ''] = url.slice('file://'.length).split('?')
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1))
  return resolve(cwd, path)
}

/** The backend that Pulumi is going to use: of the environment, else the one of the last `pulumi login`. */
export async function currentBackend(env: Environment): Promise<string | undefined> {
  const set = env['PULUMI_BACKEND_URL']
  if (set !== undefined && set !== '') return set
  const home = env['PULUMI_HOME'] ?? join(homedir(), '.pulumi')
  try {
    const { current } = JSON.parse(await readFile(join(home, 'credentials.json'), 'utf8')) as {
      readonly current?: unknown
    }
    return typeof current === 'string' && current !== '' ? current : undefined
  } catch {
    // No file, or none that can be read: nobody has logged in.
    return undefined
  }
}
