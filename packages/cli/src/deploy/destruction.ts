import { diffAccess, type AccessSummary } from '@ringfence/plan'
import type { ResourceChange, StackState } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { describeResource, describeStack, printStack } from './preview-stack.js'
import { countChanges } from './print-resources.js'
import { printAccessChange } from './print-access.js'
import type { Session } from './session.js'
import type { StoredObjects } from './stored-objects.js'

/** Refuses to destroy what holds objects, before anything happens; AWS would refuse half way through. */
export function refuseFilledStores({ filled }: StoredObjects): void {
  if (filled.length === 0) return
  throw new CliError(
    'STORE_NOT_EMPTY',
    `${filled.join(', ')}: there are objects in it, or old versions of some`,
    {
      hint: 'empty it, or write `destroyWithObjects: true` there and run `ringfence up` before',
      exitCode: exitCode.usage,
    },
  )
}

/** What everybody loses, how many resources go, and of which buckets nobody can see whether they are empty. */
export async function printDestruction(
  session: Session,
  state: StackState,
  { unseen }: StoredObjects,
  io: Io,
): Promise<string> {
  const { outputsOf } = await import('@ringfence/pulumi/deploy')
  const colors = colorsOf(io.stdout)
  const kept = outputsOf(state)['access']
  const before = kept?.secret === false ? (kept.value as AccessSummary) : undefined
  const after: AccessSummary = { members: {}, teams: {}, grants: [] }
  const resources = (state.deployment.resources ?? []).filter(({ type }) => type.startsWith('aws:'))
  const blind =
    unseen.length === 0
      ? ''
      : `${colors.yellow('note')}: AWS does not let you see whether ${unseen.join(', ')} is empty. ` +
        'Buckets go first; AWS refuses one that holds objects, and then everything else stays as it is.\n'
  return [
    `${printStack(session, colors)}\n\n`,
    printAccessChange(diffAccess(before, after), before, after, colors),
    `\n${colors.bold('Resources')}: ${count(resources.length, 'resource')} to delete\n${blind}`,
  ].join('')
}

/** URNs of the buckets in the stack that must be empty to be deleted. */
export function keptBuckets({ state }: Pick<Session, 'state'>): readonly string[] {
  return (state?.deployment.resources ?? [])
    .filter(({ type, inputs }) => type === 'aws:s3/bucket:Bucket' && inputs?.['forceDestroy'] !== true)
    .map(({ urn }) => urn)
}

/** One line of JSON. */
export function describeDestruction(session: Session, done: readonly ResourceChange[]): string {
  const resources = done.map(describeResource).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return `${JSON.stringify({ ...describeStack(session), resources, summary: countChanges(done), result: 'succeeded' })}\n`
}
