import type { Declaration } from '../declaration.js'
import type { SourceSpan } from '../plan.js'
import type { Arns } from './arns.js'
import { nothingExists } from './existing-things.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import { toDocument } from './statement.js'
import { buildExecutionTrust } from './trust.js'

/**
 * Reports what exists already and would be one on AWS with another thing of the plan: the same key twice, or a
 * user that is to be made under the name of one that is there. IAM tells names apart neither by path nor by case.
 */
export function checkExistingNames(model: Model, writer: PlanWriter): void {
  const { arns, declaration, existing } = model
  if (existing === nothingExists) return
  const named = (what: string, entries: readonly Named[]): void => {
    const seen = new Map<string, Named>()
    for (const entry of entries) {
      const other = seen.get(entry.name.toLowerCase())
      seen.set(entry.name.toLowerCase(), entry)
      if (other === undefined || !(other.exists || entry.exists)) continue
      writer.problem(
        'error',
        'EXISTING_DUPLICATE',
        `${other.of} and ${entry.of} would have the same ${what}: "${entry.name}"`,
        'Hand in another one, or rename what ringfence is to make.',
        entry.declaredAt,
        [{ message: `${other.of} is declared here`, span: other.declaredAt }],
      )
    }
  }
  named('user', usersOf(declaration, model))
  named(
    'group',
    [...model.teams.values()].map((team) => ({
      of: `team "${team.name}"`,
      name: arns.groupName(team.name),
      exists: existing.groups.has(team.name),
      declaredAt: team.declaredAt,
    })),
  )
  named('role', rolesOf(model))
  named(
    'key',
    model.stores.flatMap((store) => {
      const name = existing.keys.get(`${store.kind}/${store.name}`)
      const of = `${store.kind} "${store.name}"`
      return name === undefined ? [] : [{ of, name, exists: true, declaredAt: store.declaredAt }]
    }),
  )
}

interface Named {
  /** For messages: `member "ada"`. */
  readonly of: string
  readonly name: string
  readonly exists: boolean
  readonly declaredAt: SourceSpan
}

function usersOf({ members }: Declaration, { arns, existing }: Model): readonly Named[] {
  return members
    .filter((one) => one.signIn === 'user')
    .map(({ name, declaredAt }) => ({
      of: `member "${name}"`,
      name: arns.userName(name),
      exists: existing.users.has(name),
      declaredAt,
    }))
}

function rolesOf({
  arns,
  declaration,
  existing,
  federatedOf,
  members,
  platforms,
  teams,
}: Model): readonly Named[] {
  const ofTeams = [...teams.values()]
    .filter(
      (team) =>
        declaration.identityProvider?.kind !== 'identityCenter' &&
        (federatedOf.get(team.name)?.length ?? 0) > 0,
    )
    .map(({ name, declaredAt }) => ({
      of: `team "${name}"`,
      name: arns.teamName(name),
      exists: false,
      declaredAt,
    }))
  const ofPlatforms = [...platforms.values()].map(({ name, declaredAt }) => ({
    of: `platform "${name}"`,
    name: arns.executionRoleName(name),
    exists: existing.roles.has(name),
    declaredAt,
  }))
  const ofServices = [...members.values()]
    .filter(({ oidc }) => oidc !== undefined)
    .map(({ name, declaredAt }) => ({
      of: `member "${name}"`,
      name: arns.serviceRoleName(name),
      exists: false,
      declaredAt,
    }))
  return [...ofTeams, ...ofPlatforms, ...ofServices]
}

/** Says what ringfence does not see or set of things that it did not make. */
export function warnAboutExisting(model: Model, writer: PlanWriter): void {
  const { declaration, existing, members, platforms, teams } = model
  const warning = (
    code: Parameters<PlanWriter['problem']>[1],
    message: string,
    hint: string,
    span: SourceSpan | undefined,
  ): void => {
    writer.problem('warning', code, message, hint, span ?? declaration.declaredAt)
  }
  for (const [name, { arn }] of existing.users) {
    warning(
      'EXISTING_WITHOUT_BOUNDARY',
      `member "${name}" is the user ${arn}, which gets no permissions boundary of ringfence: whatever else it may do stays, copying what it reads elsewhere included`,
      boundaryHint(model.arns),
      members.get(name)?.declaredAt,
    )
  }
  for (const [name, { arn }] of existing.roles) {
    const span = platforms.get(name)?.declaredAt
    warning(
      'EXISTING_WITHOUT_BOUNDARY',
      `platform "${name}" runs as the role ${arn}, which gets no permissions boundary of ringfence: whatever else it may do, the platform's jobs may do too`,
      boundaryHint(model.arns),
      span,
    )
    const trust = JSON.stringify(toDocument(buildExecutionTrust(model, declaration.declaredAt)))
    warning(
      'EXISTING_ROLE_TRUST',
      `ringfence does not set who may take the role ${arn} of platform "${name}"; whoever may reads and writes what the platform does`,
      `Its trust policy must contain this and nothing else: ${trust}`,
      span,
    )
  }
  const fromPlatforms =
    declaration.guardrail === 'none' ? 'nothing from platforms' : 'the guardrail from platforms'
  for (const [name, { arn }] of existing.groups) {
    warning(
      'EXISTING_GROUP_MEMBERS',
      `team "${name}" is the group ${arn}: those in it whom the file does not list get the team's policies too; the fence keeps them from data, and ${fromPlatforms}`,
      'Let nobody be in the group but the members of the team.',
      teams.get(name)?.declaredAt,
    )
  }
  for (const [key, arn] of existing.keys) {
    const store = model.stores.find((one) => `${one.kind}/${one.name}` === key)
    warning(
      'EXISTING_KEY_GRANTS',
      `${key} uses the key ${arn}: ringfence sets its policy, and neither sees its grants nor turns on its rotation`,
      'Retire its grants ("aws kms list-grants"), and turn on its rotation.',
      store?.declaredAt,
    )
  }
}

function boundaryHint(arns: Arns): string {
  return `Set ${arns.boundary} as its boundary once that exists, or let ringfence make it.`
}
