import type * as pulumi from '@pulumi/pulumi'

/** The account of the examples; what AWS computes has it in its ARNs. */
const account = '111122223333'

/** What the provider would answer: the inputs, and what AWS computes of what components give out. */
export function mockResource({
  type,
  name,
  inputs,
}: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const given = inputs as Readonly<Record<string, unknown>>
  return { id: `id of ${name}`, state: { ...given, ...computed(type, name, given) } }
}

function computed(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const physical = `${String(inputs['path'] ?? '/')}${String(inputs['name'])}`
  switch (type) {
    case 'aws:s3/bucket:Bucket':
      return { arn: `arn:aws:s3:::${String(inputs['bucket'])}` }
    case 'aws:kms/key:Key':
      return { keyId: `key id of ${name}`, arn: `key ARN of ${name}` }
    case 'aws:iam/user:User':
      return { arn: `arn:aws:iam::${account}:user${physical}` }
    case 'aws:iam/group:Group':
      return { arn: `arn:aws:iam::${account}:group${physical}` }
    case 'aws:iam/role:Role':
      return { arn: `arn:aws:iam::${account}:role${physical}` }
    case 'aws:iam/policy:Policy':
      return { arn: `arn:aws:iam::${account}:policy${physical}` }
    case 'aws:sagemaker/project:Project':
      return { arn: `arn:aws:sagemaker:eu-west-1:${account}:project/${String(inputs['projectName'])}` }
    case 'aws:iam/accessKey:AccessKey':
      return inputs['pgpKey'] === undefined
        ? { secret: `secret of ${name}` }
        : { secret: '', encryptedSecret: `PGP of ${name}` }
    case 'aws:ssoadmin/permissionSet:PermissionSet':
      return { arn: `ARN of ${name}` }
    case 'aws:identitystore/group:Group':
      return { groupId: `group id of ${name}` }
    case 'aws:identitystore/user:User':
      return { userId: `user id of ${name}` }
    case 'aws:secretsmanager/secret:Secret':
      return { arn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:${String(inputs['name'])}-Ab12Cd` }
    case 'pulumi:index:Stash':
      return { output: inputs['input'] }
    default:
      return {}
  }
}

/** What a look-up would answer: the arguments, and the id of the group that is asked for by its name. */
export function mockCall({ inputs, token }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
  const given = inputs as Readonly<Record<string, unknown>>
  if (token !== 'aws:identitystore/getGroup:getGroup') return { ...given }
  const by = given['alternateIdentifier'] as {
    readonly uniqueAttribute: { readonly attributeValue: string }
  }
  return { ...given, groupId: `id of the group ${by.uniqueAttribute.attributeValue}` }
}
