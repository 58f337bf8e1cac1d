import type { Declaration, Member } from '../declaration.js'
import type { Result } from '../diagnostic.js'
import type { ExistingResources } from '../existing.js'
import type { Kept } from '../kept.js'
import { nothingKept } from '../kept.js'
import type { Plan } from '../plan.js'
import { keptOn } from './build-access-keys.js'
import { buildBoundary, buildOwnKeyPolicy, buildOwnSignInPolicy } from './boundary.js'
import { buildMember } from './build-member.js'
import { isKeptInSecretsManager } from './build-secret.js'
import { buildPlatform } from './build-platform.js'
import { buildTeam } from './build-team.js'
import { endId, endPolicyName, endsOf, shared } from './shared-names.js'
import { createArns } from './arns.js'
import { resolveExisting } from './existing-things.js'
import { checkExistingNames, warnAboutExisting } from './report-existing.js'
import { externalOf, reservedRolesOf } from './external.js'
import { buildStore } from './build-stores.js'
import { buildGuardrail, buildWorkGuardrail } from './guardrail.js'
import { planIdentityCenter } from './plan-identity-center.js'
import { accountQuotas, limits } from './limits.js'
import type { Model } from './model.js'
import { createModel } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import { createPlanWriter } from './plan-writer.js'
import type { Policies } from './principal-policies.js'
import type { Sourced } from './statement.js'
import { summarizeAccess } from './summarize-access.js'
import { compare, documentLength, toDocument } from './statement.js'

/**
 * Makes the AWS resources of a declaration. What AWS would refuse becomes an error that names the limit and
 * what exceeds it; quotas that an account may have raised become warnings. `existing` is what a program has already, and what is
 * therefore used instead of being made; `kept` is what the deployment that is to be changed keeps beside its file.
 */
export function buildPlan(
  declaration: Declaration,
  existing: ExistingResources = {},
  kept: Kept = nothingKept,
): Result<Plan> {
  const writer = createPlanWriter()
  const things = resolveExisting(existing, declaration, createArns(declaration), writer)
  const model = createModel(declaration, things, kept)
  checkExistingNames(model, writer)
  warnAboutExisting(model, writer)
  buildAccount(model, writer)
  for (const store of model.stores) buildStore(store, model, writer)
  for (const platform of model.platforms.values()) buildPlatform(platform, model, writer)
  const policiesOf = new Map<string, Policies>()
  for (const team of model.teams.values()) policiesOf.set(team.name, buildTeam(team, model, writer))
  for (const member of model.members.values()) buildMember(member, policiesOf, model, writer)
  buildGuardrailPolicy(model, writer)
  warnAboutQuotas(declaration, writer)
  const { diagnostics } = writer
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return { ok: false, diagnostics }
  const keptByPlan = keptOn(model)
  const identityCenter = planIdentityCenter(model, reservedRolesOf(model, policiesOf), policiesOf)
  const plan: Plan = {
    formatVersion: 1,
    organization: declaration.organization,
    partition: 'aws',
    account: declaration.account,
    region: declaration.region,
    access: summarizeAccess(model),
    ...(keptByPlan === undefined ? {} : { kept: keptByPlan }),
    resources: writer.resources,
    external: externalOf(model, policiesOf),
    statements: writer.statements,
    ...(identityCenter === undefined ? {} : { identityCenter }),
  }
  return { ok: true, value: plan, diagnostics }
}

/** What there is once: the account's access block, the boundary, and the policies that members share. */
function buildAccount(model: Model, writer: PlanWriter): void {
  const { declaration, arns } = model
  const { organization, account, declaredAt } = declaration
  writer.add({
    type: 's3.AccountPublicAccessBlock',
    id: 'account/public-access-block',
    dependsOn: [],
    declaredAt,
    account,
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  })
  const policy = (id: string, name: string, description: string, statements: readonly Sourced[]): void => {
    writer.add({
      type: 'iam.Policy',
      id,
      dependsOn: [],
      declaredAt: statements[0]?.sources[0] ?? declaredAt,
      name,
      path: arns.path,
      arn: arns.policy(name),
      description,
      policy: writer.document(arns.policy(name), statements),
      tags: { 'ringfence:organization': organization },
    })
  }
  const description = `The most that anybody of ${organization} can be allowed`
  policy(shared.boundary, arns.boundaryName, description, boundaryThatFits(model, writer))
  const users = [...model.members.values()].filter((member) => member.signIn === 'user')
  if (users.some((member) => member.kind === 'person')) {
    policy(
      shared.ownSignIn,
      `${organization}-own-sign-in`,
      'Own password and MFA device',
      buildOwnSignInPolicy(model),
    )
  }
  if (users.some(isKeptInSecretsManager)) {
    policy(
      shared.ownKey,
      `${organization}-own-key`,
      'Own access key in Secrets Manager',
      buildOwnKeyPolicy(model),
    )
  }
  const services = [...model.members.values()].filter((member) => member.oidc !== undefined)
  const byEnd = groupBy([...users, ...services], endsOf)
  for (const [instant, members] of byEnd) {
    policy(endId(instant), endPolicyName(organization, instant), `All access ends at ${instant}`, [
      {
        statement: {
          Sid: 'AccessHasEnded',
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': instant } },
        },
        sources: members.map((member) => member.declaredAt),
      },
    ])
  }
  const byKeyEnd = groupBy(users, (member) =>
    member.kind === 'person' && member.keys !== undefined ? [member.keys.until] : [],
  )
  for (const [instant, members] of byKeyEnd) {
    policy(
      `${endId(instant)}/keys`,
      `${endPolicyName(organization, instant)}-keys`,
      `Access by long-lived keys ends at ${instant}`,
      [
        {
          statement: {
            Sid: 'KeysHaveEnded',
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            // Only temporary credentials, such as those of the console, have a time of issue.
            Condition: {
              DateGreaterThanEquals: { 'aws:CurrentTime': instant },
              Null: { 'aws:TokenIssueTime': 'true' },
            },
          },
          sources: members.map((member) => member.declaredAt),
        },
      ],
    )
  }
}

