import { parseArn } from './arn.js'
import type { Scope } from './inventory.js'
import type { Told } from './told.js'
import { Undetermined } from './undetermined.js'

/** What a permission of a function says, as templates and states spell it. Undefined: not said. */
export interface Permission {
  readonly sid: string
  /** ARN of the function. */
  readonly resource: string
  readonly action: unknown
  readonly principal: unknown
  readonly sourceArn: unknown
  readonly sourceAccount: unknown
  readonly organization: unknown
  readonly eventSourceToken: unknown
  readonly urlAuthType: unknown
}

/** The statement that a permission becomes in the policy of its function. [API_AddPermission] */
export function permissionStatement(permission: Permission): unknown {
  const principal = String(permission.principal)
  const isService = /\.(amazonaws\.com|amazon\.com)(\.cn)?$/.test(principal)
  const equal = Object.entries({
    'AWS:SourceAccount': permission.sourceAccount,
    'aws:PrincipalOrgID': permission.organization,
    'lambda:EventSourceToken': permission.eventSourceToken,
    'lambda:FunctionUrlAuthType': permission.urlAuthType,
  }).filter(([, value]) => isSaid(value))
  const Condition = {
    ...(equal.length === 0 ? {} : { StringEquals: Object.fromEntries(equal) }),
    ...(isSaid(permission.sourceArn) ? { ArnLike: { 'AWS:SourceArn': permission.sourceArn } } : {}),
  }
  return {
    Sid: permission.sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : isService ? { Service: principal } : { AWS: principal },
    Action: permission.action,
    Resource: permission.resource,
    ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
  }
}

/** A function is named by its name or ARN. */
export function functionArn(name: Told<string> | undefined, scope: Scope): Told<string> {
  if (typeof name !== 'string') return name ?? new Undetermined('it names no function')
  if (parseArn(name)) return name
  const { account, partition, region } = scope
  if (region === undefined) return new Undetermined('the region is not known')
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`
}

/** States have null and empty texts for what is not set. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
