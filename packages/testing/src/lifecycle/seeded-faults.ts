import { keptAfter, type MemberKey, type UpdateRun } from '@ringfence/lifecycle'
import type { AccessSummary, Plan, PolicyDocument } from '@ringfence/plan'
import { isMadeLater, type Registration } from './registrations.js'

/** A fault that is put in by hand, to see that it is found. */
export interface SeededFault {
  readonly plan?: (plan: Plan) => Plan
  /** Instead of what is asked for; `recorded` is what the state has of the same resource. */
  readonly registration?: (asked: Registration, recorded: Registration['inputs'] | undefined) => Registration
  /** What an interrupted creation left is not looked for. */
  readonly leaves?: 'accessKeys' | 'identityCenter' | 'kmsKeys' | 'secretVersions' | 'unprovisionedSets'
  readonly rotation?: typeof keptAfter
  /** Instead of what is known of the keys that a rotation goes by. */
  readonly keys?: (keys: readonly MemberKey[]) => readonly MemberKey[]
  /** Instead of what the update before has noted; `plan`: what is deployed now. */
  readonly noted?: (access: AccessSummary, plan: Plan) => AccessSummary
  readonly runs?: (runs: readonly UpdateRun[]) => readonly UpdateRun[]
}

/** Faults that ringfence must not have, put in by hand. */
export const seededFaults: Readonly<Record<string, SeededFault>> = {
  'who leaves a team stays in its group': {
    registration: (asked, recorded) =>
      asked.type === 'aws:iam/groupMembership:GroupMembership' ? keepingMembers(asked, recorded) : asked,
  },
  'a role goes on trusting who was in its team': {
    registration: (asked) =>
      asked.type === 'aws:iam/role:Role' ? { ...asked, ignoreChanges: ['assumeRolePolicy'] } : asked,
  },
  'sessions of who left a role are not revoked': {
    runs: (runs) => runs.map((run) => ({ ...run, revoke: [] })),
  },
  'whom a killed update has taken out of a trust is forgotten': {
    runs: (runs) => runs.map((run) => ({ ...run, isRevokedAgain: false })),
  },
  'a team gets more while sessions of who left it may go on': {
    runs: ([takes, revokes, gives]) =>
      [takes!, gives && revokes ? { ...gives, revoke: revokes.revoke } : revokes].flatMap((run) => run ?? []),
  },
  'sessions of a pipeline that has gone are not revoked': {
    runs: (runs) =>
      runs.map((run) => ({ ...run, revoke: run.revoke.filter(({ team }) => team !== undefined) })),
  },
  'whoever has an end is let in before that end is told': {
    runs: (runs) => runs.map((run) => ({ ...run, prepare: [] })),
  },
  'whoever is called as somebody was is taken for them, however they sign in': {
    noted: (access, plan) => ({ ...access, ...signInsOf(access, plan) }),
  },
  'what is given does not wait for what is taken away': { runs: (runs) => runs.slice(-1) },
  'sessions of who has ended live on': { plan: (plan) => withPolicies(plan, withoutMemberEnds) },
  'access has no end': { plan: (plan) => withPolicies(plan, withoutEnds) },
  'a rotation deactivates the only key that works': {
    rotation: (keys, step, at) =>
      keptAfter(keys, step, at).map((key) => Object.assign({}, key, { status: 'inactive' as const })),
  },
  'a rotation deactivates a key by which the new one is still to be fetched': {
    keys: (keys) => keys.map((key) => Object.assign({}, key, { deliveredMs: 0 })),
  },
  'a key that is encrypted to somebody else is made before the one in its place is deleted': {
    registration: (asked) => (asked.type === accessKey ? { ...asked, deleteBeforeReplace: false } : asked),
  },
  'a secret stays encrypted to whom the file named before': {
    registration: (asked) => (isCiphertext(asked) ? { ...asked, replacementTrigger: undefined } : asked),
  },
  'a secret that is to be encrypted is kept as it is': {
    registration: (asked) => (isCiphertext(asked) ? { ...asked, inputs: inTheClear(asked.inputs) } : asked),
  },
  'an interrupted delivery pushes the old key out of the secret': { leaves: 'secretVersions' },
  'an interrupted creation leaves an access key behind': { leaves: 'accessKeys' },
  'sessions of who left a permission set are not refused': { plan: withoutRefusalsInSets },
  'what an interrupted update changed of a permission set never reaches its role': {
    leaves: 'unprovisionedSets',
  },
  'an interrupted creation leaves something behind in Identity Center': { leaves: 'identityCenter' },
  'an interrupted creation leaves a KMS key behind': { leaves: 'kmsKeys' },
  'the guardrail is off while somebody leaves': { plan: withoutGuardrailMeanwhile },
  'jobs go on with what their platform no longer reads': {
    registration: (asked, recorded) =>
      asked.type === 'aws:iam/policy:Policy' && asked.name.includes('/platform/') && recorded !== undefined
        ? { ...asked, ignoreChanges: ['policy'] }
        : asked,
  },
  'a grant that ended is not taken back': {
    registration: (asked, recorded) =>
      asked.type === 'aws:iam/policy:Policy' && recorded !== undefined
        ? { ...asked, ignoreChanges: ['policy'] }
        : asked,
  },
}