function boundaryThatFits(model: Model, writer: PlanWriter): Sourced[] {
  const listing = buildBoundary(model, true)
  if (documentLength(toDocument(listing)) <= limits.managedPolicyCharacters) return listing
  writer.problem(
    'warning',
    'POLICY_TOO_LONG',
    `the permissions boundary cannot list all buckets with names of their own within ${limits.managedPolicyCharacters} characters; it ends at the account's buckets instead of the organization's`,
    'Grants and bucket policies stay exact. Let more buckets have the derived name to have the stricter boundary.',
    model.declaration.declaredAt,
  )
  const shorter = buildBoundary(model, false)
  if (documentLength(toDocument(shorter)) > limits.managedPolicyCharacters) {
    writer.problem(
      'error',
      'POLICY_TOO_LONG',
      `the permissions boundary cannot list all execution roles that exist already within ${limits.managedPolicyCharacters} characters`,
      'Let ringfence make more of the execution roles.',
      model.declaration.declaredAt,
    )
  }
  return shorter
}

function groupBy(
  members: readonly Member[],
  keysOf: (member: Member) => readonly string[],
): [string, Member[]][] {
  const groups = new Map<string, Member[]>()
  for (const member of members) {
    for (const key of keysOf(member)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [member])
      else group.push(member)
    }
  }
  return [...groups].toSorted(([left], [right]) => compare(left, right))
}

function fits(statements: readonly Sourced[]): boolean {
  return documentLength(toDocument(statements)) <= limits.serviceControlPolicyCharacters
}

/** One service control policy, or two where one does not hold all. */
function buildGuardrailPolicy(model: Model, writer: PlanWriter): void {
  const { declaration } = model
  if (declaration.guardrail === 'none') return
  const work = workGuardrailThatFits(model, writer)
  const listing = buildGuardrail(model, true)
  if (fits([...listing, ...work])) return addGuardrail('guardrail', [...listing, ...work], model, writer)
  // The bucket policies themselves hold against everyone but root; that one part can go.
  const statements = fits(listing) ? listing : buildGuardrail(model, false)
  if (!fits(statements)) {
    const length = documentLength(toDocument(statements))
    writer.problem(
      'error',
      'GUARDRAIL_TOO_LONG',
      `the service control policy has ${length} characters; ringfence keeps to ${limits.serviceControlPolicyCharacters}`,
      'It lists the administrators, and the users, groups and roles that existed, several times: have fewer of them, such as one role that administrators share.',
      declaration.declaredAt,
    )
  }
  addGuardrail('guardrail', statements, model, writer)
  if (work.length > 0) addGuardrail('guardrail-platforms', work, model, writer)
}

function workGuardrailThatFits(model: Model, writer: PlanWriter): Sourced[] {
  const listing = buildWorkGuardrail(model, true)
  if (fits(listing)) return listing
  writer.problem(
    'warning',
    'GUARDRAIL_TOO_LONG',
    `the service control policy cannot list ${model.platforms.size} platforms within ${limits.serviceControlPolicyCharacters} characters; it keeps whoever is not in the file from everything of SageMaker that is named A--B--C`,
    'Work on platforms is named so. Have fewer platforms to let others use such names.',
    model.declaration.declaredAt,
  )
  return buildWorkGuardrail(model, false)
}

function addGuardrail(
  id: 'guardrail' | 'guardrail-platforms',
  statements: readonly Sourced[],
  { declaration }: Model,
  writer: PlanWriter,
): void {
  writer.add({
    type: 'organizations.Policy',
    id,
    dependsOn: [shared.boundary],
    declaredAt: declaration.declaredAt,
    name: `${declaration.organization}-${id}`,
    description: `Only administrators change what ringfence made for ${declaration.organization}`,
    targetAccount: declaration.account,
    policy: writer.document(id, statements),
  })
}

function warnAboutQuotas(declaration: Declaration, writer: PlanWriter): void {
  const counts = new Map<string, number>()
  for (const { type } of writer.resources) counts.set(type, (counts.get(type) ?? 0) + 1)
  for (const [type, quota] of Object.entries(accountQuotas)) {
    const count = counts.get(type) ?? 0
    if (count <= quota) continue
    writer.problem(
      'warning',
      'ACCOUNT_QUOTA',
      `the plan has ${count} resources of type ${type}; an account has room for ${quota} unless AWS raised its quota`,
      type === 'iam.User'
        ? 'Let people sign in by federation: team roles need no users.'
        : 'Ask AWS for a higher quota, or use several accounts.',
      declaration.declaredAt,
    )
  }
}
