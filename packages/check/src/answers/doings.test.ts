import { loadActionCatalogue } from '@ringfence/policy'
import { expect, test } from 'vitest'
import type { AccountResource } from '../account/account.js'
import { doingsOn } from './doings.js'
import { covers } from './region.js'

const catalogue = await loadActionCatalogue()

const kinds: readonly (readonly [AccountResource, string, RegExp])[] = [
  [
    { kind: 'bucket', arn: 'arn:aws:s3:::data', name: 'data' },
    's3',
    /^arn:\$\{Partition\}:s3:::\$\{BucketName\}(?:\/\$\{ObjectName\})?$/,
  ],
  [{ kind: 'key', arn: 'arn:aws:kms:eu-west-1:111122223333:key/1', name: 'alias/k' }, 'kms', /:key\//],
]

test.each(kinds)('every known action on a $kind is part of one doing', (resource, service, form) => {
  const known = catalogue
    .groups(service)
    .filter(({ forms }) => forms.some((one) => form.test(one)))
    .flatMap(({ names }) => names)
  expect(known.length).toBeGreaterThan(30)
  const doings = doingsOn(resource).map(({ actions, can }) => ({ actions, can }))
  const inOthers = known.flatMap((name) => {
    const parts = doings.filter(({ actions }) =>
      actions.some((pattern) => covers(pattern.toLowerCase(), `${service}:${name}`.toLowerCase())),
    )
    return parts.length === 1 ? [] : [`${name}: ${parts.map(({ can }) => can).join(' and ')}`]
  })
  expect(inOthers).toEqual([])
})
