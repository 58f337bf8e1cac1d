/** The parts of an ARN. [reference-arns] */
export interface Arn {
  readonly partition: string
  readonly service: string
  /** Empty for global services. */
  readonly region: string
  /** Empty for S3's buckets. */
  readonly account: string
  /** All that follows, e.g. `role/team/reader`. */
  readonly resource: string
}

const ARN = /^arn:(aws[a-z0-9-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|):(.+)$/s

/** Undefined for what is no ARN. */
export function parseArn(text: unknown): Arn | undefined {
  const match = typeof text === 'string' ? ARN.exec(text) : null
  if (!match) return undefined
  const [, partition, service, region, account, resource] = match as unknown as string[]
  return {
    partition: partition!,
    service: service!,
    region: region!,
    account: account!,
    resource: resource!,
  }
}

/** The last part of an ARN: the name of a queue, function or secret. */
export function lastPart(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1)
}

/** `o-…` in the ARN of a policy or an organization; policies that AWS makes are of none. */
export function organizationOf(arn: string): string | undefined {
  return /^arn:[^:]*:organizations::[^:]*:[^:/]*\/(o-[a-z0-9]{10,32})(\/|$)/.exec(arn)?.[1]
}
