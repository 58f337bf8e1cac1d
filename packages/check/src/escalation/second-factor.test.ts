import { loadActionCatalogue, proveNothingAllowed } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { AccountRole, AccountUser } from '../account/account.js'
import { findEscalations, type Escalations } from './find-escalations.js'
import { oracleOf } from './oracle.js'
import { accountWith, allow, document, fullAccess, iamArn, role, user } from './public-paths.fixture.js'

const catalogue = await loadActionCatalogue()
const withMfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
const inline = (...statements: readonly object[]) => ({
  inline: [{ name: 'inline policy', document: document(...statements) }],
})
const assuming = inline(allow('sts:AssumeRole'))
const passing = inline(allow('iam:PassRole'), allow('lambda:CreateFunction'), allow('lambda:InvokeFunction'))
const lambda = { Service: 'lambda.amazonaws.com' }

/** An administrator whom everybody of the account may become with MFA. */
const admin: AccountRole = {
  ...role('admin', {}, { inline: [fullAccess] }),
  trust: {
    name: 'trust',
    document: document({
      Effect: 'Allow',
      Principal: { AWS: iamArn('root') },
      Action: 'sts:AssumeRole',
      ...withMfa,
    }),
  },
}

function escalations(users: readonly AccountUser[], roles: readonly AccountRole[]): Escalations {
  const account = accountWith({ users, roles })
  const oracle = oracleOf(account, (question) => proveNothingAllowed(question, { catalogue }))
  return findEscalations(account, oracle)
}

/** Steps of each path of whoever starts, and what they need besides. */
function pathsOf(from: string, ...of: Parameters<typeof escalations>): readonly unknown[] {
  const { paths, unknowns } = escalations(...of)
  expect(unknowns).toEqual([])
  return paths
    .filter((path) => path.from === iamArn(from))
    .map(({ needs, steps }) => steps.flatMap((step) => [step.id, ...step.needs]).concat(needs))
}

/** An administrator as far as its sessions have MFA. */
const strong = (trusted: object) => role('strong', trusted, inline(allow('*', '*', withMfa)))

describe('chains that ask for MFA', () => {
  it('begin with a user, who has the device', () => {
    expect(pathsOf('user/ada', [user('ada', assuming)], [admin])).toEqual([['assume-role']])
  })

  it('do not begin with a role that services alone have, nor go through one', () => {
    const job = role('job', lambda, assuming)
    expect(pathsOf('role/job', [], [job, admin])).toEqual([])
    expect(pathsOf('user/ada', [user('ada', passing)], [job, admin])).toEqual([])
    const open = { ...admin, trust: role('admin', { AWS: iamArn('root') }).trust }
    expect(pathsOf('role/job', [], [job, open])).toEqual([['assume-role']])
  })

  it('do not lead through sessions that a role opened, and perhaps through those of a user', () => {
    const need = 'a way to be role/middle with MFA'
    const middle = role('middle', { AWS: iamArn('user/ada') }, assuming)
    const other = { ...admin, trust: { ...admin.trust, document: trustedWithMfa('role/middle') } }
    expect(pathsOf('user/ada', [user('ada', assuming)], [middle, other])).toEqual([
      ['assume-role', 'assume-role', need],
    ])
    expect(pathsOf('role/middle', [user('ada', assuming)], [middle, other])).toEqual([['assume-role', need]])
    const behind = role('behind', { AWS: middle.arn }, assuming)
    const further = { ...admin, trust: { ...admin.trust, document: trustedWithMfa('role/behind') } }
    expect(pathsOf('user/ada', [user('ada', assuming)], [middle, behind, further])).toEqual([])
  })

  it('are possible as a user who was taken over', () => {
    const ada = user('ada', inline(allow('iam:CreateAccessKey', iamArn('user/bob'))))
    expect(pathsOf('user/ada', [ada, user('bob', assuming)], [admin])).toEqual([
      ['create-access-key', 'assume-role', 'a way to be user/bob with MFA'],
    ])
  })

  it('end as a role that is an administrator with MFA alone only where somebody may open it so', () => {
    expect(pathsOf('user/ada', [user('ada', passing)], [strong(lambda)])).toEqual([])
    expect(escalations([], [strong(lambda)]).administrators).toEqual([])
    expect(pathsOf('user/ada', [user('ada', assuming)], [strong({ AWS: iamArn('root') })])).toEqual([
      ['assume-role', 'a way to be role/strong with MFA'],
    ])
  })
})

function trustedWithMfa(who: string): object {
  return document({
    Effect: 'Allow',
    Principal: { AWS: iamArn(who) },
    Action: 'sts:AssumeRole',
    ...withMfa,
  })
}
