import type { ContextValue, Decision } from '@ringfence/policy'
import { authorize } from '@ringfence/policy'
import type { Caller } from '../call.js'
import { accountOf } from '../enforce/arns.js'
import type { CompiledPolicies } from '../enforce/compiled-policies.js'
import type { Principals } from '../enforce/principals.js'
import { resourceTags } from '../enforce/requirements.js'
import { trustPolicy } from '../enforce/resource-policies.js'
import type { RoleRecord } from '../iam/records.js'
import type { IamTables } from '../iam/tables.js'
import { nameKey } from '../iam/tables.js'

export interface TrustRequest {
  /** A service's host name, an identity provider's ARN, or the ARN of any principal. */
  readonly principal: string
  readonly action: string
  readonly roleArn: string
  readonly context: Readonly<Record<string, ContextValue>>
  readonly timeMs: number
}

/** Whether somebody may take a role, when the request is not one that came in signed over the wire. */
export class Trust {
  constructor(
    private readonly iam: IamTables,
    private readonly principals: Principals,
    private readonly compiled: CompiledPolicies,
  ) {}

  /** `implicitDeny` for a role that does not exist. */
  decide(request: TrustRequest): Decision {
    const { principal, action, roleArn, timeMs } = request
    const caller = this.#callerOf(principal)
    const view = caller === undefined ? undefined : this.principals.of(caller)
    const role = this.role(roleArn)
    return authorize(
      {
        principal,
        action,
        resource: roleArn,
        resourceAccount: accountOf(roleArn),
        context: {
          'aws:SecureTransport': true,
          'aws:SourceIp': '127.0.0.1',
          'aws:CurrentTime': new Date(timeMs).toISOString(),
          'aws:EpochTime': Math.floor(timeMs / 1000),
          ...resourceTags(role?.tags, 'aws', 'iam'),
          ...view?.context,
          ...request.context,
        },
      },
      { ...view?.layers, resourcePolicy: trustPolicy(roleArn, { iam: this.iam }, this.compiled) },
    )
  }

  /** The role, if the ARN is that of one. */
  role(arn: string): RoleRecord | undefined {
    const role = this.iam.roles.get(nameKey(accountOf(arn), arn.slice(arn.lastIndexOf('/') + 1)))
    return role?.arn === arn ? role : undefined
  }

  /** Principals that live in an account here have identity policies; services and providers have none. */
  #callerOf(principal: string): Caller | undefined {
    const account = /^arn:aws:iam::(\d{12}):(user\/|root$|role\/)/.exec(principal)?.[1]
    if (account === undefined) return undefined
    const name = principal.slice(principal.lastIndexOf('/') + 1)
    const key = nameKey(account, name)
    const record = principal.includes(':role/') ? this.iam.roles.get(key) : this.iam.users.get(key)
    return { principal, account, userId: record?.id ?? account }
  }
}
