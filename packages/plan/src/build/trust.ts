import type { FederationProvider, Member, ServiceSignIn, Team } from '../declaration.js'
import type { SourceSpan } from '../plan.js'
import { isPattern } from '../subject-bounds.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import { earliest } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import type { Sourced } from './statement.js'
import { allOf, before, compare, documentLength, oneOrMany, toDocument, withUniqueSids } from './statement.js'

/** Only SageMaker, and only on behalf of this account and region (IAM User Guide, "The confused deputy problem"). */
export function buildExecutionTrust(model: Model, declaredAt: Sourced['sources'][number]): Sourced[] {
  const { account } = model.declaration
  return [
    {
      statement: {
        Sid: 'SageMakerForThisAccount',
        Effect: 'Allow',
        Principal: { Service: 'sagemaker.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': model.arns.sagemaker('*') },
        },
      },
      sources: [declaredAt],
    },
  ]
}

/**
 * The team's members that sign in by federation, each by the subject that the identity provider sends: their
 * e-mail. Whether they used MFA is the provider's to decide: neither SAML nor OIDC sessions carry
 * `aws:MultiFactorAuthPresent`. (IAM User Guide, "Available keys for SAML-based AWS STS federation" and "…
 * for AWS OIDC federation": aud and sub.) Members whose access ends, by their own end
 * or that of the team, have a statement of their own.
 */
export function buildTeamTrust(team: Team, model: Model): Sourced[] {
  const provider = model.declaration.identityProvider
  if (provider === undefined || provider.kind === 'identityCenter')
    throw new Error('a federated member without an identity provider of the account')
  const prefix = claimsOf(provider)
  const byEnd = peopleByEnd(team, model, (member) => earliest(member.until, team.until) ?? '')
  const statements = byEnd.map(([until, people]): Sourced => ({
    statement: {
      Sid: until === '' ? 'FederatedMembers' : 'FederatedMembersUntil',
      Effect: 'Allow',
      Principal: { Federated: provider.arn },
      Action: provider.kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${prefix}:aud`]: provider.audience,
          [`${prefix}:sub`]: oneOrMany(people.map(({ email }) => email)),
        },
        ...(until === '' ? {} : { DateLessThan: { 'aws:CurrentTime': until } }),
      },
    },
    sources: [team.declaredAt],
  }))
  return withUniqueSids(statements)
}

/**
 * What ends the sessions of members at the instant of their own end: the trust policy lets nobody in from then on, and
 * who was let in before lives up to an hour on. A session carries the subject that the trust policy has pinned (IAM User
 * Guide, "SAML role permissions policies"; "Available keys for AWS OIDC federation"), so that exactly the sessions of
 * these members are refused. What is granted to a team ends with the team by itself. Each statement is shorter than that
 * of the trust policy, so that whatever IAM takes there fits here.
 */
export function buildMemberEnds(team: Team, model: Model): Sourced[] {
  const provider = model.declaration.identityProvider
  if (provider === undefined || provider.kind === 'identityCenter') return []
  const isOwn = (until: string): boolean => team.until === undefined || until < team.until
  const byEnd = peopleByEnd(team, model, ({ until }) =>
    until !== undefined && isOwn(until) ? until : undefined,
  )
  const statements = byEnd.map(([until, people]): Sourced => ({
    statement: {
      Sid: 'MembersHaveEnded',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        StringEquals: { [`${claimsOf(provider)}:sub`]: oneOrMany(people.map(({ email }) => email)) },
        DateGreaterThanEquals: { 'aws:CurrentTime': until },
      },
    },
    sources: people.map(({ declaredAt }) => declaredAt),
  }))
  return withUniqueSids(statements)
}

/** What the keys of a provider's claims begin with. */
function claimsOf({ arn, kind }: FederationProvider): string {
  return kind === 'saml' ? 'SAML' : arn.slice(arn.indexOf('/') + 1)
}

/** A member whom the identity provider knows by their e-mail. */
type Person = Member & { readonly email: string }

/** Federated members, sorted by e-mail, by when something ends for them; who has no such end is left out. */
function peopleByEnd(
  team: Team,
  model: Model,
  endOf: (member: Member) => string | undefined,
): readonly (readonly [string, readonly Person[]])[] {
  const people = (model.federatedOf.get(team.name) ?? []).map((name) => personOf(name, model))
  const byEnd = new Map<string, Person[]>()
  for (const one of people.toSorted((left, right) => compare(left.email, right.email))) {
    const end = endOf(one)
    if (end === undefined) continue
    const others = byEnd.get(end)
    if (others === undefined) byEnd.set(end, [one])
    else others.push(one)
  }
  return [...byEnd].toSorted(([left], [right]) => compare(left, right))
}

function personOf(name: string, model: Model): Person {
  const member = model.members.get(name)
  if (member?.email === undefined) throw new Error(`the federated member ${name} has no e-mail`)
  return { ...member, email: member.email }
}

/**
 * The tokens that let a service in: of its issuer, for its audience, with one of its subjects. Exact subjects and
 * patterns need operators, and so statements, of their own. (IAM User Guide, "Create a role for OpenID Connect
 * federation": aud and sub; IAM itself asks for a `sub` where the issuer is shared by many, such as GitHub's.)
 */
export function buildServiceTrust(member: Member, { arn, audience, subjects }: ServiceSignIn): Sourced[] {
  const issuer = arn.slice(arn.indexOf('/') + 1)
  const patterns = subjects.filter(isPattern).toSorted(compare)
  const exact = subjects.filter((subject) => !isPattern(subject)).toSorted(compare)
  const statement = (Sid: string, operator: string, some: readonly string[]): Sourced => ({
    statement: {
      Sid,
      Effect: 'Allow',
      Principal: { Federated: arn },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        ...allOf(
          { StringEquals: { [`${issuer}:aud`]: audience } },
          { [operator]: { [`${issuer}:sub`]: oneOrMany(some) } },
          before(member.until),
        ),
      },
    },
    sources: [member.declaredAt],
  })
  // Between two runs of an update whose services take other tokens; IAM takes no trust policy without a statement.
  if (subjects.length === 0) return [refuseAll(arn, member)]
  return [
    ...(exact.length === 0 ? [] : [statement('ServiceBySubject', 'StringEquals', exact)]),
    ...(patterns.length === 0 ? [] : [statement('ServiceBySubjectPattern', 'StringLike', patterns)]),
  ]
}

function refuseAll(arn: string, { declaredAt }: Member): Sourced {
  return {
    statement: {
      Sid: 'NoToken',
      Effect: 'Deny',
      Principal: { Federated: arn },
      Action: 'sts:AssumeRoleWithWebIdentity',
    },
    sources: [declaredAt],
  }
}

/** Reports a trust policy that IAM would refuse, or takes only after a quota was raised. */
export function checkTrustLength(
  trust: readonly Sourced[],
  what: string,
  hint: string,
  declaredAt: SourceSpan,
  writer: PlanWriter,
): void {
  const length = documentLength(toDocument(trust))
  if (length <= limits.trustPolicyCharacters) return
  const refused = length > limits.trustPolicyCharactersRaised
  writer.problem(
    refused ? 'error' : 'warning',
    'TRUST_POLICY_TOO_LONG',
    `the trust policy of ${what} has ${length} characters; IAM allows ${limits.trustPolicyCharacters}, on request up to ${limits.trustPolicyCharactersRaised}`,
    refused ? hint : `Ask AWS to raise the quota "Role trust policy length". Or: ${hint}`,
    declaredAt,
  )
}
