import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { isDeepStrictEqual } from 'node:util'
import type { ResourceFailure } from './deploy-error.js'

/** What happens to one resource. In a refresh: what others did to it (`delete`: it is gone). */
export type ChangeKind = 'create' | 'update' | 'replace' | 'delete'

/** One resource that changes, or would. */
export interface ResourceChange {
  readonly change: ChangeKind
  /** Id within the plan, such as `dataset/raw/bucket-policy`; of a provider, its name. */
  readonly id: string
  /** Pulumi's type token. */
  readonly type: string
  readonly urn: string
  /** Its name on AWS, where it has one. */
  readonly name?: string
  /** Names of the arguments that differ, never their values. */
  readonly properties: readonly string[]
  /** The provider itself: its settings are ringfence's own, and no resource of the plan. */
  readonly provider: boolean
}

/** What a run of the engine tells on its way. */
export type DeployEvent =
  | { readonly kind: 'planned' | 'begun' | 'done'; readonly resource: ResourceChange }
  | { readonly kind: 'failed'; readonly failure: ResourceFailure }
  | { readonly kind: 'warning'; readonly message: string }

/** Turns the engine's events into ours. `component`: the name before the plan's ids in URNs. */
export function createEventReader(component: string): (event: EngineEvent) => readonly DeployEvent[] {
  return (event) => {
    const { resourcePreEvent: before, resOutputsEvent: after, diagnosticEvent } = event
    if (before !== undefined) {
      const resource = changeOf(before.metadata, component)
      return resource === undefined
        ? []
        : [{ kind: before.planning === true ? 'planned' : 'begun', resource }]
    }
    if (after !== undefined && after.planning !== true) {
      const resource = changeOf(after.metadata, component)
      return resource === undefined ? [] : [{ kind: 'done', resource }]
    }
    return diagnosticEvent === undefined ? [] : readDiagnostic(diagnosticEvent, component)
  }
}

type StepMetadata = NonNullable<EngineEvent['resourcePreEvent']>['metadata']

const kinds: Readonly<Record<string, ChangeKind>> = {
  create: 'create',
  update: 'update',
  replace: 'replace',
  delete: 'delete',
  'discard-replaced': 'delete',
  import: 'create',
}

/** Undefined for what is no change of a resource: `same`, reads, components, and the halves of a replacement. */
function changeOf(step: StepMetadata, component: string): ResourceChange | undefined {
  const change = kinds[step.op]
  if (change === undefined || isComponent(step)) return undefined
  const inputs = step.new?.inputs ?? step.old?.inputs ?? {}
  const name = awsNameOf(inputs)
  return {
    change,
    id: planIdOf(step.urn, component),
    type: step.type,
    urn: step.urn,
    ...(name === undefined ? {} : { name }),
    properties: change === 'create' || change === 'delete' ? [] : changedProperties(step),
    provider: isProvider(step.type),
  }
}

/** The stack itself, components and stashes are of Pulumi alone: nothing on AWS stands for them. */
function isComponent({ type, new: after, old: before }: StepMetadata): boolean {
  if (type.startsWith('pulumi:')) return !isProvider(type)
  return (after ?? before)?.custom !== true
}

function isProvider(type: string): boolean {
  return type.startsWith('pulumi:providers:')
}

/** The part of a URN behind the component's name; all of the last part where it has no such name. */
export function planIdOf(urn: string, component: string): string {
  const name = urn.slice(urn.lastIndexOf('::') + 2)
  return name.startsWith(`${component}/`) ? name.slice(component.length + 1) : name
}

/** What names a resource on AWS, among the arguments of the types that the components use. */
const nameArguments = [
  'bucket',
  'name',
  'projectName',
  'user',
  'userName',
  'group',
  'groupName',
  'role',
  'roleName',
  'keyId',
  'targetId',
  'accountId',
]

function awsNameOf(inputs: Readonly<Record<string, unknown>>): string | undefined {
  for (const argument of nameArguments) {
    const value = inputs[argument]
    if (typeof value === 'string' && value !== '' && value !== unknownValue) return value
  }
  return undefined
}

/** How Pulumi writes a text that is not known before deployment. */
const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

/**
 * What the provider calls a difference; where it names none, the arguments that differ, and where none does, as
 * after a refresh of what only AWS sets, the results. `tags.team` and `tags.owner` are both a change of `tags`.
 */
function changedProperties(step: StepMetadata): readonly string[] {
  const told = [...Object.keys(step.detailedDiff ?? {}), ...(step.diffs ?? []), ...(step.keys ?? [])]
  if (told.length > 0) return [...new Set(told.map((path) => path.split(/[.[]/)[0] ?? path))].toSorted()
  const inputs = differing(step.old?.inputs ?? {}, step.new?.inputs ?? {})
  return inputs.length > 0 ? inputs : differing(step.old?.outputs ?? {}, step.new?.outputs ?? {})
}

type Properties = Readonly<Record<string, unknown>>

function differing(before: Properties, after: Properties): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !name.startsWith('__') && !isDeepStrictEqual(before[name], after[name]))
    .toSorted()
}

function readDiagnostic(
  { severity, message, urn, prefix }: NonNullable<EngineEvent['diagnosticEvent']>,
  component: string,
): readonly DeployEvent[] {
  const text = plainText(`${message}`).trim()
  if (text === '') return []
  if (severity === 'error') {
    const id = urn === undefined || urn === '' ? 'pulumi' : planIdOf(urn, component)
    return [{ kind: 'failed', failure: { id, message: text } }]
  }
  const tells = severity === 'warning' && prefix !== 'debug: ' && !untold.test(text)
  return tells ? [{ kind: 'warning', message: text }] : []
}

/** Where a provider was found, and what an interrupted update left, which is told in our own words. */
const untold = /^using pulumi-\S+ from \$PATH|with \d+ pending operations from previous deployment/

/** Without Pulumi's colour marks (`<{%reset%}>`). */
export function plainText(text: string): string {
  return text.replaceAll(/<\{%[^%]*%\}>/g, '')
}
