import * as pulumi from '@pulumi/pulumi'

/** An IAM user, group or role that exists already, or that another component makes. */
export interface PrincipalArn {
  readonly arn: string
  readonly kind: 'user' | 'group' | 'role'
  readonly name: string
  /** Whether a component of ringfence makes it, and so alone says what is attached to it. */
  readonly isRingfence: boolean
}

/** Reads an ARN that was given as `argument`; throws RunError for one of another kind. */
export function readPrincipal(
  component: string,
  argument: string,
  arn: string,
  kinds: readonly PrincipalArn['kind'][],
): PrincipalArn {
  const match = /^arn:aws:iam::\d{12}:(user|group|role)(\/(?:[^/]+\/)*)([^/]+)$/.exec(arn)
  const [, found, path = '', name = ''] = match ?? []
  const kind = kinds.find((one) => one === found)
  if (kind === undefined) {
    throw new pulumi.RunError(
      `"${component}": the argument "${argument}" is ${JSON.stringify(arn)}, which is not the ARN of a ${kinds.join(' or ')}.\n` +
        `Try: arn:aws:iam::111122223333:${kinds[0]}/NAME, with its path if it has one.`,
    )
  }
  return { arn, kind, name, isRingfence: path.startsWith('/ringfence/') }
}

/** Whether a piece with this organization would give the thing this very ARN: then it is no stranger to its plan. */
export function isOwnName(organization: string, arn: string, name: string): boolean {
  return arn.endsWith(`/ringfence/${organization}/${name}`)
}

/** A name as the declared file takes it: lower-case letters, digits and single hyphens. */
export function declaredName(name: string): string {
  const text = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return /^[a-z]/.test(text) ? text : `x-${text}`
}
