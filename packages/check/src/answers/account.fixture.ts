import type { Account } from '../account/account.js'

export const accountId = '111122223333'
const Version = '2012-10-17'

/** A policy document with these statements. */
export function document(...statements: readonly object[]): unknown {
  return { Version, Statement: statements.map((one) => Object.assign({ Effect: 'Allow' }, one)) }
}

/** An account with the user ada, who has these inline policies, and the bucket `data` with this policy. */
export function accountWith(
  identity: readonly unknown[],
  options: { readonly bucket?: unknown; readonly boundary?: unknown; readonly unknownPolicy?: boolean } = {},
): Account {
  const boundary = `arn:aws:iam::${accountId}:policy/boundary`
  return {
    formatVersion: 1,
    account: accountId,
    partition: 'aws',
    region: 'eu-west-1',
    users: [
      {
        kind: 'user',
        name: 'ada',
        path: '/',
        arn: `arn:aws:iam::${accountId}:user/ada`,
        attached: options.unknownPolicy === true ? [`arn:aws:iam::${accountId}:policy/lost`] : [],
        inline: identity.map((one, index) => ({ name: `policy ${index + 1} of ada`, document: one })),
        groups: [],
        tags: { team: 'red' },
        ...(options.boundary === undefined ? {} : { permissionsBoundary: boundary }),
      },
    ],
    roles: [],
    groups: [],
    managedPolicies:
      options.boundary === undefined
        ? []
        : [
            {
              arn: boundary,
              isAwsManaged: false,
              versions: [{ name: boundary, id: 'v1', isDefault: true, document: options.boundary }],
            },
          ],
    resources: [
      {
        kind: 'bucket',
        name: 'data',
        arn: 'arn:aws:s3:::data',
        ...(options.bucket === undefined
          ? {}
          : { policy: { name: 'arn:aws:s3:::data', document: options.bucket } }),
      },
    ],
    identityProviders: [],
    unknowns: [],
  }
}
