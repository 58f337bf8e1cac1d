import { IAM } from '@aws-sdk/client-iam'
import { Identitystore } from '@aws-sdk/client-identitystore'
import { KMS } from '@aws-sdk/client-kms'
import { Organizations } from '@aws-sdk/client-organizations'
import { S3 } from '@aws-sdk/client-s3'
import { S3Control } from '@aws-sdk/client-s3-control'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { AwsError, type LocalAws, type LocalCredentials, type ServiceName } from '@ringfence/local'
import type { Aws } from '../pulumi-resource-aws/aws.js'

/**
 * Whether a run is killed at its n-th call that changes something (from 0), and if so, before or after AWS has done it.
 */
export type Killing = (call: number) => 'before' | 'after' | undefined

/** A call that changed something. */
export interface Change {
  readonly service: ServiceName
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly answer: unknown
}

/** The process that makes the calls is gone: thrown by the call in which it was killed, and by every later one. */
export class Killed extends Error {}

/**
 * The clients of AWS's SDK, whose calls reach a local AWS without the wire, authorized and answered by the same
 * code. Counts the calls that change something, and kills
 * whoever makes them at the one that is asked for.
 */
export class InProcessAws implements Aws {
  readonly region: string
  /** Calls that changed something, or would have, since `arm`. */
  calls = 0
  #killing: Killing = () => undefined
  #isKilled = false
  readonly #iam: IAM
  readonly #identityStore: Identitystore
  readonly #kms: KMS
  readonly #organizations: Organizations
  readonly #s3: S3
  readonly #s3Control: S3Control
  readonly #secretsManager: SecretsManager
  readonly #ssoAdmin: SSOAdmin

  /**
   * `onChange`: after every call that changed something, also the one in which the caller was killed. `management`: of the
   * account that governs this one and administers Identity Center; without it neither is spoken to.
   */
  constructor(
    private readonly local: Pick<LocalAws, 'account' | 'region' | 'call'>,
    private readonly credentials: LocalCredentials,
    private readonly onChange: (change: Change) => Promise<void>,
    private readonly management?: LocalCredentials,
  ) {
    this.region = local.region
    const config = { region: local.region }
    this.#iam = this.#inProcess(new IAM(config), 'iam')
    this.#identityStore = this.#inProcess(new Identitystore(config), 'identitystore')
    this.#kms = this.#inProcess(new KMS(config), 'kms')
    this.#organizations = this.#inProcess(new Organizations(config), 'organizations')
    this.#s3 = this.#inProcess(new S3(config), 's3')
    this.#s3Control = this.#inProcess(new S3Control(config), 's3-control')
    this.#secretsManager = this.#inProcess(new SecretsManager(config), 'secretsmanager')
    this.#ssoAdmin = this.#inProcess(new SSOAdmin(config), 'sso-admin')
  }

  /** Another process begins, which is to be killed there. */
  arm(killing: Killing): void {
    this.calls = 0
    this.#killing = killing
    this.#isKilled = false
  }

  get isKilled(): boolean {
    return this.#isKilled
  }

  accountId(): Promise<string> {
    return Promise.resolve(this.local.account)
  }

  iam(): Promise<IAM> {
    return Promise.resolve(this.#iam)
  }

  s3(): Promise<S3> {
    return Promise.resolve(this.#s3)
  }

  s3Control(): Promise<S3Control> {
    return Promise.resolve(this.#s3Control)
  }

  kms(): Promise<KMS> {
    return Promise.resolve(this.#kms)
  }

  organizations(): Promise<Organizations> {
    return Promise.resolve(this.#organizations)
  }

  sageMaker(): Promise<never> {
    return notHere('SageMaker')
  }

  identityStore(): Promise<Identitystore> {
    return Promise.resolve(this.#identityStore)
  }

  ssoAdmin(): Promise<SSOAdmin> {
    return Promise.resolve(this.#ssoAdmin)
  }

  secretsManager(): Promise<SecretsManager> {
    return Promise.resolve(this.#secretsManager)
  }

  /** All that a client does, its pages as well, goes through its one method `send`. */
  #inProcess<Client extends object>(client: Client, service: ServiceName): Client {
    const send = (command: { readonly input: Change['input'] }): Promise<unknown> =>
      this.#send(service, command.constructor.name.replace(/Command$/, ''), command.input)
    return Object.assign(client, { send })
  }

  async #send(service: ServiceName, operation: string, input: Change['input']): Promise<unknown> {
    if (this.#isKilled) throw new Killed()
    if (/^(Get|List|Head|Describe)/.test(operation)) return this.#call(service, operation, input)
    const killed = this.#killing(this.calls)
    this.calls += 1
    if (killed !== undefined) this.#isKilled = true
    if (killed === 'before') throw new Killed()
    const answer = await this.#call(service, operation, input).catch((error: unknown) => {
      // Whoever is gone hears of no refusal: told that a thing was not there to be deleted, they would go on.
      throw killed === undefined ? error : new Killed()
    })
    await this.onChange({ service, operation, input, answer })
    if (killed === 'after') throw new Killed()
    return answer
  }

  async #call(service: ServiceName, operation: string, input: Change['input']): Promise<unknown> {
    const credentials = ofManagement.has(service) ? this.management : this.credentials
    if (credentials === undefined) return notHere(service)
    try {
      return await this.local.call(credentials, service, operation as never, input as never)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      // As the SDK calls them: IAM's errors bear their code with this ending.
      const name = service === 'iam' ? `${error.code}Exception` : error.code
      throw Object.assign(new Error(`${operation}: ${error.message}`), { name })
    }
  }
}

/** What is called in another account. */
const ofManagement: ReadonlySet<ServiceName> = new Set(['identitystore', 'organizations', 'sso-admin'])

function notHere(service: string): Promise<never> {
  return Promise.reject(new Error(`${service} is not spoken to in process`))
}
