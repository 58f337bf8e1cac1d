import { describe, expect, it } from 'vitest'
import { canonicalizer } from './canonical-text.js'

const canonical = canonicalizer({ organization: 'acme', account: '111122223333', suffix: '111122223333' })
const text = (value: unknown): string => {
  const written = JSON.stringify(value)
  return canonical.outlineOf(written)?.text ?? written
}
const iam = 'arn:aws:iam::111122223333:'
const bucket = (name: string): string => `arn:aws:s3:::acme-${name}-111122223333`

const question = (store: string, user: string, team: string) => ({
  Resource: [bucket(store), `${bucket(store)}/raw/*`],
  Principal: [`${iam}user/ringfence/acme/${user}`, `${iam}role/ringfence/acme/acme-${team}-execution`],
  Alias: `alias/ringfence/acme/${store}`,
  Jobs: `arn:aws:sagemaker:eu-west-1:111122223333:training-job/${team}--${user}--*`,
  AnyonesJobs: `arn:aws:sagemaker:eu-west-1:111122223333:training-job/${team}--*--*`,
  Tag: { 'aws:RequestTag/ringfence:team': user },
  Email: [`${user}@acme.example`],
  Work: ['*', 'project'].map(
    (kind) =>
      `arn:aws:sagemaker:eu-west-1:111122223333:${kind}/${kind === '*' ? `${team}--*` : `acme-${team}`}`,
  ),
})

const tagged = (team: string) => text({ 'aws:PrincipalTag/ringfence:team': team, to: bucket('a') })

describe('canonicalizer', () => {
  it('takes what differs in nothing but names for the same', () => {
    expect(text(question('user-data', 'ada', 'training'))).toBe(text(question('crawl', 'grace', 'serving')))
    expect(text(question('user-data', 'ada', 'training'))).not.toContain('ada')
    expect(canonical.outlineOf(JSON.stringify(question('a', 'b', 'c')))?.names).toEqual([
      'a',
      'b',
      'c',
      'b@acme.example',
    ])
  })

  it('tells names apart that are used apart', () => {
    expect(text([bucket('a'), bucket('b')])).not.toBe(text([bucket('a'), bucket('a')]))
    expect(text([bucket('a'), 'alias/ringfence/acme/a'])).not.toBe(
      text([bucket('a'), 'alias/ringfence/acme/b']),
    )
  })

  it('knows a team by its name, whatever else that looks like', () => {
    expect(tagged('alias-team')).toBe(tagged('red'))
    expect(tagged('a')).not.toBe(tagged('b'))
  })

  it('keeps what a name is known by', () => {
    const role = (name: string): string => text([`${iam}role/ringfence/acme/${name}`])
    expect(role('acme-a-execution')).toBe(role('acme-b-execution'))
    expect(role('acme-a-execution')).not.toBe(role('acme-a'))
    expect(text([`${iam}user/ringfence/acme/a`])).not.toBe(text([`${iam}role/ringfence/acme/a`]))
    expect(text(['under/', bucket('a')])).not.toBe(text(['other/', bucket('a')]))
  })

  it.each([
    'arn:aws:s3:::acme-a*-111122223333/*',
    'arn:aws:s3:::acme-?-111122223333',
    `${iam}user/ringfence/acme/a*`,
    `${iam}role/ringfence/acme/acme-a*-execution`,
    'alias/ringfence/acme/a*',
    'arn:aws:sagemaker:eu-west-1:111122223333:training-job/a*',
    'arn:aws:sagemaker:eu-west-1:111122223333:training-job/a*--b--*',
    'arn:aws:sagemaker:eu-west-1:111122223333:training-job/*--b--*',
    'arn:aws:sagemaker:eu-west-1:111122223333:project/acme-a*',
  ])('leaves names beside %s as they are, which tells them apart', (pattern) => {
    const beside = [pattern, bucket('b'), `${iam}user/ringfence/acme/b`]
    expect(text(beside)).toBe(JSON.stringify(beside))
    expect(canonical.outlineOf(JSON.stringify(beside))).toBeUndefined()
  })

  it.each([
    'arn:aws:s3:::*',
    'arn:aws:s3:::acme-*-111122223333/*',
    `${iam}user/ringfence/acme/*`,
    `${iam}user/ringfence/acme/\${aws:username}`,
    'alias/ringfence/acme/*',
    'arn:aws:sagemaker:eu-west-1:111122223333:*/*--*--*',
    'arn:aws:sagemaker:eu-west-1:111122223333:project/acme-*',
    's3:Get*',
  ])('knows that %s takes all names alike', (pattern) => {
    expect(text([pattern, bucket('a')])).toBe(text([pattern, bucket('b')]))
    expect(canonical.outlineOf(JSON.stringify([pattern]))?.names).toEqual([])
  })

  it('leaves texts with escapes as they are', () => {
    expect(text(['\\', bucket('a')])).toContain('acme-a-')
  })
})
