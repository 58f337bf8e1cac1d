import { loadActionCatalogue } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { Account } from '../account/account.js'
import { whoCan } from '../answers/who-can.js'
import {
  accountId,
  accountWith,
  allow,
  document,
  iamArn,
  role,
  user,
} from '../escalation/public-paths.fixture.js'
import { exposureOf } from './exposure.js'

const catalogue = await loadActionCatalogue()
const organization = 'o-exampleorgid'
const arn = 'arn:aws:s3:::data'
const queue = `arn:aws:sqs:eu-west-1:${accountId}:jobs`
const inline = (...statements: readonly object[]) => ({
  inline: [{ name: 'inline policy', document: document(...statements) }],
})
const stringEquals = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } })

function bucketWith(...statements: readonly object[]): Account['resources'][number] {
  return { kind: 'bucket', arn, name: 'data', policy: { name: arn, document: document(...statements) } }
}

/** Whom it is certain of, and of whom it is not, that they read the bucket. */
function readers(account: Account): readonly unknown[] {
  const reach = exposureOf(account, { catalogue }).buckets.find(({ can }) => can === 'read')
  return reach ? [reach.who, reach.perhaps] : [[], []]
}

const ada = iamArn('user/ada')

describe('an organization', () => {
  const reading = inline(allow('s3:GetObject', `${arn}/*`))
  const ofOrganization = (id: string, ...more: readonly object[]) =>
    bucketWith(
      allow('s3:GetObject', `${arn}/*`, { Principal: '*', ...stringEquals('aws:PrincipalOrgID', id) }),
      ...more,
    )
  const denying = bucketWith({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: `${arn}/*`,
    Condition: { StringNotEquals: { 'aws:PrincipalOrgID': organization } },
  })

  it('that is not known lets its people in perhaps, and locks them out perhaps', () => {
    expect(readers(accountWith({ users: [user('ada')], resources: [ofOrganization(organization)] }))).toEqual(
      [[], [ada]],
    )
    expect(readers(accountWith({ users: [user('ada', reading)], resources: [denying] }))).toEqual([[], [ada]])
  })

  it('that is not known changes nothing for whom something else lets in or keeps out', () => {
    const named = allow('s3:GetObject', `${arn}/*`, { Principal: { AWS: ada } })
    const account = accountWith({ users: [user('ada')], resources: [ofOrganization(organization, named)] })
    expect(readers(account)).toEqual([[ada], []])
    const none = inline({ Effect: 'Deny', Action: 's3:*', Resource: '*' })
    expect(
      readers(accountWith({ users: [user('ada', none)], resources: [ofOrganization(organization)] })),
    ).toEqual([[], []])
  })

  it('that is known decides', () => {
    const account = (of: string, resource = ofOrganization(organization)) =>
      accountWith({ users: [user('ada', reading)], resources: [resource], organization: of })
    expect(readers(account(organization, denying))).toEqual([[ada], []])
    expect(readers(account('o-anotherorgid', denying))).toEqual([[], []])
    const fromBucket = (of: string) => ({ ...account(of), users: [user('ada')] })
    expect(readers(fromBucket(organization))).toEqual([[ada], []])
    expect(readers(fromBucket('o-anotherorgid'))).toEqual([[], []])
  })

  it('that is not known is named where somebody may become an administrator by it', () => {
    const admin = role('admin', {}, inline(allow('*')))
    const trust = document({
      Effect: 'Allow',
      Principal: '*',
      Action: 'sts:AssumeRole',
      ...stringEquals('aws:PrincipalOrgID', organization),
    })
    const account = accountWith({
      users: [user('ada', inline(allow('sts:AssumeRole')))],
      roles: [{ ...admin, trust: { name: 'trust', document: trust } }],
    })
    const { paths, unknowns } = exposureOf(account, { catalogue }).escalations
    expect(paths).toEqual([])
    expect(unknowns).toMatchObject([{ about: ada, reason: expect.stringContaining('which organization') }])
    const known = exposureOf({ ...account, organization }, { catalogue }).escalations
    expect([known.paths.length, known.unknowns]).toEqual([1, []])
  })
})

/** A role for IAM Roles Anywhere, by the name in a certificate. */
function anywhere(action: readonly string[]): Account {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'rolesanywhere.amazonaws.com' },
    Action: action,
    Condition: {
      StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'trainer-1' },
      ArnEquals: { 'aws:SourceArn': `arn:aws:rolesanywhere:eu-west-1:${accountId}:trust-anchor/a` },
    },
  }
  const trainer = role('trainer', {})
  return accountWith({
    roles: [{ ...trainer, trust: { name: trainer.arn, document: document(statement) } }],
  })
}

function serviceCan(account: Account): unknown {
  const shape = { actions: ['sts:AssumeRole'], resources: [iamArn('role/trainer')] }
  const [resource] = account.roles
  const everybody = [...whoCan({ account }, [{ resource: resource!, shape }], { catalogue, nowMs: 0 })]
  return everybody.find(({ called }) => called === 'an AWS service')?.answers[0]?.answer
}

describe('tags that a service sets', () => {
  it('may let it take on a role that asks for them', () => {
    expect(serviceCan(anywhere(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']))).toBe(
      'unknown',
    )
    expect(serviceCan(anywhere(['sts:AssumeRole']))).toBe('no')
  })

  it('name what is not known where the role can be passed to it', () => {
    const account = anywhere(['sts:AssumeRole', 'sts:TagSession'])
    const strong = account.roles.map((one) => ({ ...one, ...inline(allow('*')) }))
    const passing = user('ada', inline(allow('iam:PassRole', iamArn('role/trainer'))))
    const { escalations } = exposureOf({ ...account, roles: strong, users: [passing] }, { catalogue })
    expect(escalations.paths).toEqual([])
    expect(escalations.unknowns).toMatchObject([
      { about: ada, reason: expect.stringContaining('aws:PrincipalTag/x509Subject/CN') },
    ])
  })
})

/** Something that is open to whatever has an owner. */
function owned(owner: string, on = queue): Account {
  const statement = allow('*', on, { Principal: '*', ...stringEquals('aws:SourceOwner', owner) })
  return accountWith({
    users: [user('ada')],
    resources: [{ kind: 'other', arn: on, name: on, policy: { name: on, document: document(statement) } }],
  })
}

function adaCan(account: Account, action: string): unknown {
  const [resource] = account.resources
  const shape = { actions: [action], resources: [resource!.arn] }
  return [...whoCan({ account }, [{ resource: resource!, shape }], { catalogue, nowMs: 0 })][0]?.answers[0]
    ?.answer
}

function crossing(owner: string): readonly unknown[] {
  return exposureOf(owned(owner), { catalogue }).crossAccount.map(({ isKnown, who }) => [who, isKnown])
}

describe('aws:SourceOwner', () => {
  it('is the account of who asks for a topic, and nobody knows what for others', () => {
    const topic = `arn:aws:sns:eu-west-1:${accountId}:news`
    expect(adaCan(owned(accountId, topic), 'sns:Publish')).toBe('yes')
    expect(adaCan(owned(accountId), 'sqs:SendMessage')).toBe('unknown')
    expect(adaCan(owned('444455556666'), 'sqs:SendMessage')).toBe('no')
  })

  it('opens a queue to other accounts perhaps where it names another one, and not where it names the own', () => {
    expect(crossing(accountId)).toEqual([])
    expect(crossing('444455556666')).toContainEqual(['a role of another account', false])
  })
})
