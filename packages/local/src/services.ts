import type { CompiledPolicy } from '@ringfence/policy'
import { authorize } from '@ringfence/policy'
import { AwsError } from './aws-error.js'
import type { Call, Database, ServiceName } from './call.js'
import { cloudTrailOperations } from './cloudtrail/operations.js'
import { type CloudTrailTables, openCloudTrailTables } from './cloudtrail/tables.js'
import { checkInput } from './constraints/check-input.js'
import { CompiledPolicies } from './enforce/compiled-policies.js'
import { Enforcement } from './enforce/enforcement.js'
import { Principals } from './enforce/principals.js'
import { replacePrincipal } from './enforce/replace-principal.js'
import type { State } from './enforce/state-view.js'
import { StateView } from './enforce/state-view.js'
import { watchDatabase } from './enforce/watched-database.js'
import { identityStoreOperations } from './identity-center/identity-store-operations.js'
import { ssoAdminOperations } from './identity-center/sso-admin-operations.js'
import type { IdentityCenterDeps } from './identity-center/operation.js'
import { openIdentityCenterTables } from './identity-center/tables.js'
import { organizationOperations } from './organizations/operations.js'
import { openOrganizationTables } from './organizations/tables.js'
import type { Granted } from './http/operations.js'
import { LastUse } from './iam/last-use.js'
import { iamOperations } from './iam/operations.js'
import { openIamTables } from './iam/tables.js'
import { kmsOperations } from './kms/operations.js'
import { findKey, openKmsTables } from './kms/tables.js'
import type { AnyOperation } from './operation-types.js'
import { secretsManagerOperations } from './secrets-manager/operations.js'
import { openSecretsManagerTables } from './secrets-manager/tables.js'
import { S3State } from './s3/state.js'
import { sageMakerOperations } from './sagemaker/operations.js'
import { runtimeOperations } from './sagemaker/runtime.js'
import { openSageMakerTables } from './sagemaker/tables.js'
import { Credentials } from './sts/credentials.js'
import type { WebIdentityKey } from './sts/operation.js'
import { stsOperations } from './sts/operations.js'
import { openStsTables } from './sts/records.js'
import type { StsTables } from './sts/records.js'
import { Trust } from './sts/trust.js'

export interface ServicesOptions {
  readonly database: Database
  readonly nowMs: () => number
  readonly webIdentityKeys: (issuer: string) => readonly WebIdentityKey[]
}

/** IAM, STS, KMS, Secrets Manager, SageMaker, Organizations, Identity Center and CloudTrail over one database, with the enforcement that guards all services. */
export interface Services {
  /** The database through which everything has to write, so that enforcement learns of changes. */
  readonly database: Database
  readonly state: State
  readonly sts: StsTables
  readonly cloudTrail: CloudTrailTables
  readonly credentials: Credentials
  readonly enforcement: Enforcement
  readonly trust: Trust
  /** By `service:Operation`; S3's are not among them. */
  readonly operations: ReadonlyMap<string, (input: never, call: Call, granted: Granted) => unknown>
  /** The ARN of the key that S3 is to use; without an id the one that AWS manages. */
  readonly s3KeyArn: (call: Call, keyId: string | undefined) => string
  /** Saves what was only kept in memory and closes the database. */
  readonly close: () => Promise<void>
}

