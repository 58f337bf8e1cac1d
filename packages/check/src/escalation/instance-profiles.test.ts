import { loadActionCatalogue, proveNothingAllowed } from '@ringfence/policy'
import { expect, it } from 'vitest'
import type { AccountRole, AccountUser } from '../account/account.js'
import { findEscalations, type Escalations } from './find-escalations.js'
import { oracleOf } from './oracle.js'
import { accountWith, allow, document, iamArn, role, user } from './public-paths.fixture.js'

const catalogue = await loadActionCatalogue()
const inline = (...statements: readonly object[]) => ({
  inline: [{ name: 'inline policy', document: document(...statements) }],
})

function escalations(users: readonly AccountUser[], roles: readonly AccountRole[]): Escalations {
  const account = accountWith({ users, roles })
  const oracle = oracleOf(account, (question) => proveNothingAllowed(question, { catalogue }))
  return findEscalations(account, oracle)
}

it('whoever changes instance profiles starts an instance with any role that EC2 may have', () => {
  const asks = ['iam:PassRole', 'iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile']
  const own = inline(...asks.map((action) => allow(action)), allow('ec2:RunInstances'))
  const service = { Service: 'ec2.amazonaws.com' }
  const strong = role('strong', service, inline(allow('*')))
  const meek = (instanceProfiles: readonly string[]) => role('meek', service, { instanceProfiles })
  const found = (instanceProfiles: readonly string[]): readonly unknown[] =>
    escalations([user('ada', own)], [strong, meek(instanceProfiles)])
      .paths.flatMap(({ certainty, steps }) => steps.map(({ id }) => `${id} ${certainty}`))
      .filter((one) => one.includes('profile'))
  const possible = ['new-instance-and-filled-profile possible']
  expect(found([])).toEqual([...possible, 'new-instance-and-changed-profile possible'].toSorted())
  expect(found([iamArn('instance-profile/meek')])).toEqual([
    'new-instance-and-changed-profile certain',
    ...possible,
  ])
})
