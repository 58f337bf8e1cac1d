import { credentialsOf, ensureAccount, ensureManagementAccount, managementAccountOf } from './accounts.js'
import { AwsError } from './aws-error.js'
import type { DataFolder } from './data-folder.js'
import { openDataFolder, protectFiles } from './data-folder.js'
import { buildEvent } from './events/build-event.js'
import { isKept, keepEvent } from './cloudtrail/keep-event.js'
import type { Outcome } from './http/deps.js'
import { createDispatcher } from './http/dispatch.js'
import type { OperationTable } from './http/operations.js'
import { OperationRegistry } from './http/operations.js'
import type { RunningServer } from './http/server.js'
import { startServer } from './http/server.js'
import { nameKey } from './iam/tables.js'
import { enableIdentityCenter } from './identity-center/instances.js'
import { signInByIdentityCenter } from './identity-center/sign-in.js'
import { InProcess, type InProcessDeps } from './load/in-process.js'
import { issueRoleSession } from './load/issue-session.js'
import type { LoadContext } from './load/load-context.js'
import { loadExternal } from './load/load-external.js'
import { loadPlan } from './load/load-plan.js'
import type { LocalAws, LocalAwsOptions, LocalCredentials } from './local-aws.js'
import { s3ControlOperations } from './s3-control/operations.js'
import { sweepObjectFiles } from './s3/contents.js'
import type { S3Deps } from './s3/deps.js'
import { s3Operations } from './s3/operations.js'
import { putBytes } from './s3/put-bytes.js'
import { createServices } from './services.js'
import type { Services } from './services.js'
import { openDatabase } from './store/database.js'
import { ObjectFiles } from './store/object-files.js'

/**
 * Starts an AWS on loopback: S3, IAM, STS, SageMaker's control plane, KMS, Secrets Manager, Organizations, Identity Center and CloudTrail's event
 * history, with signatures verified and every request decided on by `authorize`. Rejects when a port or the data folder cannot be had.
 *
 * Unlike AWS's, which take seconds to be seen everywhere, changes of IAM hold from the next request on.
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { account, region } = options
  const nowMs = options.nowMs ?? Date.now
  const folder = openDataFolder(options.dataDir)
  const services = createServices({
    database: openDatabase(folder.database, { durable: folder.durable }),
    nowMs,
    webIdentityKeys: options.webIdentityKeys ?? (() => []),
  })
  const close = async () => {
    await services.close()
    folder.release()
  }
  try {
    protectFiles(folder.database)
    const s3Deps = makeS3Deps(services, folder, options, nowMs)
    sweepObjectFiles(s3Deps)
    const operations = assemble(services, s3Deps)
    const root = await ensureAccount(services, account, region, nowMs())
    const server = await serve(services, operations, options, nowMs)
    const holder = new Holder(services, operations, account, region, nowMs)
    const scheme = options.tls === true ? 'https' : 'http'
    return {
      account,
      region,
      endpoint: `${scheme}://127.0.0.1:${server.port}`,
      plainEndpoint: `http://127.0.0.1:${server.plainPort}`,
      ...(server.certificate === undefined ? {} : { certificate: server.certificate }),
      root,
      addAccount: (id) => ensureAccount(services, id, region, nowMs()),
      addManagementAccount: () => ensureManagementAccount(services, account, region, nowMs()),
      addIdentityCenter: async (identity) => {
        await ensureManagementAccount(services, account, region, nowMs())
        const owner = managementAccountOf(account)
        const tables = services.state.identityCenter
        await services.database.transaction(() => enableIdentityCenter(tables, owner, identity, nowMs()))
      },
      load: (plan) => holder.load(plan),
      loadExternal: (plan) => holder.loadExternal(plan),
      call: (credentials, service, operation, input) =>
        holder.as(credentials).call(service, operation, input),
      issueUserKey: (userName) => holder.issueUserKey(userName),
      issueRoleSession: (wanted) => issueRoleSession(services, wanted, nowMs()),
      signInByIdentityCenter: (wanted) => signInByIdentityCenter(services, { ...wanted, account }, nowMs()),
      putObject: (object) => putBytes(s3Deps, object),
      close: async () => {
        await server.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function makeS3Deps(
  services: Services,
  folder: DataFolder,
  options: LocalAwsOptions,
  nowMs: () => number,
): S3Deps {
  return {
    state: services.state.s3,
    files: new ObjectFiles(folder.objects, { durable: folder.durable }),
    nowMs,
    permits: services.enforcement.permits,
    legacyBucketDefaults: options.legacyBucketDefaults ?? false,
    kmsKeyArn: services.s3KeyArn,
  }
}

/** The operations of all services by name. */
function assemble(services: Services, s3Deps: S3Deps): OperationTable {
  const registry = new OperationRegistry()
    .add('s3', s3Operations(s3Deps))
    .add('s3-control', s3ControlOperations(s3Deps))
  return new Map([...registry.table, ...services.operations])
}

