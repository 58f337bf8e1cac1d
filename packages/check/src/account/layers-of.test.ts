import { describe, expect, it } from 'vitest'
import { accountOfPlan } from './account-of-plan.js'
import type { Account, AccountRole, AccountUser } from './account.js'
import { layersOf } from './layers-of.js'
import { exampleText, planOf } from './plan.fixture.js'
import { layersBeside, principalsBeside } from './who-else.js'

const account = accountOfPlan(planOf(exampleText('acme-ai')).plan)
const user = (name: string): AccountUser => account.users.find((one) => one.name === name)!
const role = (declared: string): AccountRole => account.roles.find((one) => one.declared === declared)!
const bucket = account.resources.find(
  ({ declared, kind }) => declared === 'dataset/user-data-a' && kind === 'bucket',
)!
const key = account.resources.find(
  ({ declared, kind }) => declared === 'dataset/user-data-a' && kind === 'key',
)!

const names = (policies: readonly { readonly name: string }[] | undefined): readonly string[] | undefined =>
  policies?.map(({ name }) => name.slice(name.lastIndexOf('/') + 1))

describe('layersOf', () => {
  it('puts the policies of a user and of its groups together, below boundary and guardrail', () => {
    const { question, unknowns } = layersOf(account, user('nightly-eval'), bucket)
    expect(question.who).toEqual({ kind: 'user', only: [user('nightly-eval').arn] })
    expect(question.resourceAccount).toBe('111122223333')
    expect(names(question.layers.identityPolicies)).toEqual([
      'acme-end-20350201T000000Z',
      'acme-member-nightly-eval-1',
      'acme-team-safety-1',
    ])
    expect(names(question.layers.permissionsBoundary)).toEqual(['acme-boundary'])
    expect(question.layers.serviceControlPolicies?.map(names)).toEqual([
      ['p-FullAWSAccess'],
      ['p-FullAWSAccess', 'guardrail'],
    ])
    expect(question.layers.resourcePolicy?.name).toBe(bucket.arn)
    expect(question.layers.publicAccessBlock?.restrictPublicBuckets).toBe(true)
    expect(unknowns).toEqual([])
  })

  it('asks about the sessions of a role, and about a key by its alias', () => {
    const { question } = layersOf(account, role('platform/training'), key)
    expect(question.who).toEqual({ kind: 'session', only: [role('platform/training').arn] })
    expect(question.keys).toEqual({ 'kms:ResourceAliases': ['alias/ringfence/acme/user-data-a'] })
    expect(question.layers.resourcePolicy?.kind).toBe('resource')
    expect(question.layers.publicAccessBlock).toBeUndefined()
  })

  it('takes the trust policy for the policy of a role', () => {
    const { question } = layersOf(account, user('ada'), role('team/product'))
    expect(question.layers.resourcePolicy?.kind).toBe('trust')
  })

  it('reads a policy once', () => {
    const one = layersOf(account, user('ada'), bucket).question.layers
    const other = layersOf(account, user('grace'), bucket).question.layers
    expect(one.resourcePolicy).toBe(other.resourcePolicy)
    expect(one.identityPolicies?.at(-1)).toBe(other.identityPolicies?.at(-1))
  })

  it('says of a user which tags it has, and has not, as far as a policy asks', () => {
    const document = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: bucket.arn,
        Condition: {
          StringNotEquals: {
            'aws:PrincipalTag/ringfence:team:applied-research': 'member',
            'aws:PrincipalTag/other': 'x',
          },
        },
      },
    }
    const tagged = { ...bucket, policy: { name: bucket.arn, document } }
    expect(layersOf(account, user('ada'), tagged).question.keys).toEqual({
      'aws:principaltag/ringfence:team:applied-research': 'member',
      'aws:principaltag/other': null,
    })
    expect(layersOf(account, role('platform/training'), tagged).question.keys).toBeUndefined()
  })

  it('names what is not known, and counts it as nothing or as everything', () => {
    const ada: AccountUser = {
      ...user('ada'),
      inline: [
        { name: 'inline policy x of user/ada' },
        { name: 'inline policy y', document: { Statement: {} } },
      ],
    }
    const nothing = layersOf(account, ada)
    const everything = layersOf(account, ada, undefined, 'everything')
    expect(nothing.unknowns).toEqual([
      { about: 'inline policy x of user/ada', reason: 'what the policy says is not known' },
      { about: 'inline policy y', reason: expect.stringContaining('the policy is not understood') },
    ])
    expect(nothing.question.layers.identityPolicies).toHaveLength(2)
    expect(everything.question.layers.identityPolicies?.map(({ name }) => name)).toEqual([
      'any policy',
      'any policy',
      expect.stringContaining('acme-own-sign-in'),
      expect.stringContaining('acme-team-applied-research-1'),
    ])
  })

  it('does not take a managed policy that the account lacks for absent', () => {
    const attached = ['arn:aws:iam::aws:policy/AdministratorAccess']
    expect(layersOf(account, { ...user('ada'), groups: [], attached }).unknowns).toEqual([
      { about: attached[0], reason: 'what the policy says is not known' },
    ])
  })
})

describe('principalsBeside', () => {
  it('asks about everybody else of the account, and about everybody outside', () => {
    const beside = principalsBeside(account)
    expect(beside.map(({ who }) => who.kind)).toEqual([
      'user', 'session', 'federatedUser', 'user', 'session', 'root', 'federatedUser', 'service', 'provider',
      'canonicalUser', 'anonymous',
    ]) // prettier-ignore
    expect(beside[0]?.who.except).toContain(user('ada').arn)
    expect(beside[0]?.who.except).not.toContain(role('team/product').arn)
    expect(beside[1]?.who.except).toContain(role('administrator').arn)
  })

  it('lets them have any policies, and holds only those of the account to its guardrail', () => {
    const layers = principalsBeside(account).map((one) => layersBeside(account, one, bucket).question.layers)
    expect(layers.every(({ identityPolicies }) => identityPolicies?.[0]?.name === 'any policy')).toBe(true)
    expect(layers.map(({ serviceControlPolicies }) => serviceControlPolicies !== undefined)).toEqual([
      true, true, true, false, false, false, false, false, false, false, false,
    ]) // prettier-ignore
    expect(layers[2]?.sessionPolicies).toHaveLength(1)
  })

  it('is unaffected by service control policies of an account without any', () => {
    const { serviceControlPolicies: _, ...alone } = account
    const beside = principalsBeside(alone as Account)
    expect(layersBeside(alone as Account, beside[0]!).question.layers.serviceControlPolicies).toBeUndefined()
  })
})
