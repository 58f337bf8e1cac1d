import type { AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import type { AccessOracle } from './access-oracle.js'
import type { PassRoleStep, TakeOverStep } from './step.js'
import { knownServices, passToOtherService } from './steps.js'
import type { Entities } from './strengthen.js'
import { statementsOf } from './strengthen.js'

/** A role that a service may act with, as far as its trust policy names the service. */
export interface Servant {
  readonly role: AccountRole
  readonly service: string
  /** What is taken to exist for it and not known to, in words. */
  readonly needs: readonly string[]
}

/** What trust policies say: which services, and which users and roles of the account, can assume which roles. */
export class Servants {
  /** Roles, each with an identity provider that its trust policy names. */
  readonly signedInBy: { readonly role: AccountRole; readonly provider: string }[] = []
  private readonly byService = new Map<string, Servant[]>()
  private readonly bySteps = new Map<string, ReadonlyMap<string, readonly Servant[]>>()
  /** Roles whose trust policies are not known. */
  private readonly obscure: AccountRole[] = []
  /** Roles that trust everybody of the account, as far as the trust policy alone goes. */
  private readonly open: AccountRole[] = []
  private readonly named = new Map<string, AccountRole[]>()
  private readonly through = new Map<string, readonly AccountRole[]>()

  constructor(
    private readonly index: Entities,
    roles: readonly AccountRole[],
    private readonly oracle: AccessOracle,
    private readonly unknown: (about: string, reason: string) => void,
  ) {
    for (const role of roles) {
      for (const service of trustedIn(role.trust, 'Service')) this.addService(role, service)
      for (const provider of trustedIn(role.trust, 'Federated')) this.signedInBy.push({ role, provider })
      this.addPrincipals(role)
    }
  }

  /** For a step: each role that one of its services may act with, by ARN. */
  of(step: PassRoleStep | TakeOverStep): ReadonlyMap<string, readonly Servant[]> {
    let found = this.bySteps.get(step.id)
    if (found === undefined) {
      const services =
        step.id === passToOtherService.id
          ? [...this.byService.keys()].filter((service) => !knownServices.has(service))
          : step.services
      const all = services.flatMap((service) =>
        this.obscure
          .map((role): Servant => ({ role, service, needs: [] }))
          .concat(this.byService.get(service) ?? []),
      )
      const takesOther = step.kind === 'passRole' && step.otherProfile === true
      const usable =
        step.instanceProfile === true
          ? all.flatMap(withProfile)
          : takesOther
            ? all.map((servant) => this.withOtherProfile(servant))
            : all
      const byRole = new Map<string, Servant[]>()
      for (const servant of usable) {
        const others = byRole.get(servant.role.arn)
        if (others) others.push(servant)
        else byRole.set(servant.role.arn, [servant])
      }
      found = byRole
      this.bySteps.set(step.id, found)
    }
    return found
  }

  /** Roles whose trust policy may let somebody of the account assume them; their own policies are not looked at. */
  assumableBy({ kind, arn, name, uniqueId }: AccountUser | AccountRole): readonly AccountRole[] {
    const names = [
      arn,
      ...(uniqueId === undefined ? [] : [uniqueId]),
      ...(kind === 'role' ? [sessionOf(name)] : []),
    ]
    const named = names.flatMap((one) => this.named.get(one) ?? [])
    return named.length === 0 ? this.open : [...new Set([...this.open, ...named])]
  }

  /** Roles that a service which acts with a role can assume by it. */
  reachedThrough(role: AccountRole): readonly AccountRole[] {
    let found = this.through.get(role.arn)
    if (found === undefined) {
      const subject = { principal: role, factor: 'none' } as const
      found = this.assumableBy(role).filter((target) => {
        if (target.arn === role.arn) return false
        const assumed = this.oracle.canAssume(subject, target, 'sts:AssumeRole')
        if (assumed.answer === 'unknown') this.unknown(role.arn, assumed.reason)
        return assumed.answer === 'yes'
      })
      this.through.set(role.arn, found)
    }
    return found
  }

  /** Whether a role is in an instance profile that another one can take the place of, is told of roles that are. */
  private withOtherProfile(servant: Servant): Servant {
    const { roles } = this.index.account
    const isThere = roles.some(
      ({ arn, instanceProfiles = [] }) => arn !== servant.role.arn && instanceProfiles.length > 0,
    )
    const needs = isThere ? servant.needs : servant.needs.concat('an instance profile with another role')
    return Object.assign({}, servant, { needs })
  }

  private addService(role: AccountRole, service: string): void {
    const servant: Servant = { role, service, needs: [] }
    const known = this.byService.get(service)
    if (known) known.push(servant)
    else this.byService.set(service, [servant])
  }

  private addPrincipals(role: AccountRole): void {
    const { account } = this.index.account
    if (role.trust.document === undefined) {
      this.open.push(role)
      this.obscure.push(role)
      return
    }
    const entries = statementsOf(role.trust).flatMap(({ Effect, Principal, NotPrincipal }) =>
      Effect === 'Deny' ? [] : NotPrincipal === undefined ? principalsIn(Principal) : ['*'],
    )
    const isOpen = entries.some(
      (entry) => entry === '*' || entry === account || entry.endsWith(`:${account}:root`),
    )
    if (isOpen) {
      this.open.push(role)
      return
    }
    for (const entry of entries) {
      // A session of a role is that role, for whoever has the role picks the session's name.
      const [, session] = /^arn:[^:]*:sts::[^:]*:assumed-role\/([^/]*)\//.exec(entry) ?? []
      const name = session === undefined ? entry : sessionOf(session)
      const known = this.named.get(name)
      if (known) known.push(role)
      else this.named.set(name, [role])
    }
  }
}

/** Nobody hands EC2 a role that is known to be in no instance profile. */
function withProfile(servant: Servant): readonly Servant[] {
  const { instanceProfiles, name } = servant.role
  if (instanceProfiles === undefined)
    return [
      Object.assign({}, servant, { needs: servant.needs.concat(`an instance profile with role/${name}`) }),
    ]
  return instanceProfiles.length === 0 ? [] : [servant]
}

/** Sessions are named by the role's name without its path. */
function sessionOf(role: string): string {
  return `a session of ${role}`
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string')
}

/** Whom the `AWS` principals of a statement name. */
function principalsIn(principal: unknown): readonly string[] {
  if (principal === '*') return ['*']
  return textsOf((principal as { AWS?: unknown } | undefined)?.AWS)
}

/** Hosts of services, or identity providers, that a trust policy names in what it allows. */
function trustedIn(trust: NamedPolicy, type: 'Service' | 'Federated'): ReadonlySet<string> {
  return new Set(
    statementsOf(trust).flatMap(({ Effect, Principal }) =>
      Effect === 'Deny' || typeof Principal !== 'object' || Principal === null
        ? []
        : textsOf((Principal as Readonly<Record<string, unknown>>)[type]),
    ),
  )
}
