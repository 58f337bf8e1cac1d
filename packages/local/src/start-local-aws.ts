import { credentialsOf, ensureAccount } from './accounts.js'
import { AwsError } from './aws-error.js'
import { openDataFolder, protectFiles } from './data-folder.js'
import { buildEvent } from './events/build-event.js'
import { createDispatcher } from './http/dispatch.js'
import type { OperationTable } from './http/operations.js'
import { OperationRegistry } from './http/operations.js'
import { startServer } from './http/server.js'
import { nameKey } from './iam/tables.js'
import { InProcess } from './load/in-process.js'
import { issueRoleSession } from './load/issue-session.js'
import type { LoadContext } from './load/load-context.js'
import { loadPlan } from './load/load-plan.js'
import { seedObject } from './load/seed-object.js'
import type { LocalAws, LocalAwsOptions, LocalCredentials } from './local-aws.js'
import { s3ControlOperations } from './s3-control/operations.js'
import { bucketOperations } from './s3/actions/bucket-operations.js'
import { listingOperations } from './s3/actions/listing.js'
import { createServices } from './services.js'
import type { Services } from './services.js'
import { openDatabase } from './store/database.js'
import { ObjectFiles } from './store/object-files.js'

/**
 * Starts an AWS on loopback: S3, IAM, STS, SageMaker's control plane and KMS, with signatures verified and every
 * request decided on by `authorize`. Rejects when a port or the data folder cannot be had.
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
  protectFiles(folder.database)
  const files = new ObjectFiles(folder.objects, { durable: folder.durable })
  const operations = assemble(services, files, options, nowMs)
  const root = await ensureAccount(services, account, region, nowMs())
  const { onEvent } = options
  const server = await startServer({
    port: options.port ?? 0,
    plainPort: options.plainPort ?? 0,
    tls: options.tls ?? false,
    host: '127.0.0.1',
    handle: createDispatcher({
      region,
      nowMs,
      credentials: services.credentials.lookup,
      enforce: services.enforcement.enforce,
      operations,
      bucketRegion: (bucket) => (bucket.length > 255 ? undefined : services.state.s3.bucket(bucket)?.region),
      ...(onEvent === undefined ? {} : { onOutcome: (outcome) => onEvent(buildEvent(outcome, account)) }),
    }),
  })
  const scheme = options.tls === true ? 'https' : 'http'
  const holder = new Holder(services, operations, account, region, nowMs)
  return {
    account,
    region,
    endpoint: `${scheme}://127.0.0.1:${server.port}`,
    plainEndpoint: `http://127.0.0.1:${server.plainPort}`,
    ...(server.certificate === undefined ? {} : { certificate: server.certificate }),
    root,
    addAccount: (id) => ensureAccount(services, id, region, nowMs()),
    load: (plan) => holder.load(plan),
    issueUserKey: (userName) => holder.issueUserKey(userName),
    issueRoleSession: (wanted) => issueRoleSession(services, wanted, nowMs()),
    putObject: (object) => seedObject({ operations, services, region, nowMs }, object),
    close: async () => {
      await server.close()
      await services.close()
      folder.release()
    },
  }
}

/** The operations of all services by name. */
function assemble(
  services: Services,
  files: ObjectFiles,
  options: LocalAwsOptions,
  nowMs: () => number,
): OperationTable {
  const s3Deps = {
    state: services.state.s3,
    files,
    nowMs,
    permits: services.enforcement.permits,
    legacyBucketDefaults: options.legacyBucketDefaults ?? false,
    kmsKeyArn: services.s3KeyArn,
  }
  const registry = new OperationRegistry()
    .add('s3', bucketOperations(s3Deps))
    .add('s3', listingOperations(s3Deps))
    .add('s3-control', s3ControlOperations(s3Deps))
  return new Map([...registry.table, ...services.operations])
}

/** Plans and keys of the first account. */
class Holder {
  readonly #unissuedKeys = new Set<string>()
  readonly #aws: InProcess

  constructor(
    private readonly services: Services,
    operations: OperationTable,
    account: string,
    private readonly region: string,
    private readonly nowMs: () => number,
  ) {
    const { enforce } = services.enforcement
    this.#aws = new InProcess({ operations, enforce, region, nowMs }, account)
  }

  async load(plan: LoadContext['plan']): Promise<void> {
    if (plan.account !== this.#aws.account || plan.region !== this.region) {
      const here = `account ${this.#aws.account} in ${this.region}`
      throw new RangeError(`the plan is for account ${plan.account} in ${plan.region}, not for ${here}`)
    }
    const { database, state } = this.services
    await loadPlan({
      plan,
      aws: this.#aws,
      state,
      region: this.region,
      plannedKeys: database.table('load.kms-keys'),
      write: (work) => database.transaction(work),
      unissuedKeys: this.#unissuedKeys,
      nowMs: this.nowMs,
    })
  }

  /** The key that the plan declared, if nobody has it yet, else a new one. */
  async issueUserKey(userName: string): Promise<LocalCredentials> {
    const { iam } = this.services.state
    const user = iam.users.get(nameKey(this.#aws.account, userName))
    const unissued = user?.accessKeyIds.find((id) => this.#unissuedKeys.delete(id))
    const planned = unissued === undefined ? undefined : iam.accessKeys.get([unissued])
    if (planned !== undefined) return credentialsOf(planned)
    const { AccessKey } = await this.#aws.call('iam', 'CreateAccessKey', { UserName: userName })
    const made = iam.accessKeys.get([AccessKey?.AccessKeyId ?? ''])
    if (made === undefined) throw new AwsError('InternalFailure', `no key was made for ${userName}`, 500)
    return credentialsOf(made)
  }
}
