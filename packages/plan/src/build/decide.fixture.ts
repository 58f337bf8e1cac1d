import type { CompiledPolicy, DecisionKind, Layers, PolicyKind } from '@ringfence/policy'
import { authorize, compilePolicy, readPolicy } from '@ringfence/policy'
import type { IamPolicy, Plan, PolicyDocument } from '../plan.js'

/** Every policy of a plan with its kind and the name that decisions use, as it would be compiled. */
export function policiesOf(plan: Plan): { kind: PolicyKind; name: string; document: PolicyDocument }[] {
  const boundaries = new Set(
    plan.resources.flatMap((one) =>
      one.type === 'iam.User' || one.type === 'iam.Role' ? [one.permissionsBoundary] : [],
    ),
  )
  const aliases = new Map(
    plan.resources.flatMap((one) => (one.type === 'kms.Alias' ? [[one.key, one.arn] as const] : [])),
  )
  const secrets = new Map(
    plan.resources.flatMap((one) =>
      one.type === 'secretsmanager.Secret' ? [[one.id, one.arn] as const] : [],
    ),
  )
  return plan.resources.flatMap((one): { kind: PolicyKind; name: string; document: PolicyDocument }[] => {
    switch (one.type) {
      case 'iam.Policy':
        return [
          { kind: boundaries.has(one.arn) ? 'boundary' : 'identity', name: one.arn, document: one.policy },
        ]
      case 'iam.Role':
        return [{ kind: 'trust', name: one.arn, document: one.assumeRolePolicy }]
      case 'kms.KeyPolicy':
        return [{ kind: 'resource', name: aliases.get(one.key) ?? one.key, document: one.policy }]
      case 's3.BucketPolicy':
        return [{ kind: 'resource', name: `arn:aws:s3:::${one.bucket}`, document: one.policy }]
      case 'kms.Key':
        return [{ kind: 'resource', name: aliases.get(one.id) ?? one.id, document: one.policy }]
      case 'secretsmanager.SecretPolicy':
        return [{ kind: 'resource', name: secrets.get(one.secret) ?? one.secret, document: one.policy }]
      case 'organizations.Policy':
        return [{ kind: 'serviceControl', name: one.id, document: one.policy }]
      default:
        return []
    }
  })
}

interface Principal {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly permissionsBoundary?: string
}

export interface Question {
  /** ARN of a user or role of the plan, or of anybody else; `anonymous`. */
  readonly who: string
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, string | boolean>>
  /** Somebody attached AdministratorAccess to them by hand. */
  readonly widened?: boolean
  /** The key behind a `kms:` question, by alias name. */
  readonly alias?: string
}

const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' }],
}

function compile(document: PolicyDocument, kind: PolicyKind, name: string): CompiledPolicy {
  const read = readPolicy(document, { kind, name })
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
  return compilePolicy(read.policy)
}

/** Decides requests against a whole plan, as an account that consists of it would. */
export function createDecider(plan: Plan): (question: Question) => DecisionKind {
  const compiled = new Map(
    policiesOf(plan).map(({ kind, name, document }) => [name, compile(document, kind, name)]),
  )
  const asIdentity = new Map(
    plan.resources
      .filter((one): one is IamPolicy => one.type === 'iam.Policy')
      .map((one) => [one.arn, compile(one.policy, 'identity', one.arn)]),
  )
  const attached = new Map([
    ...plan.resources.flatMap((one) =>
      one.type === 'iam.PolicyAttachments' ? [[`${one.target}/${one.name}`, one.policyArns] as const] : [],
    ),
    ...plan.external.flatMap((one) =>
      one.kind === 'reservedRole' ? [[`role/${one.arn.replaceAll('?', 'f')}`, one.policyArns] as const] : [],
    ),
  ])
  const groups = new Map(
    plan.resources.flatMap((one) =>
      one.type === 'iam.UserGroupMembership' ? [[one.user, one.groups] as const] : [],
    ),
  )
  const principals = new Map<string, Principal>([
    ...plan.resources.flatMap((one) =>
      one.type === 'iam.User' || one.type === 'iam.Role' ? [[one.arn, one] as const] : [],
    ),
    // As the permission set of a team has it, whatever the suffix.
    ...plan.external.flatMap((one) =>
      one.kind === 'reservedRole'
        ? [[one.arn.replaceAll('?', 'f'), { ...one, name: one.arn.replaceAll('?', 'f'), tags: {} }] as const]
        : [],
    ),
    // Those that existed have no boundary and no tags of ringfence's.
    ...plan.external.flatMap((one) =>
      one.purpose === 'member' || one.purpose === 'execution'
        ? [[one.arn, { ...one, tags: {} }] as const]
        : [],
    ),
  ])
  const administrator = compile(everything, 'identity', 'AdministratorAccess')
  const fullAccess = compile(everything, 'serviceControl', 'FullAWSAccess')
  const guardrails = ['guardrail', 'guardrail-platforms'].flatMap((id) => compiled.get(id) ?? [])
  const identityPolicy = (arn: string): CompiledPolicy => {
    const policy = asIdentity.get(arn)
    if (policy === undefined) throw new Error(`attached, and not in the plan: ${arn}`)
    return policy
  }

  return ({ who, action, resource, context, alias, widened }) => {
    const principal = principals.get(who)
    const bucket = resource.split('/')[0] ?? ''
    const role = who.includes(':role/')
    const layers: Layers = {
      identityPolicies:
        principal === undefined
          ? [administrator]
          : [
              ...(widened === true ? [administrator.name] : []),
              ...(attached.get(`${role ? 'role' : 'user'}/${principal.name}`) ?? []),
              ...(groups.get(principal.name) ?? []).flatMap((group) => attached.get(`group/${group}`) ?? []),
            ].map((arn) => (arn === administrator.name ? administrator : identityPolicy(arn))),
      ...(principal?.permissionsBoundary === undefined
        ? {}
        : {
            permissionsBoundary: [
              compiled.get(principal.permissionsBoundary) ?? identityPolicy('no boundary'),
            ],
          }),
      ...(guardrails.length === 0 ? {} : { serviceControlPolicies: [[fullAccess, ...guardrails]] }),
    }
    const isSecret = resource.includes(':secret:')
    const owner = action.startsWith('sts:')
      ? resource
      : isSecret
        ? resource.replace(/-[A-Za-z0-9]{6}$/, '')
        : bucket
    const policy = compiled.get(
      alias === undefined ? owner : `arn:aws:kms:${plan.region}:${plan.account}:${alias}`,
    )
    return authorize(
      {
        principal: role
          ? `arn:aws:sts::${plan.account}:assumed-role/${who.slice(who.lastIndexOf('/') + 1)}/session`
          : who,
        action,
        resource,
        resourceAccount: plan.account,
        context: {
          'aws:SecureTransport': true,
          'aws:CurrentTime': '2026-11-22T00:00:00Z',
          ...(role ? { 'aws:PrincipalArn': who } : {}),
          ...(who.includes(':user/') ? { 'aws:username': who.slice(who.lastIndexOf('/') + 1) } : {}),
          ...Object.fromEntries(
            Object.entries(principal?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
          ),
          ...(alias === undefined
            ? {}
            : { 'kms:ResourceAliases': [alias], 'kms:ViaService': `s3.${plan.region}.amazonaws.com` }),
          ...context,
        },
      },
      policy === undefined ? layers : { ...layers, resourcePolicy: policy },
    ).decision
  }
}