export function createServices(options: ServicesOptions): Services {
  const database = watchDatabase(
    options.database,
    ['iam.', 'organizations.', 's3.buckets', 's3.accountBlocks'],
    () => {
      principals.forget()
      credentials.forget()
      view.forget()
    },
  )
  const state: State = {
    iam: openIamTables(database),
    s3: new S3State(database),
    kms: openKmsTables(database),
    sageMaker: openSageMakerTables(database),
    organizations: openOrganizationTables(database),
    identityCenter: openIdentityCenterTables(database),
    secretsManager: openSecretsManagerTables(database),
  }
  const sts = openStsTables(database)
  const cloudTrail = openCloudTrailTables(database)
  const compiled = new CompiledPolicies()
  const principals = new Principals(state.iam, state.organizations, compiled)
  const credentials = new Credentials(state.iam, sts, options.nowMs)
  const view = new StateView(state)
  const lastUse = new LastUse(state.iam)
  const enforcement = new Enforcement({ view, principals, compiled, noteUse: (call) => lastUse.note(call) })
  const trust = new Trust(state.iam, principals, compiled)
  const write = <Result>(work: () => Result) => database.transaction(work)
  const identityCenter: IdentityCenterDeps = {
    tables: state.identityCenter,
    iam: state.iam,
    organizations: state.organizations,
    write,
    replacePrincipal: (from, to) => replacePrincipal(state, from, to),
  }
  const operations = new Map([
    ...bind('iam', iamOperations, {
      tables: state.iam,
      write,
      lastUse,
      replacePrincipal: (from: string, to: string) => replacePrincipal(state, from, to),
    }),
    ...bind('sts', stsOperations, {
      tables: sts,
      iam: state.iam,
      write,
      trust,
      webIdentityKeys: options.webIdentityKeys,
    }),
    ...bind('kms', kmsOperations, {
      tables: state.kms,
      iam: state.iam,
      write,
      mayPutKeyPolicy: (call: Call, keyArn: string, policy: CompiledPolicy) =>
        mayPutKeyPolicy(principals, call, keyArn, policy),
    }),
    ...bind('sagemaker', sageMakerOperations, {
      tables: state.sageMaker,
      write,
      canAssume: (call: Call, roleArn: string) => canSageMakerAssume(trust, call, roleArn),
    }),
    ...bind('sagemaker-runtime', runtimeOperations, { tables: state.sageMaker }),
    ...bind('organizations', organizationOperations, { tables: state.organizations, write }),
    ...bind('sso-admin', ssoAdminOperations, identityCenter),
    ...bind('identitystore', identityStoreOperations, identityCenter),
    ...bind('secretsmanager', secretsManagerOperations, {
      tables: state.secretsManager,
      iam: state.iam,
      write,
    }),
    ...bind('cloudtrail', cloudTrailOperations, { tables: cloudTrail }),
  ])
  const close = async () => {
    await write(() => lastUse.save())
    await database.close()
  }
  const s3KeyArn = (call: Call, keyId: string | undefined) => resolveS3Key(state, call, keyId)
  return { database, state, sts, cloudTrail, credentials, enforcement, trust, operations, s3KeyArn, close }
}

/** Gives each operation what it works with, and lets it see only what its service's model admits. */
function bind<Deps>(
  service: ServiceName,
  operations: Readonly<Record<string, unknown>>,
  deps: Deps,
): [string, (input: never, call: Call) => unknown][] {
  return Object.entries(operations).map(([name, operation]) => {
    const run = operation as AnyOperation<Deps>
    const checked = async (input: never, call: Call) => {
      checkInput(service, name, input)
      return run(input, call, deps)
    }
    return [`${service}:${name}`, checked]
  })
}

/** The lockout check: the caller must still be able to put a policy under the new one. */
function mayPutKeyPolicy(
  principals: Principals,
  call: Call,
  keyArn: string,
  resourcePolicy: CompiledPolicy,
): boolean {
  const { context, layers } = principals.of(call.caller)
  const request = {
    principal: call.caller.principal,
    action: 'kms:PutKeyPolicy',
    resource: keyArn,
    resourceAccount: call.caller.account,
    context: { ...context, 'kms:CallerAccount': call.caller.account },
  }
  return authorize(request, { ...layers, resourcePolicy }).decision === 'allow'
}

/** SageMaker takes a role of the account itself, in the name of the account's resources. */
function canSageMakerAssume(trust: Trust, call: Call, roleArn: string): boolean {
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn) || roleArn.length > 600) return false
  const { account } = call.caller
  const decision = trust.decide({
    principal: 'sagemaker.amazonaws.com',
    action: 'sts:AssumeRole',
    roleArn,
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:sagemaker:${call.region}:${account}:*`,
      'aws:PrincipalIsAWSService': true,
      'aws:PrincipalServiceName': 'sagemaker.amazonaws.com',
    },
    timeMs: call.timeMs,
  })
  return decision.decision === 'allow'
}

function resolveS3Key(state: State, call: Call, keyId: string | undefined): string {
  const key = findKey(state.kms, keyId ?? 'alias/aws/s3', call.caller.account, call.region)
  if (key !== undefined) return key.arn
  throw new AwsError('KMS.NotFoundException', `Invalid keyId ${keyId ?? ''}`, 400)
}