const accessKey = 'aws:iam/accessKey:AccessKey'

function isCiphertext({ name, type }: Registration): boolean {
  return type === 'pulumi:index:Stash' && name.endsWith('/encrypted-secret')
}

function inTheClear({ input }: Registration['inputs']): Registration['inputs'] {
  if (!isMadeLater(input)) throw new Error('nothing is encrypted here')
  return { input: { made: { ...input.made, by: (told: unknown) => told } } }
}

/** As the file has them now. */
function signInsOf(access: AccessSummary, plan: Plan): Pick<AccessSummary, 'identityProvider' | 'members'> {
  const { identityProvider, members: now } = plan.access
  const members = Object.entries(access.members).map(([name, member]) => {
    const { email: _, oidc: _oidc, ...rest } = member
    const { email, oidc } = now[name]?.kind === member.kind ? now[name] : member
    return [name, { ...rest, ...(email === undefined ? {} : { email }), ...(oidc && { oidc }) }] as const
  })
  return { ...(identityProvider && { identityProvider }), members: Object.fromEntries(members) }
}

/** Of those that the state has, whoever is still a user: others cannot be in a group. */
function keepingMembers(asked: Registration, recorded: Registration['inputs'] | undefined): Registration {
  const users = asked.inputs['users'] as readonly string[]
  const before = (recorded?.['users'] ?? []) as readonly string[]
  return { ...asked, inputs: { ...asked.inputs, users: [...new Set([...users, ...before])] } }
}

function withoutGuardrailMeanwhile(plan: Plan): Plan {
  if (plan.kept?.leaving === undefined) return plan
  return { ...plan, resources: plan.resources.filter(({ type }) => type !== 'organizations.Policy') }
}

/** The policies that refuse sessions are there, and permission sets do not name them. */
function withoutRefusalsInSets(plan: Plan): Plan {
  const { identityCenter } = plan
  if (identityCenter === undefined) return plan
  const resources = identityCenter.resources.map((one) => {
    if (one.type !== 'ssoadmin.PermissionSet') return one
    const customerManagedPolicies = one.customerManagedPolicies.filter(
      ({ name }) => !name.startsWith(`${plan.organization}-revoked-`),
    )
    return { ...one, customerManagedPolicies }
  })
  return { ...plan, identityCenter: { ...identityCenter, resources } }
}

function withPolicies(plan: Plan, change: (policy: PolicyDocument) => PolicyDocument): Plan {
  const resources = plan.resources.map((one) =>
    one.type === 'iam.Policy' ? { ...one, policy: change(one.policy) } : one,
  )
  return { ...plan, resources }
}

/** Without what a statement says of the clock; a denial that begins at an end never begins. */
function withoutEnds(policy: PolicyDocument): PolicyDocument {
  const Statement = policy.Statement.map((statement) => {
    const { DateLessThan: _, ...Condition } = statement.Condition ?? {}
    const { Condition: _all, ...rest } = statement
    return Object.keys(Condition).length === 0 ? rest : { ...rest, Condition }
  })
  return { ...policy, Statement }
}

/** Without the denials that go by who somebody is. */
function withoutMemberEnds(policy: PolicyDocument): PolicyDocument {
  const Statement = policy.Statement.filter(
    ({ Condition }) => !JSON.stringify(Condition ?? {}).includes(':sub"'),
  )
  // AWS takes no policy without a statement.
  return Statement.length === 0 ? { ...policy, Statement: [harmless] } : { ...policy, Statement }
}

const harmless = { Sid: 'Harmless', Effect: 'Deny', Action: 'sns:*', Resource: '*' } as const
