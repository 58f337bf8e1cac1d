import type { PolicyRecord } from './records.js'

/**
 * The policies that AWS manages and whose exact documents are kept here. Attaching any other is NoSuchEntity:
 * a guessed document would give another answer than AWS. Sources: AWS Managed Policy Reference.
 */
const documents: Readonly<
  Record<string, { readonly id: string; readonly description: string; readonly document: object }>
> = {
  AdministratorAccess: {
    id: 'ANPAIWMBCKSKIEE64ZLYK',
    description: 'Provides full access to AWS services and resources.',
    document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  },
  AmazonS3FullAccess: {
    id: 'ANPAIFIR6V6BVTRAHWINE',
    description: 'Provides full access to all buckets via the AWS Management Console.',
    document: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:*', 's3-object-lambda:*'], Resource: '*' }],
    },
  },
  AmazonS3ReadOnlyAccess: {
    id: 'ANPAIZTJ4DXE7G6AGAE6M',
    description: 'Provides read only access to all buckets via the AWS Management Console.',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
          Resource: '*',
        },
      ],
    },
  },
  IAMFullAccess: {
    id: 'ANPAI7XKCFMBPM3QQRRVQ',
    description: 'Provides full access to IAM via the AWS Management Console.',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'iam:*',
            'organizations:DescribeAccount',
            'organizations:DescribeOrganization',
            'organizations:DescribeOrganizationalUnit',
            'organizations:DescribePolicy',
            'organizations:ListChildren',
            'organizations:ListParents',
            'organizations:ListPoliciesForTarget',
            'organizations:ListRoots',
            'organizations:ListPolicies',
            'organizations:ListTargetsForPolicy',
          ],
          Resource: '*',
        },
      ],
    },
  },
}

const createdMs = Date.UTC(2015, 1, 6, 18, 39, 46)

const records: ReadonlyMap<string, PolicyRecord> = new Map(
  Object.entries(documents).map(([name, { id, description, document }]) => {
    const arn = `arn:aws:iam::aws:policy/${name}`
    return [
      arn,
      {
        account: 'aws',
        name,
        path: '/',
        id,
        arn,
        description,
        createdMs,
        updatedMs: createdMs,
        tags: {},
        defaultVersion: 'v1',
        versions: [{ id: 'v1', document: JSON.stringify(document), createdMs }],
        nextVersion: 2,
      },
    ]
  }),
)

export function awsManagedPolicy(arn: string): PolicyRecord | undefined {
  return records.get(arn)
}

export function awsManagedPolicies(): readonly PolicyRecord[] {
  return [...records.values()]
}
