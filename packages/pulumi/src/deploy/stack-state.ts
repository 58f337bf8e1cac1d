/** What a stack's state holds of one resource. */
export interface StateResource {
  readonly urn: string
  readonly type: string
  readonly id?: string
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly outputs?: Readonly<Record<string, unknown>>
  /** URN and id of its provider, with `::` between them. */
  readonly provider?: string
  /** Why it may be another than the state says; Pulumi's refresh takes them off. */
  readonly initErrors?: readonly string[]
}

/** A change that had begun when an update was interrupted. */
export interface PendingOperation {
  readonly type: 'creating' | 'updating' | 'deleting' | 'reading' | 'importing'
  readonly resource: StateResource
}

/** A stack as `pulumi stack export` gives it, secrets encrypted. */
export interface StackState {
  readonly version: number
  readonly deployment: {
    readonly secrets_providers?: {
      readonly type: string
      readonly state?: { readonly url?: string }
    }
    readonly resources?: readonly StateResource[]
    readonly pending_operations?: readonly PendingOperation[]
    readonly manifest?: { readonly time?: string }
  }
}

/** Pulumi marks a special value, such as a secret, by this key. */
const signatureKey = '4dabf18193072939515e22adb298388d'
const secretSignature = '1b47061264138c4ac30d75fd1eb44270'

/** One output of a stack; the value of a secret stays where it is. */
export type StackOutput = { readonly secret: false; readonly value: unknown } | { readonly secret: true }

/** The outputs of a stack's program, without what is secret. Empty for a stack that was never brought up. */
export function outputsOf(state: StackState): Readonly<Record<string, StackOutput>> {
  const stack = (state.deployment.resources ?? []).find(({ type }) => type === 'pulumi:pulumi:Stack')
  return Object.fromEntries(
    Object.entries(stack?.outputs ?? {}).map(([name, value]) => [
      name,
      holdsSecret(value) ? { secret: true } : { secret: false, value },
    ]),
  )
}

/** A value with a secret anywhere in it counts as a secret. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if ((value as Readonly<Record<string, unknown>>)[signatureKey] === secretSignature) return true
  return Object.values(value).some(holdsSecret)
}

/** Whether anything of AWS is in the stack. */
export function holdsResources(state: StackState): boolean {
  return (state.deployment.resources ?? []).some(
    ({ type, id }) => id !== undefined && id !== '' && !type.startsWith('pulumi:'),
  )
}

/**
 * What keeps the stack's secrets: `passphrase`, `service` (Pulumi Cloud), or the URL of a cloud's key. Undefined
 * as long as nothing was brought up.
 */
export function secretsProviderOf(state: StackState): string | undefined {
  const provider = state.deployment.secrets_providers
  if (provider === undefined) return undefined
  return provider.type === 'cloud' ? provider.state?.url : provider.type
}

/** Put on what is still to be compared with AWS: whoever imports a state loses its pending operations. */
const uncompared = 'ringfence has not compared it with AWS since an update was interrupted'

function isUncompared({ initErrors = [] }: StateResource): boolean {
  return initErrors.includes(uncompared)
}

/** What an interrupted update left open, and what a repair that was interrupted itself has not compared with AWS. */
export function pendingOf({ deployment }: StackState): readonly PendingOperation[] {
  const { pending_operations: pending = [], resources = [] } = deployment
  const marked = resources.filter(isUncompared)
  return [...pending, ...marked.map((resource): PendingOperation => ({ type: 'updating', resource }))]
}

/** With a mark on what is still to be compared, by URN, and on nothing else; the same one where nothing is or was. */
export function withUncompared(state: StackState, urns: readonly string[]): StackState {
  const { resources = [] } = state.deployment
  if (urns.length === 0 && !resources.some(isUncompared)) return state
  const marked = resources.map((resource): StateResource => {
    const { initErrors: _, ...rest } = resource
    if (urns.includes(resource.urn)) return Object.assign(rest, { initErrors: [uncompared] })
    return isUncompared(resource) ? rest : resource
  })
  return { ...state, deployment: { ...state.deployment, resources: marked } }
}
