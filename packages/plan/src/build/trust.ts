import type { Member, ServiceSignIn, Team } from '../declaration.js'
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
  const byEnd = new Map<string, { emails: string[]; declaredAt: Sourced['sources'][number] }>()
  for (const name of model.federatedOf.get(team.name) ?? []) {
    const member = model.members.get(name)
    if (member?.email === undefined) throw new Error(`the federated member ${name} has no e-mail`)
    const end = earliest(member.until, team.until) ?? ''
    const group = byEnd.get(end) ?? { emails: [], declaredAt: team.declaredAt }
    group.emails.push(member.email)
    byEnd.set(end, group)
  }
  const prefix = provider.kind === 'saml' ? 'SAML' : provider.arn.slice(provider.arn.indexOf('/') + 1)
  const statements = [...byEnd]
    .toSorted(([left], [right]) => compare(left, right))
    .map(([until, { emails, declaredAt }]): Sourced => ({
      statement: {
        Sid: until === '' ? 'FederatedMembers' : 'FederatedMembersUntil',
        Effect: 'Allow',
        Principal: { Federated: provider.arn },
        Action: provider.kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${prefix}:aud`]: provider.audience,
            [`${prefix}:sub`]: oneOrMany(emails.toSorted(compare)),
          },
          ...(until === '' ? {} : { DateLessThan: { 'aws:CurrentTime': until } }),
        },
      },
      sources: [declaredAt],
    }))
  return withUniqueSids(statements)
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
  return [
    ...(exact.length === 0 ? [] : [statement('ServiceBySubject', 'StringEquals', exact)]),
    ...(patterns.length === 0 ? [] : [statement('ServiceBySubjectPattern', 'StringLike', patterns)]),
  ]
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