function serve(
  services: Services,
  operations: OperationTable,
  options: LocalAwsOptions,
  nowMs: () => number,
): Promise<RunningServer> {
  const { region } = options
  const { credentials, enforcement, state } = services
  return startServer({
    port: options.port ?? 0,
    plainPort: options.plainPort ?? 0,
    tls: options.tls ?? false,
    host: '127.0.0.1',
    handle: createDispatcher({
      region,
      nowMs,
      credentials: credentials.lookup,
      enforce: enforcement.enforce,
      operations,
      bucketRegion: (bucket) => (bucket.length > 255 ? undefined : state.s3.bucket(bucket)?.region),
      onOutcome: noteOutcome(services, options),
    }),
  })
}

/** Tells each request, and keeps those that change something in the event history. */
function noteOutcome(
  { database, cloudTrail }: Services,
  { account, onEvent }: LocalAwsOptions,
): (outcome: Outcome) => void {
  return (outcome) => {
    const keeps = isKept(outcome)
    if (!keeps && onEvent === undefined) return
    const event = buildEvent(outcome, account)
    onEvent?.(event)
    if (keeps) void keepEvent(database, cloudTrail, event, outcome.call.timeMs).catch(warn)
  }
}

/** The request has been answered: all that can be done about a history that cannot be written is to say so. */
function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}

/** Plans and keys of the first account. */
class Holder {
  readonly #unissuedKeys = new Set<string>()
  readonly #deps: InProcessDeps
  readonly #aws: InProcess
  readonly #management: InProcess

  constructor(
    private readonly services: Services,
    operations: OperationTable,
    account: string,
    private readonly region: string,
    private readonly nowMs: () => number,
  ) {
    const { enforce } = services.enforcement
    this.#deps = { operations, enforce, region, nowMs }
    this.#aws = new InProcess(this.#deps, account, { loadsPlan: true })
    this.#management = new InProcess(this.#deps, managementAccountOf(account))
  }

  /** Calls as whom credentials are of. Throws `AwsError` for unknown ones. */
  as({ accessKeyId, sessionToken }: LocalCredentials): InProcess {
    const found = this.services.credentials.lookup(accessKeyId, sessionToken)
    if ('error' in found) throw found.error
    return new InProcess(this.#deps, found.caller.account, found.caller)
  }

  async load(plan: LoadContext['plan']): Promise<void> {
    await loadPlan(this.#context(plan))
  }

  async loadExternal(plan: LoadContext['plan']): Promise<void> {
    await loadExternal(this.#context(plan))
  }

  #context(plan: LoadContext['plan']): LoadContext {
    if (plan.account !== this.#aws.account || plan.region !== this.region) {
      const here = `account ${this.#aws.account} in ${this.region}`
      throw new RangeError(`the plan is for account ${plan.account} in ${plan.region}, not for ${here}`)
    }
    const { database, state } = this.services
    return {
      plan,
      aws: this.#aws,
      management: async () => {
        await ensureManagementAccount(this.services, this.#aws.account, this.region, this.nowMs())
        return this.#management
      },
      state,
      region: this.region,
      plannedKeys: database.table('load.kms-keys'),
      write: (work) => database.transaction(work),
      unissuedKeys: this.#unissuedKeys,
      nowMs: this.nowMs,
    }
  }

  /** The key that the plan declared, if nobody has it yet, else a new one. */
  async issueUserKey(userName: string): Promise<LocalCredentials> {
    const { iam } = this.services.state
    const user = iam.users.get(nameKey(this.#aws.account, userName))
    const unissued = user?.accessKeyIds.find((id) => this.#unissuedKeys.delete(id))
    const planned = unissued === undefined ? undefined : iam.accessKeys.get([unissued])
    if (planned !== undefined) return credentialsOf(planned)
    const { AccessKey } = await this.#aws.grant('iam', 'CreateAccessKey', { UserName: userName })
    const made = iam.accessKeys.get([AccessKey?.AccessKeyId ?? ''])
    if (made === undefined) throw new AwsError('InternalFailure', `no key was made for ${userName}`, 500)
    return credentialsOf(made)
  }
}
