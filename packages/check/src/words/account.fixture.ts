import type { Account } from '../account/account.js'

const account = '111122223333'
const user = (name: string, declared?: string): Account['users'][number] => ({
  kind: 'user',
  name,
  path: '/',
  arn: `arn:aws:iam::${account}:user/${name}`,
  attached: [],
  inline: [],
  groups: [],
  ...(declared === undefined ? {} : { declared }),
})
const role = (name: string, path: string, declared?: string): Account['roles'][number] => ({
  kind: 'role',
  name,
  path,
  arn: `arn:aws:iam::${account}:role${path}${name}`,
  attached: [],
  inline: [],
  trust: { name: `trust of ${name}` },
  ...(declared === undefined ? {} : { declared }),
})

/** A small account with declared things and one of each that is not. */
export const smallAccount: Account = {
  formatVersion: 1,
  account,
  partition: 'aws',
  region: 'eu-west-1',
  users: [user('ada', 'member/ada'), user('bob')],
  roles: [
    role('acme-product', '/ringfence/acme/', 'team/product'),
    role('acme-training-execution', '/ringfence/acme/', 'platform/training'),
    role('platform-admin', '/', 'administrator'),
  ],
  groups: [],
  managedPolicies: [],
  resources: [
    {
      kind: 'bucket',
      name: 'acme-user-data-a-111122223333',
      arn: 'arn:aws:s3:::acme-user-data-a-111122223333',
      declared: 'dataset/user-data-a',
    },
    {
      kind: 'bucket',
      name: 'acme-chat-base-111122223333',
      arn: 'arn:aws:s3:::acme-chat-base-111122223333',
      declared: 'model/chat-base',
    },
    { kind: 'bucket', name: 'old-logs', arn: 'arn:aws:s3:::old-logs' },
    {
      kind: 'key',
      name: 'alias/acme',
      arn: 'arn:aws:kms:eu-west-1:111122223333:key/1234',
      declared: 'dataset/user-data-a',
    },
  ],
  identityProviders: [],
  unknowns: [],
}
