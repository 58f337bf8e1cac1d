import { printExports } from '../shell-exports.js'
import type { Actor } from './actor.js'
import type { OpenRehearsal } from './rehearse.js'

/**
 * Lines for a shell, after which every AWS client talks to the local AWS as the account's root or as `actor`,
 * and a command to try them with.
 */
export async function printAccess(open: OpenRehearsal, actor: Actor | undefined): Promise<string> {
  const { local, desk, setting } = open
  const credentials = actor === undefined ? local.root : await desk.of(actor)
  if (credentials === 'anonymous') return ''
  return `${printExports(local, credentials)}# Try: ${tryCommand(setting, actor)}\n`
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
