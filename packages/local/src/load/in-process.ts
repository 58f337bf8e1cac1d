import { randomUUID } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import type { Call, Caller, ServiceName } from '../call.js'
import type { Enforce } from '../http/deps.js'
import type { OperationInput, OperationName, OperationOutput, OperationTable } from '../http/operations.js'
import { rootArn } from '../iam/identifiers.js'

export interface InProcessDeps {
  readonly operations: OperationTable
  readonly enforce: Enforce
  readonly region: string
  readonly nowMs: () => number
}

/**
 * Calls operations as an account's root user would, or as another `Caller`, without the wire: the same permissions are
 * asked and the same code runs, so that what AWS would refuse is refused. Rejects with `AwsError`. With `loadsPlan` service
 * control policies do not hold: they come from outside of the account, and a guardrail that binds its root would
 * leave nobody to put the account in order.
 */
export class InProcess {
  constructor(
    private readonly deps: InProcessDeps,
    readonly account: string,
    private readonly options: Partial<Caller> = {},
  ) {}

  async call<Service extends ServiceName, Name extends OperationName<Service> & string>(
    service: Service,
    operation: Name,
    input: OperationInput<Service, Name>,
  ): Promise<OperationOutput<Service, Name>> {
    const call = this.#call(service, operation)
    const decided = await this.deps.enforce(call, input as Readonly<Record<string, unknown>>)
    if (!decided.allowed) throw decided.error
    return this.#run(call, input, decided.deniedItems)
  }

  /** As `call`, but no policy is asked: for what the local AWS hands out itself, whatever guardrail holds. */
  async grant<Service extends ServiceName, Name extends OperationName<Service> & string>(
    service: Service,
    operation: Name,
    input: OperationInput<Service, Name>,
  ): Promise<OperationOutput<Service, Name>> {
    return this.#run(this.#call(service, operation), input, new Set())
  }

  async #run<Output>(call: Call, input: unknown, deniedItems: ReadonlySet<string>): Promise<Output> {
    const run = this.deps.operations.get(`${call.service}:${call.operation}`)
    if (run === undefined) throw new AwsError('NotImplemented', `${call.service}:${call.operation}`, 501)
    return (await run(input as never, call, { deniedItems })) as Output
  }

  #call(service: ServiceName, operation: string): Call {
    const { region, nowMs } = this.deps
    const { account } = this
    const caller: Caller = { principal: rootArn(account), account, userId: account, ...this.options }
    return {
      requestId: randomUUID(),
      service,
      operation,
      region: service === 'iam' || service === 'sts' || service === 'organizations' ? 'us-east-1' : region,
      timeMs: nowMs(),
      caller,
      sourceIp: '127.0.0.1',
      secureTransport: true,
      userAgent: 'ringfence',
      headers: {},
      query: new Map(),
      authType: 'REST-HEADER',
    }
  }
}
