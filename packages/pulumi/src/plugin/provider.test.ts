import * as pulumi from '@pulumi/pulumi'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { common, user } from '../components/pieces.fixture.js'
import { deployWithMocks } from '../mocks/mock-deployment.fixture.js'
import { createProvider } from './provider.js'

const provider = createProvider(readFileSync(new URL('../../schema.json', import.meta.url), 'utf8'), '0.1.0')

test('a component is constructed from plain values, and gives out what the schema says it has', async () => {
  const { values, registered } = await deployWithMocks(async () => {
    const args = { ...common(), access: [{ principals: [user('ada')], can: ['read'] }] }
    const result = await provider.construct?.('corpus', 'ringfence:index:PrivateDataset', args, {})
    return { urn: result?.urn, state: result?.state }
  })
  expect(values['urn']).toBe('urn:pulumi:stack::project::ringfence:index:PrivateDataset::corpus')
  expect(values['state']).toEqual({
    bucketName: 'corpus-corpus-111122223333',
    bucketArn: 'arn:aws:s3:::corpus-corpus-111122223333',
    bucketUrl: 'https://corpus-corpus-111122223333.s3.eu-west-1.amazonaws.com/',
    accessBlockId: 'id of corpus/dataset/corpus/public-access-block',
  })
  expect(registered.length).toBeGreaterThan(5)
})

test('secrets stay secrets on their way to another language', async () => {
  const { secrets } = await deployWithMocks(async () => {
    const dataset = { dataset: 'corpus', bucket: 'the-corpus', can: ['read'] }
    const args = { ...common(), kind: 'service', keysUntil: '2035-01-31', datasets: [dataset] }
    const result = await provider.construct?.('bot', 'ringfence:index:ProvisionedMember', args, {})
    return { ...result?.state }
  })
  expect(secrets).toEqual(['secretAccessKey'])
})

test('an unknown component is refused by name', async () => {
  await expect(provider.construct?.('x', 'ringfence:index:Orgnization', {}, {})).rejects.toThrow(
    /no component ringfence:index:Orgnization\.\nTry: .*ringfence:index:Organization/,
  )
})

test('what a program in another language gets wrong is told as to any other', async () => {
  expect(construct).toThrow(pulumi.RunError)
  expect(construct).toThrow(/error\[TYPE_WRONG\].*region/)
})

function construct() {
  return provider.construct?.('d', 'ringfence:index:PrivateDataset', { ...common(), region: 5 }, {})
}
