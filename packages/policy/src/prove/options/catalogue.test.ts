import { expect, test } from 'vitest'
import { loadActionCatalogue } from './catalogue.js'

test('actions have the resources that they take', async () => {
  const catalogue = await loadActionCatalogue()
  expect([...catalogue.services].length).toBeGreaterThan(400)
  const formsOf = (service: string, name: string) =>
    catalogue.groups(service).find(({ names }) => names.includes(name))?.forms
  expect(formsOf('s3', 'ListBucket')).toContain('arn:${Partition}:s3:::${BucketName}')
  expect(formsOf('s3', 'GetObject')).toContain('arn:${Partition}:s3:::${BucketName}/${ObjectName}')
  expect(formsOf('s3', 'ListAllMyBuckets')).toEqual([])
  expect(catalogue.groups('no-such-service')).toEqual([])
})
