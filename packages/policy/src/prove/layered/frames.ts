import { readPrincipal } from '../../authorize/principal.js'
import { Undecided } from '../bounds.js'
import type { PrincipalValue } from '../options/principal-options.js'
import type { PolicyLayers, Who } from '../question.js'

/**
 * Principals for whom layers are put together in one way: one kind, all in the account of what is asked for or
 * all outside of it, all service-linked roles or none.
 */
export interface Frame {
  readonly who: Who
  /** Users, sessions, root and federated users: identity policies, boundary and SCPs hold for them. */
  readonly isGoverned: boolean
  /** Of the account that owns what is asked for. */
  readonly isOwn: boolean
  readonly isServiceLinked: boolean
  /** 12 digits, where all of them are of one account. */
  readonly account: string | undefined
  /** The one principal that it is about, where one request can stand for all that it sends. */
  readonly single: PrincipalValue | undefined
}

/** Where AWS puts the roles that its services make for themselves. */
export const SERVICE_LINKED = 'arn:*:iam::*:role/aws-service-role/*'
const GOVERNED: ReadonlySet<string> = new Set(['user', 'session', 'root', 'federatedUser'])

/** Splits whom a question is about into frames; together they are the same principals. */
export function framesOf(
  who: Who,
  layers: PolicyLayers,
  resourceAccount: string,
): readonly Frame[] | Undecided {
  const single = singleOf(who)
  if (!GOVERNED.has(who.kind))
    return [{ who, isGoverned: false, isOwn: false, isServiceLinked: false, account: undefined, single }]
  const sides = splitByAccount(who, resourceAccount)
  if (sides instanceof Undecided) return sides
  const hasControls =
    layers.serviceControlPolicies !== undefined || layers.resourceControlPolicies !== undefined
  const { managementAccount } = layers
  if (managementAccount !== undefined && hasControls && sides.some(({ account }) => account === undefined))
    return new Undecided(
      'notSupported',
      'service control policies of principals of any account, of which one is the management account',
    )
  return sides.flatMap(({ account, isOwn, who: of }) => {
    const frame = { who: of, isGoverned: true, isOwn, isServiceLinked: false, account, single }
    return of.kind === 'session' && hasControls ? splitServiceLinked(frame) : [frame]
  })
}

/** Service control and resource control policies do not hold for service-linked roles. */
function splitServiceLinked(frame: Frame): Frame[] {
  const { single, who } = frame
  if (single) return [{ ...frame, isServiceLinked: isServiceLinked(who.only![0]!) }]
  const ordinary = { ...frame, who: { ...who, except: withServiceLinked(who.except ?? NOBODY) } }
  return who.except?.includes(SERVICE_LINKED) ? [ordinary] : [ordinary, { ...frame, isServiceLinked: true }]
}

const NOBODY: readonly string[] = []
const extended = new WeakMap<readonly string[], readonly string[]>()

/** The same list for the same list: long ones are read once. */
function withServiceLinked(except: readonly string[]): readonly string[] {
  let made = extended.get(except)
  if (!made) extended.set(except, (made = [...except, SERVICE_LINKED]))
  return made
}

function isServiceLinked(arn: string): boolean {
  return arn.includes(':role/aws-service-role/')
}

function splitByAccount(
  who: Who,
  resourceAccount: string,
): readonly Pick<Frame, 'who' | 'isOwn' | 'account'>[] | Undecided {
  if (who.outside !== undefined && who.account !== undefined)
    return new Undecided('notSupported', 'principals of one account that are outside of another one')
  if (who.account !== undefined)
    return [{ who, isOwn: who.account === resourceAccount, account: who.account }]
  if (who.only) {
    const accounts = new Set(who.only.map((arn) => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1]))
    const [account] = accounts
    if (accounts.size === 1 && account !== undefined)
      return account === who.outside ? [] : [{ who, isOwn: account === resourceAccount, account }]
  }
  if (who.outside !== undefined) {
    if (who.outside === resourceAccount) return [{ who, isOwn: false, account: undefined }]
    return new Undecided(
      'notSupported',
      `principals outside of ${who.outside} who ask for what another account owns`,
    )
  }
  return [
    { who: { ...who, account: resourceAccount }, isOwn: true, account: resourceAccount },
    { who: { ...who, outside: resourceAccount }, isOwn: false, account: undefined },
  ]
}

/** What stands for the one principal, unless what is asked needs its unique ID, session or provider. */
function singleOf({ except, kind, only }: Who): PrincipalValue | undefined {
  if (kind === 'anonymous') return { principal: 'anonymous', context: {} }
  const [arn] = only ?? []
  if (arn === undefined || only!.length !== 1 || /[*?]/.test(arn) || except) return undefined
  if (kind === 'user' || kind === 'service' || kind === 'root') return { principal: arn, context: {} }
  return kind === 'session' ? principalOf(kind, arn) : undefined
}

/** The principal of a request by somebody with this ARN; the one of a role is a session. */
export function principalOf(kind: string, arn: string): PrincipalValue {
  if (kind !== 'session') return { principal: arn, context: {} }
  const { account, name, partition } = readPrincipal(arn)
  return {
    principal: `arn:${partition}:sts::${account}:assumed-role/${name}/session`,
    context: { 'aws:PrincipalArn': arn },
  }
}
