import type { Team } from '../declaration.js'
import type { Model } from './model.js'
import { earliest } from './model.js'
import type { Sourced } from './statement.js'
import { compare, oneOrMany, withUniqueSids } from './statement.js'

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
  if (provider === undefined) throw new Error('a federated member without an identity provider')
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
