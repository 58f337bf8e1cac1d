import { describe, expect, it } from 'vitest'
import { besideKnown, MOST_KNOWN } from './beside-known.js'

const services = ['ec2', 'iam', 's3', 'sts']
const bucket = 'arn:aws:s3:::data'
const role = 'arn:aws:iam::111122223333:role/deploy'
const known = [bucket, `${bucket}/*`, role]

describe('besideKnown', () => {
  it.each([
    ['objects', ['s3:GetObject'], [`${bucket}/raw/*`], undefined],
    ['a role to act as', ['sts:AssumeRole'], [role], undefined],
    ['a role to pass', ['iam:PassRole'], [role], { resources: [role] }],
    ['both', ['iam:PassRole', 'sts:AssumeRole'], [role], { resources: [role], except: [role] }],
    ['another bucket', ['s3:*'], ['arn:aws:s3:::data-2/*'], { resources: ['arn:aws:s3:::data-2/*'] }],
    ['all buckets', ['s3:*'], ['*'], { resources: ['*'], except: [bucket, `${bucket}/*`] }],
    ['what has no such things', ['ec2:*'], ['*'], { resources: ['*'] }],
    ['everything', ['*'], ['*'], { resources: ['*'], except: known }],
  ])('leaves of %s what no policy of its own is about', (_, actions, resources, shape) => {
    expect(besideKnown({ actions, resources }, known, services)).toEqual(
      shape ? { shape: { actions, ...shape } } : {},
    )
  })

  it('says what it leaves out where there is too much', () => {
    const many = Array.from({ length: MOST_KNOWN + 1 }, (_, index) => `arn:aws:s3:::b-${index}`)
    const { leftOut, shape } = besideKnown({ actions: ['*'], resources: ['*'] }, many, services)
    expect(shape).toEqual({ actions: ['ec2:*', 'iam:*', 'sts:*'], resources: ['*'] })
    expect(leftOut).toContain(`more than ${MOST_KNOWN} `)
    expect(leftOut).toContain('no action of s3')
    expect(besideKnown({ actions: ['s3:*'], resources: ['*'] }, many, services)).toEqual({ leftOut })
    expect(besideKnown({ actions: ['ec2:*'], resources: ['*'] }, many, services).leftOut).toBeUndefined()
  })
})
