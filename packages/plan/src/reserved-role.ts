import type { Declaration } from './declaration.js'
import type { ExternalReservedRole, PolicyDocument } from './plan.js'

/** What Identity Center appends to the name of a role that it makes: 16 characters of its own choice. */
const suffixLength = 16
/** Such characters: they stand for those that only AWS knows, wherever a role is asked about or tried. */
const someSuffix = '0123456789abcdef'

/** Path of the roles of Identity Center; without the region where that is us-east-1. */
export function reservedRolePath(region: string): string {
  return `/aws-reserved/sso.amazonaws.com/${region === 'us-east-1' ? '' : `${region}/`}`
}

/** `AWSReservedSSO_NAME_`, before what AWS picks. */
export function reservedRoleStart(permissionSet: string): string {
  return `AWSReservedSSO_${permissionSet}_`
}

/**
 * The ARN of the role that a permission set becomes in the account, with `?` for what only AWS knows. Names have one
 * length, so that no other permission set is meant: what stands before the last `_` is the whole name. AWS alone makes
 * and changes roles under `aws-reserved`. (IAM Identity Center User Guide, "Referencing permission sets in resource
 * policies, Amazon EKS Cluster config maps, and AWS KMS key policies".)
 */
export function reservedRolePattern(
  { account, identityProvider }: Declaration,
  permissionSet: string,
): string {
  if (identityProvider?.kind !== 'identityCenter') throw new Error('a role of Identity Center without one')
  const name = reservedRoleStart(permissionSet) + '?'.repeat(suffixLength)
  return `arn:aws:iam::${account}:role${reservedRolePath(identityProvider.region)}${name}`
}

/** One of the roles that a pattern stands for, as AWS would make it. */
export interface SomeReservedRole {
  readonly name: string
  readonly arn: string
  /** The SAML provider that AWS makes for Identity Center in each account. */
  readonly provider: string
  readonly trust: PolicyDocument
}

/**
 * The role of a team with a suffix picked, in which it is treated like with any other. Its trust policy is as AWS makes
 * it; whom Identity Center lets in is said by assignments, not there.
 */
export function someReservedRole({
  arn,
  nameStart,
}: Pick<ExternalReservedRole, 'arn' | 'nameStart'>): SomeReservedRole {
  const account = arn.split(':')[4] ?? ''
  const provider = `arn:aws:iam::${account}:saml-provider/AWSSSO_${someSuffix}_DO_NOT_DELETE`
  return {
    name: nameStart + someSuffix,
    arn: arn.slice(0, -suffixLength) + someSuffix,
    provider,
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'IdentityCenter',
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
          Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
        },
      ],
    },
  }
}
