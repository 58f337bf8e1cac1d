import { type AccessChange, type AccessSummary, diffAccess } from '@ringfence/plan'
import type { DeployEvent, ResourceChange, StackState } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import { type Colors, colorsOf } from '../output/color.js'
import { printAccessChange } from './print-access.js'
import { countChanges, printCounts, printResources } from './print-resources.js'
import { createDeployProgress } from './progress-lines.js'
import type { Session } from './session.js'
import type { DeployWorld } from './world.js'

/** What an update would do. */
export interface StackPreview {
  readonly isNew: boolean
  readonly accessBefore: AccessSummary | undefined
  readonly access: readonly AccessChange[]
  /** Without providers: their settings are ringfence's own. */
  readonly resources: readonly ResourceChange[]
  /** How many resources of the stack stay as they are. */
  readonly unchanged: number
}

/** Compares the file with the stack; a stack that does not exist is compared as an empty one, and not made. */
export async function previewStack(session: Session, io: Io, world: DeployWorld): Promise<StackPreview> {
  const { deployment, plan, settings, state } = session
  const { outputsOf } = await import('@ringfence/pulumi/deploy')
  const kept = state === undefined ? undefined : outputsOf(state)['access']
  const accessBefore = kept?.secret === false ? (kept.value as AccessSummary) : undefined
  const resources: ResourceChange[] = []
  const progress = createDeployProgress(io.stderr, io.nowMs, undefined)
  const onEvent = (event: DeployEvent): void => {
    if (event.kind === 'planned' && !event.resource.provider) resources.push(event.resource)
    progress.onEvent(event)
  }
  const compared = state === undefined ? await world.openScratch(settings) : deployment
  try {
    await compared.preview({ onEvent, signal: io.signal })
  } finally {
    progress.end()
    if (compared !== deployment) await compared.close()
  }
  return {
    isNew: state === undefined,
    accessBefore,
    access: diffAccess(accessBefore, plan.access),
    resources: resources.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    unchanged: countUnchanged(state, resources),
  }
}

function countUnchanged(state: StackState | undefined, changes: readonly ResourceChange[]): number {
  const changed = new Set(changes.map(({ urn }) => urn))
  const same = (state?.deployment.resources ?? []).flatMap(({ type, urn }) =>
    type.startsWith('aws:') && !changed.has(urn) ? [urn] : [],
  )
  // What is replaced can be there twice under one URN.
  return new Set(same).size
}

/** For people: the change of access first, then the resources. */
export function printPreview(session: Session, preview: StackPreview, io: Io): string {
  const colors = colorsOf(io.stdout)
  const { accessBefore, access, resources, unchanged } = preview
  const changes = printCounts(countChanges(resources), (kind) => `to ${kind}`)
  const counts = unchanged > 0 ? `${changes}, ${unchanged} unchanged` : changes
  return [
    `${printStack(session, colors)}${preview.isNew ? ' (new)' : ''}\n\n`,
    printAccessChange(access, accessBefore, session.plan.access, colors),
    `\n${colors.bold('Resources')}: ${counts}\n`,
    printResources(resources, colors),
  ].join('')
}

/** `acme in account 111122223333, eu-west-1, stack dev` */
export function printStack({ plan, settings }: Session, colors: Colors): string {
  const { organization, account, region } = plan
  return `${colors.bold(organization)} in account ${account}, ${region}, stack ${colors.bold(settings.stack)}`
}

/** What every document of `--json` starts with. */
export function describeStack({ plan, settings }: Session) {
  const { organization, account, region } = plan
  return {
    formatVersion: 1,
    stack: settings.stack,
    project: settings.project,
    organization,
    account,
    region,
  } as const
}

/** For `--json`. */
export function describePreview(preview: StackPreview) {
  const { isNew, access, resources, unchanged } = preview
  return {
    new: isNew,
    access,
    resources: resources.map(describeResource),
    summary: countChanges(resources),
    unchanged,
  }
}

/** A resource for `--json`: providers are left out before. */
export function describeResource({ change, id, type, name, urn, properties }: ResourceChange) {
  return { change, id, type, ...(name === undefined ? {} : { name }), urn, properties }
}

/** Whether an update would change anything that the file is about. */
export function changesAnything({ access, resources }: StackPreview): boolean {
  return access.length > 0 || resources.length > 0
}
