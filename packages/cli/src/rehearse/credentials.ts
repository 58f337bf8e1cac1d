import type { LocalAws, LocalCredentials } from '@ringfence/local'
import { someReservedRole, type Plan } from '@ringfence/plan'
import { actorId, type Actor } from './actor.js'
import { namesOf, type Setting } from './setting.js'

export type ActorCredentials = LocalCredentials | 'anonymous'

/** Hands every actor their own credentials, each once for as long as they last. */
export interface CredentialDesk {
  /** Rejects with the local AWS's error where somebody cannot sign in. */
  of(actor: Actor): Promise<ActorCredentials>
  /** Those of a session that `signIn` has begun; rejects where it was refused. */
  before(actor: Actor): Promise<ActorCredentials>
  /** Begins a session that outlives the next `endSessions`, and ends with the one after it. */
  signIn(actor: Actor): Promise<void>
  /** Forgets role sessions, which last an hour; keys of users stay. */
  endSessions(): void
}

/** `given`, by actor, are credentials that exist already: the stranger's, and keys that a deployment issued. */
export function createCredentialDesk(
  local: LocalAws,
  setting: Setting,
  given: ReadonlyMap<string, LocalCredentials>,
): CredentialDesk {
  const keys = new Map<string, Promise<ActorCredentials>>()
  const sessions = new Map<string, Promise<ActorCredentials>>()
  const once = (
    known: Map<string, Promise<ActorCredentials>>,
    actor: Actor,
    issue: () => Promise<ActorCredentials>,
  ) => {
    const id = actorId(actor)
    const credentials = known.get(id) ?? issue()
    known.set(id, credentials)
    return credentials
  }
  const session = (actor: Actor, options: SessionOptions) =>
    once(sessions, actor, () => local.issueRoleSession(options))
  const key = (actor: Actor, userName: string) =>
    once(keys, actor, async () => given.get(actorId(actor)) ?? (await local.issueUserKey(userName)))
  let before = new Map<string, Promise<ActorCredentials>>()
  let signedIn = new Map<string, Promise<ActorCredentials>>()
  const desk: CredentialDesk = {
    endSessions: () => {
      sessions.clear()
      before = signedIn
      signedIn = new Map()
    },
    before: (actor) =>
      before.get(actorId(actor)) ?? Promise.reject(new Error('there is no session from before')),
    signIn: async (actor) => {
      const begun = desk.of(actor)
      signedIn.set(actorId(actor), begun)
      await begun.catch(() => {})
    },
    of: async (actor) => {
      const names = namesOf(setting.declaration)
      switch (actor.kind) {
        case 'member':
          if (actor.signIn === 'user') return key(actor, names.user(actor.name))
          return session(
            actor,
            actor.signIn === 'token'
              ? signInByToken(setting, actor.name)
              : signInByFederation(setting, actor),
          )
        case 'platform':
          return session(actor, jobSession(setting, actor.name))
        case 'administrator':
          return actor.principal === 'user'
            ? key(actor, actor.name)
            : session(actor, administratorSession(setting, actor.name))
        case 'undeclared':
          return key(actor, actor.name)
        case 'stranger':
          return given.get(actorId(actor)) ?? Promise.reject(new Error('the stranger has no credentials'))
        case 'anonymous':
          return 'anonymous'
      }
    },
  }
  return desk
}

export type SessionOptions = Parameters<LocalAws['issueRoleSession']>[0]

/** What SAML and OIDC providers assert, as AWS turns it into condition keys. */
function signInByFederation(
  { declaration, plan }: Setting,
  actor: Extract<Actor, { signIn: 'federation' }>,
): SessionOptions {
  const provider = declaration.identityProvider
  if (provider?.kind === 'identityCenter') return signInByIdentityCenter(plan, actor)
  const names = namesOf(declaration)
  const member = declaration.members.find(({ name }) => name === actor.name)
  const subject = member?.email ?? actor.name
  const oidc = provider?.kind === 'oidc'
  const host = provider?.arn.slice(provider.arn.indexOf('oidc-provider/') + 'oidc-provider/'.length) ?? ''
  return {
    roleArn: names.roleArn(names.teamRole(actor.team)),
    sessionName: actor.name,
    principal: provider?.arn ?? 'anonymous',
    action: oidc ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRoleWithSAML',
    context: oidc
      ? { [`${host}:aud`]: provider.audience, [`${host}:sub`]: subject }
      : { 'SAML:aud': provider?.audience ?? '', 'SAML:sub': subject, 'SAML:sub_type': 'persistent' },
  }
}

/** As Identity Center signs in whoever is assigned to the team's permission set. */
function signInByIdentityCenter(
  plan: Plan,
  { name, team }: Extract<Actor, { signIn: 'federation' }>,
): SessionOptions {
  const external = plan.external.find((one) => one.kind === 'reservedRole' && one.team === team)
  if (external?.kind !== 'reservedRole') throw new Error(`Identity Center has no role for team ${team}`)
  const { arn, provider } = someReservedRole(external)
  return {
    roleArn: arn,
    sessionName: name,
    principal: provider,
    action: 'sts:AssumeRoleWithSAML',
    context: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' },
  }
}

/** As a service's runner trades its token for a session; a pattern stands for one of the subjects that it takes. */
export function signInByToken({ declaration }: Setting, name: string, index = 0): SessionOptions {
  const names = namesOf(declaration)
  const oidc = declaration.members.find((one) => one.name === name)?.oidc
  const issuer = oidc?.arn.slice(oidc.arn.indexOf('/') + 1) ?? ''
  const subject = oidc?.subjects[index]?.replaceAll('*', 'rehearsal').replaceAll('?', 'x') ?? ''
  return {
    roleArn: names.roleArn(names.serviceRole(name)),
    sessionName: name,
    principal: oidc?.arn ?? 'anonymous',
    action: 'sts:AssumeRoleWithWebIdentity',
    context: { [`${issuer}:aud`]: oidc?.audience ?? '', [`${issuer}:sub`]: subject },
  }
}

/** As SageMaker takes the role for a job (its `aws:SourceAccount` is the job's account). */
function jobSession({ declaration }: Setting, platform: string): SessionOptions {
  const names = namesOf(declaration)
  const { region, account } = declaration
  return {
    roleArn: names.roleArn(names.executionRole(platform)),
    sessionName: 'SageMaker',
    principal: 'sagemaker.amazonaws.com',
    action: 'sts:AssumeRole',
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:sagemaker:${region}:${account}:training-job/rehearsal`,
    },
  }
}

function administratorSession({ declaration, plan }: Setting, name: string): SessionOptions {
  const external = plan.external.find(
    (one) => one.purpose === 'administrator' && one.kind === 'role' && one.name === name,
  )
  const declared = declaration.administrators.find((one) => one.kind === 'role' && one.name === name)
  return {
    roleArn: external?.arn ?? `arn:aws:iam::${declaration.account}:role${declared?.path ?? '/'}${name}`,
    sessionName: 'rehearsal',
    principal: `arn:aws:iam::${declaration.account}:root`,
    action: 'sts:AssumeRole',
  }
}
