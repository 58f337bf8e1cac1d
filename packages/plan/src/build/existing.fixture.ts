import type { ExistingResources } from '../existing.js'

const iam = (rest: string): string => `arn:aws:iam::111122223333:${rest}`
const key = (digit: string): string =>
  `arn:aws:kms:eu-west-1:111122223333:key/${digit.repeat(8)}-0000-4000-8000-000000000000`

/** Some of everything in the example acme-ai that exists already: with grants of its own, prefixes and ends. */
export const existingInAcme: Required<ExistingResources> = {
  buckets: ['dataset/user-data-a', 'dataset/web-crawl', 'model/chat-base'],
  keys: { 'dataset/user-data-a': key('a'), 'model/chat-base': key('b') },
  users: {
    ada: iam('user/ada.lovelace'),
    alan: iam('user/visitors/alan'),
    mary: iam('user/mary'),
    'nightly-eval': iam('user/services/eval'),
  },
  groups: { 'applied-research': iam('group/research'), product: iam('group/old/product') },
  roles: { training: iam('role/service-role/SageMakerTraining') },
}
