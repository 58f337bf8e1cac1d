import type { ContextEntry, EvaluationResult, SimulateCustomPolicyRequest } from '@aws-sdk/client-iam'
import type { CompiledPolicy, ContextValue, Decision, PolicyKind, RequestContext } from '@ringfence/policy'
import { RingfenceError, authorize, compilePolicy, parsePolicy } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import { noSuchEntity } from './errors.js'
import { iamArn } from './identifiers.js'
import type { IamDeps, IamOperations } from './operation.js'
import { getUser, required } from './operation.js'
import { page } from './pages.js'
import { defaultDocument, findPolicy } from './policy-uses.js'
import type { GroupRecord, RoleRecord, UserRecord } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey } from './tables.js'

interface Simulation {
  readonly principal: string
  readonly identityPolicies: readonly CompiledPolicy[]
  readonly permissionsBoundary: readonly CompiledPolicy[] | undefined
  readonly resourcePolicy: CompiledPolicy | undefined
  readonly context: RequestContext
}

type SimulateInput = Omit<SimulateCustomPolicyRequest, 'PolicyInputList'>

/** The policy simulator, answered by the same evaluator that decides on real requests. */
export const simulateOperations = {
  SimulateCustomPolicy(input, call) {
    const policies = required(input.PolicyInputList, 'policyInputList')
    return simulate(input, {
      principal: input.CallerArn ?? iamArn(call.caller.account, 'user/simulated'),
      identityPolicies: policies.map((text, index) =>
        compile(text, 'identity', `PolicyInputList.${index + 1}`),
      ),
      permissionsBoundary: boundaryOf(input),
      resourcePolicy: resourcePolicyOf(input),
      context: {},
    })
  },

  SimulatePrincipalPolicy(input, call, deps) {
    const source = required(input.PolicySourceArn, 'policySourceArn')
    const { account } = call.caller
    const holders = holdersOf(deps.tables, account, source)
    const own = holders.flatMap((holder) => policiesOf(deps.tables, holder))
    const more = (input.PolicyInputList ?? []).map((text, index) =>
      compile(text, 'identity', `PolicyInputList.${index + 1}`),
    )
    const holder = holders[0]
    return simulate(input, {
      principal: input.CallerArn ?? simulatedPrincipal(holder, account),
      identityPolicies: [...own, ...more],
      permissionsBoundary: boundaryOf(input) ?? ownBoundary(deps, holder),
      resourcePolicy: resourcePolicyOf(input),
      context: contextOf(holder),
    })
  },
} satisfies IamOperations

function simulate(input: SimulateInput, simulation: Simulation) {
  const actions = required(input.ActionNames, 'actionNames')
  const resources = input.ResourceArns ?? ['*']
  const pairs = actions.flatMap((action) => resources.map((resource) => ({ action, resource })))
  const context = { ...simulation.context, ...readContext(input.ContextEntries) }
  const { items, ...rest } = page(
    pairs.map(({ action, resource }, index) => ({ action, resource, index })),
    input,
    ({ index }) => String(index).padStart(9, '0'),
  )
  const EvaluationResults = items.map(({ action, resource }): EvaluationResult => {
    const { permissionsBoundary } = simulation
    const decision = decide(input, simulation, { action, resource, context })
    return describeDecision(action, resource, decision, permissionsBoundary !== undefined)
  })
  return { EvaluationResults, ...rest }
}

/** What the evaluator does not understand, such as an ARN that is none, is the caller's mistake. */
function decide(
  input: SimulateInput,
  simulation: Simulation,
  asked: { readonly action: string; readonly resource: string; readonly context: RequestContext },
): Decision {
  const { principal, resourcePolicy, identityPolicies, permissionsBoundary } = simulation
  const owner = input.ResourceOwner?.replace(/^arn:aws:iam::(\d+):.*$/, '$1')
  try {
    return authorize(
      { principal, ...asked, ...(owner === undefined ? {} : { resourceAccount: owner }) },
      {
        identityPolicies,
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
        ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
      },
    )
  } catch (error) {
    if (error instanceof RingfenceError) throw new AwsError('InvalidInput', error.message, 400)
    throw error
  }
}

