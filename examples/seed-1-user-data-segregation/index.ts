// Two groups of users, a dataset each, and neither reaches the other's: ringfence.yaml beside this says the same.
import { SegregatedDatasets } from '@ringfence/pulumi'

const segregation = new SegregatedDatasets('segregation', {
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  teams: {
    'user-group-a': { members: ['anna', 'arjun'] },
    'user-group-b': { members: ['beatrice', 'bola'] },
  },
})

export const userGroupABucketName = segregation.bucketNames.apply((names) => names['user-group-a'])
export const userGroupBBucketName = segregation.bucketNames.apply((names) => names['user-group-b'])
// For signed requests: a private bucket has no website.
export const userGroupABucketUrl = segregation.bucketUrls.apply((urls) => urls['user-group-a'])
export const userGroupBBucketUrl = segregation.bucketUrls.apply((urls) => urls['user-group-b'])
