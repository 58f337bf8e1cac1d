import type { LocalCredentials } from '@ringfence/local'
import type { Actor } from './actor.js'
import type { OpenRehearsal } from './rehearse.js'

/**
 * The lines that make the `aws` CLI and any SDK speak to the local AWS, as the account's root or as `actor`,
 * and a command to try them with.
 */
export async function printExports(
  { local, desk, setting }: OpenRehearsal,
  actor: Actor | undefined,
): Promise<string> {
  const issued = actor === undefined ? local.root : await desk.of(actor)
  const credentials: LocalCredentials | undefined = issued === 'anonymous' ? undefined : issued
  const lines = [
    ['AWS_ENDPOINT_URL', local.endpoint],
    ['AWS_REGION', local.region],
    ['AWS_DEFAULT_REGION', local.region],
    ['AWS_ACCESS_KEY_ID', credentials?.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', credentials?.secretAccessKey],
    ['AWS_SESSION_TOKEN', credentials?.sessionToken],
  ]
  const exports = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`export ${name}=${quote(value)}`],
  )
  const unset = credentials?.sessionToken === undefined ? ['unset AWS_SESSION_TOKEN'] : []
  return `${[...exports, ...unset, `# Try: ${tryCommand(setting, actor)}`].join('\n')}\n`
}

/** Root may list the buckets; a member the first prefix that the file lets them read. */
function tryCommand({ declaration }: OpenRehearsal['setting'], actor: Actor | undefined): string {
  if (actor?.kind !== 'member') return 'aws s3 ls'
  const teams =
    actor.signIn === 'federation'
      ? [actor.team]
      : declaration.teams.filter(({ members }) => members.includes(actor.name)).map(({ name }) => name)
  const grant = declaration.grants.find(
    ({ to, can }) =>
      (to.kind === 'team' ? teams.includes(to.name) : to.name === actor.name) && can.includes('read'),
  )
  const store = declaration.stores.find(({ kind, name }) => kind === grant?.on.kind && name === grant.on.name)
  return store === undefined
    ? 'aws sts get-caller-identity'
    : `aws s3 ls s3://${store.bucket}/${grant?.under ?? ''}`
}

function quote(value: string): string {
  return /^[A-Za-z0-9_.,:/@+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