function describeDecision(
  action: string,
  resource: string,
  decision: Decision,
  bounded: boolean,
): EvaluationResult {
  const words = { allow: 'allowed', explicitDeny: 'explicitDeny', implicitDeny: 'implicitDeny' } as const
  const allowedByBoundary =
    decision.missing !== 'boundary' &&
    !decision.statements.some(({ layer, effect }) => layer === 'boundary' && effect === 'Deny')
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: words[decision.decision],
    MatchedStatements: decision.statements.map(({ policy }) => ({ SourcePolicyId: policy })),
    MissingContextValues: [],
    ...(bounded
      ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowedByBoundary } }
      : {}),
  }
}

function compile(text: string, kind: PolicyKind, name: string): CompiledPolicy {
  const read = parsePolicy(text, { kind, name })
  if (read.ok) return compilePolicy(read.policy)
  throw new AwsError('InvalidInput', `${name}: ${read.diagnostics[0]?.message ?? 'malformed policy'}`, 400)
}

function boundaryOf(input: SimulateInput): readonly CompiledPolicy[] | undefined {
  return input.PermissionsBoundaryPolicyInputList?.map((text, index) =>
    compile(text, 'boundary', `PermissionsBoundaryPolicyInputList.${index + 1}`),
  )
}

function resourcePolicyOf(input: SimulateInput): CompiledPolicy | undefined {
  return input.ResourcePolicy === undefined
    ? undefined
    : compile(input.ResourcePolicy, 'resource', 'ResourcePolicy')
}

/** A user with its groups, or a group or role alone. */
function holdersOf(
  tables: IamTables,
  account: string,
  arn: string,
): (UserRecord | GroupRecord | RoleRecord)[] {
  const kind = /^arn:aws:iam::\d{12}:(user|group|role)\//.exec(arn)?.[1]
  const key = nameKey(account, arn.slice(arn.lastIndexOf('/') + 1))
  const table = { user: tables.users, group: tables.groups, role: tables.roles }[kind ?? '']
  const found = table?.get(key)
  if (found === undefined || found.arn !== arn) throw noSuchEntity(`${arn} cannot be found.`)
  if (kind !== 'user') return [found]
  const groups = getUser(tables, account, found.name).groups.flatMap(
    (name) => tables.groups.get(nameKey(account, name)) ?? [],
  )
  return [found, ...groups]
}

function policiesOf(tables: IamTables, holder: GroupRecord): CompiledPolicy[] {
  const inline = Object.entries(holder.inline).map(([name, text]) =>
    compile(text, 'identity', `${holder.arn}#${name}`),
  )
  const attached = holder.attached.flatMap((arn) => {
    const policy = findPolicy(tables, holder.account, arn)
    return policy === undefined ? [] : [compile(defaultDocument(policy), 'identity', arn)]
  })
  return [...inline, ...attached]
}

function ownBoundary(
  { tables }: IamDeps,
  holder: Partial<UserRecord> | undefined,
): CompiledPolicy[] | undefined {
  if (holder?.boundary === undefined) return undefined
  const policy = findPolicy(tables, holder.account ?? '', holder.boundary)
  return policy === undefined ? [] : [compile(defaultDocument(policy), 'boundary', policy.arn)]
}

/** A group has no requests of its own: a user in it stands for it. */
function simulatedPrincipal(holder: GroupRecord | undefined, account: string): string {
  return holder === undefined || holder.arn.includes(':group/')
    ? iamArn(account, 'user/simulated')
    : holder.arn
}

function contextOf(holder: Partial<UserRecord> | undefined): RequestContext {
  const tags = Object.entries(holder?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])
  const user = holder?.arn?.includes(':user/') === true
  return {
    ...Object.fromEntries(tags),
    ...(user ? { 'aws:username': holder?.name ?? '', 'aws:userid': holder?.id ?? '' } : {}),
  }
}

function readContext(entries: readonly ContextEntry[] | undefined): RequestContext {
  const context: Record<string, ContextValue> = {}
  for (const { ContextKeyName, ContextKeyValues, ContextKeyType } of entries ?? []) {
    const values = ContextKeyValues ?? []
    const list = ContextKeyType?.endsWith('List') ?? values.length > 1
    context[ContextKeyName ?? ''] = list ? values : (values[0] ?? '')
  }
  return context
}
