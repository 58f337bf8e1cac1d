import { describe, expect, test } from 'vitest'
import type { ExistingResources } from '../existing.js'
import type { Question } from './decide.fixture.js'
import { createDecider } from './decide.fixture.js'
import { existingInAcme } from './existing.fixture.js'
import { exampleNames, loadExample } from './examples.fixture.js'
import { declared, everybody, questions } from './expected.fixture.js'

const cases: readonly (readonly [string, string, ExistingResources])[] = [
  ...exampleNames.map((name) => [name, name, {}] as const),
  ['acme-ai around what exists', 'acme-ai', existingInAcme],
]

describe.each(cases)('%s', (_, name, existing) => {
  const { declaration, plan } = loadExample(name, existing)
  const decide = createDecider(plan)
  const all = everybody(declaration, existing)

  test('everybody may do exactly what the file says, under every prefix', () => {
    let allowed = 0
    let asked = 0
    const prefixes = ['', 'raw/', 'raw/deep/', 'rawer/', ...declaration.grants.map((grant) => grant.under)]
    for (const who of all) {
      for (const store of declaration.stores) {
        for (const prefix of new Set(prefixes)) {
          for (const question of questions(who.arn, store, prefix)) {
            const expected = declared(declaration, who, question.can, store, prefix)
            const decision = decide(question)
            expect(decision === 'allow', JSON.stringify({ question, decision })).toBe(expected)
            asked += 1
            if (expected) allowed += 1
            // The fence alone says the same: whatever is attached by hand widens nothing.
            const widened = decide({ ...question, widened: true })
            expect(widened, JSON.stringify(question)).toBe(expected ? 'allow' : 'explicitDeny')
          }
        }
      }
    }
    expect(allowed).toBeGreaterThan(0)
    expect(asked).toBeGreaterThan(allowed)
  })

  test('nobody else does anything with the data, and only administrators touch the fence', () => {
    const account = declaration.account
    const outsiders = [
      `arn:aws:iam::${account}:user/somebody`,
      `arn:aws:iam::${account}:user/ringfence/other/ada`,
      `arn:aws:iam::${account}:role/other-admin`,
      `arn:aws:iam::${account}:root`,
      'arn:aws:iam::999999999999:user/somebody',
      'anonymous',
      'sagemaker.amazonaws.com',
      'logging.s3.amazonaws.com',
    ]
    const administrator = `arn:aws:iam::${account}:role/platform-admin`
    for (const store of declaration.stores) {
      for (const who of [...outsiders, administrator]) {
        for (const question of questions(who, store, 'raw/')) {
          // Names of objects are all that administrators see: whoever deploys asks by them whether a bucket is there.
          const names = who === administrator && question.action === 's3:ListBucket'
          expect(decide(question), JSON.stringify(question)).toBe(names ? 'allow' : 'explicitDeny')
        }
      }
      const uploads = { action: 's3:ListBucketMultipartUploads', resource: `arn:aws:s3:::${store.bucket}` }
      expect(decide({ who: administrator, ...uploads })).toBe('explicitDeny')
      const bucket = `arn:aws:s3:::${store.bucket}`
      const changes = [
        'PutBucketPolicy',
        'DeleteBucketPolicy',
        'PutBucketPublicAccessBlock',
        'PutBucketAcl',
        'DeleteBucket',
        'PutReplicationConfiguration',
        'PutLifecycleConfiguration',
        'SomethingNew',
      ]
      for (const change of changes) {
        const question = { action: `s3:${change}`, resource: bucket }
        for (const one of all) {
          expect(decide({ who: one.arn, ...question, widened: true }), change).toBe('explicitDeny')
        }
        for (const who of [...outsiders, ...all.map((one) => one.arn)]) {
          // AWS leaves the owner's root user this way out of a bucket policy that locks everybody out.
          if (who.endsWith(':root') && declaration.guardrail === 'none' && change.endsWith('BucketPolicy'))
            continue
          expect(decide({ who, ...question }), `${who} ${change}`).toBe('explicitDeny')
        }
        expect(decide({ who: administrator, ...question }), change).toBe('allow')
      }
    }
  })

  test('plain HTTP is refused to those who may, and a key other than the store’s', () => {
    for (const who of all) {
      for (const store of declaration.stores) {
        for (const question of questions(who.arn, store, '')) {
          if (!declared(declaration, who, question.can, store, '')) continue
          const plain: Question = {
            ...question,
            context: { ...question.context, 'aws:SecureTransport': false },
          }
          expect(decide(plain)).toBe('explicitDeny')
        }
        if (!declared(declaration, who, 'write', store, '')) continue
        const put = { who: who.arn, action: 's3:PutObject', resource: `arn:aws:s3:::${store.bucket}/x` }
        const header = 's3:x-amz-server-side-encryption'
        expect(decide({ ...put, context: { [`${header}-customer-algorithm`]: 'AES256' } })).toBe(
          'explicitDeny',
        )
        if (store.encryption === 's3') continue
        expect(decide({ ...put, context: { [header]: 'AES256' } })).toBe('explicitDeny')
        expect(decide({ ...put, context: { [header]: 'aws:kms' } })).toBe('explicitDeny')
        const key = {
          [header]: 'aws:kms',
          [`${header}-aws-kms-key-id`]: 'arn:aws:kms:eu-west-1:111122223333:key/k',
        }
        expect(decide({ ...put, context: key })).toBe('allow')
      }
    }
  })

  test('keys serve those who hold the data, through S3 and for their bucket only', () => {
    for (const store of declaration.stores.filter((one) => one.encryption === 'kms')) {
      const alias = `alias/ringfence/${declaration.organization}/${store.name}`
      const context = { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${store.bucket}` }
      const key = {
        resource: `arn:aws:kms:${declaration.region}:${declaration.account}:key/k`,
        alias,
        context,
      }
      for (const who of all) {
        const reads = [
          '',
          ...declaration.grants.map((grant) => grant.under),
          ...declaration.platforms.flatMap((one) => [...one.reads, ...one.writes].map((item) => item.under)),
        ]
        const holds = (can: 'read' | 'write'): boolean =>
          reads.some((prefix) => declared(declaration, who, can, store, prefix))
        expect(decide({ who: who.arn, action: 'kms:Decrypt', ...key }) === 'allow').toBe(
          holds('read') || holds('write'),
        )
        expect(decide({ who: who.arn, action: 'kms:GenerateDataKey', ...key }) === 'allow').toBe(
          holds('write'),
        )
        expect(decide({ who: who.arn, action: 'kms:PutKeyPolicy', ...key })).toBe('explicitDeny')
        const byHand = decide({ who: who.arn, action: 'kms:Decrypt', ...key, widened: true })
        expect(byHand === 'allow').toBe(holds('read') || holds('write'))
        expect(
          decide({
            who: who.arn,
            action: 'kms:Decrypt',
            ...key,
            context: { ...context, 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' },
          }),
        ).not.toBe('allow')
        expect(
          decide({
            who: who.arn,
            action: 'kms:Decrypt',
            ...key,
            context: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' },
          }),
        ).not.toBe('allow')
      }
      const administrator = `arn:aws:iam::${declaration.account}:role/platform-admin`
      const stranger = `arn:aws:iam::${declaration.account}:user/somebody`
      expect(decide({ who: administrator, action: 'kms:Decrypt', ...key })).toBe('implicitDeny')
      expect(decide({ who: administrator, action: 'kms:PutKeyPolicy', ...key })).toBe('allow')
      expect(decide({ who: administrator, action: 'kms:CreateGrant', ...key })).toBe('implicitDeny')
      expect(decide({ who: stranger, action: 'kms:Decrypt', ...key })).not.toBe('allow')
      expect(decide({ who: stranger, action: 'kms:PutKeyPolicy', ...key })).not.toBe('allow')
    }
  })

  test('AdministratorAccess attached by hand leads a member neither to IAM nor out of the buckets', () => {
    const user = `arn:aws:iam::${declaration.account}:user/ringfence/${declaration.organization}/`
    const attempts: [string, string][] = [
      ['iam:CreateAccessKey', `${user}ada`],
      ['iam:AttachUserPolicy', `${user}ada`],
      ['iam:DeleteUserPermissionsBoundary', `${user}ada`],
      ['iam:CreateUser', `arn:aws:iam::${declaration.account}:user/other`],
      ['sts:AssumeRole', `arn:aws:iam::${declaration.account}:role/somewhere`],
      ['s3:PutObject', 'arn:aws:s3:::a-bucket-outside/copy'],
      ['s3:CreateAccessPoint', '*'],
      ['organizations:LeaveOrganization', '*'],
      ['lambda:CreateFunction', '*'],
    ]
    // Those that exist already have no boundary, which a warning says.
    for (const who of all.filter(({ arn }) => plan.external.every((one) => one.arn !== arn))) {
      for (const [action, resource] of attempts) {
        expect(decide({ who: who.arn, action, resource, widened: true }), `${who.arn} ${action}`).toBe(
          'explicitDeny',
        )
      }
    }
  })

  test('access ends when the file says', () => {
    for (const grant of declaration.grants) {
      if (grant.until === undefined || grant.on.kind === 'platform') continue
      const store = declaration.stores.find((one) => one.name === grant.on.name && one.kind === grant.on.kind)
      const holders = all.filter((one) => one.subjects.includes(`${grant.to.kind}/${grant.to.name}`))
      expect(holders.length).toBeGreaterThan(0)
      for (const who of holders) {
        for (const question of questions(who.arn, store!, grant.under).filter((one) =>
          grant.can.includes(one.can),
        )) {
          const at = (time: string): Question => ({
            ...question,
            context: { ...question.context, 'aws:CurrentTime': time },
          })
          expect(decide(at(grant.until))).not.toBe('allow')
        }
      }
    }
    for (const member of declaration.members) {
      const end = member.until ?? (member.kind === 'service' ? member.keys?.until : undefined)
      if (end === undefined || (member.signIn === 'federation' && member.kind === 'person')) continue
      const who = all.find((one) => one.subjects.includes(`member/${member.name}`))?.arn ?? ''
      for (const store of declaration.stores) {
        for (const question of questions(who, store, '')) {
          expect(decide({ ...question, context: { ...question.context, 'aws:CurrentTime': end } })).toBe(
            'explicitDeny',
          )
        }
      }
    }
  })
})
