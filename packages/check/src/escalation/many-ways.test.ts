import { loadActionCatalogue, proveNothingAllowed } from '@ringfence/policy'
import { expect, it } from 'vitest'
import type { Account } from '../account/account.js'
import { findEscalations, type Escalations } from './find-escalations.js'
import { oracleOf } from './oracle.js'
import { accountWith, allow, document, iamArn, managed, role, user } from './public-paths.fixture.js'

const catalogue = await loadActionCatalogue()
const inline = (...statements: readonly object[]) => ({
  inline: [{ name: 'inline policy', document: document(...statements) }],
})

/** With the number of questions that it took. */
function escalations(account: Account, mostWays = 100): Escalations & { readonly asked: number } {
  let asked = 0
  const oracle = oracleOf(account, (question) => {
    asked++
    return proveNothingAllowed(question, { catalogue })
  })
  const found = findEscalations(account, oracle, { mostWays })
  return { ...found, asked }
}

it('whoever has many that may give policies to all of them asks about few', () => {
  const many = Array.from({ length: 16 }, (_, at) => at)
  const account = accountWith({
    users: [user('ada', inline(allow('iam:UpdateAssumeRolePolicy')))],
    roles: many.map((at) =>
      role(
        `job-${at}`,
        { Service: 'ec2.amazonaws.com' },
        inline(allow('iam:AttachRolePolicy'), allow(`s${at}:*`)),
      ),
    ),
    managedPolicies: many.map((at) =>
      managed(`data-${at}`, allow('s3:GetObject', `arn:aws:s3:::data-${at}/*`)),
    ),
  })
  const { asked, paths } = escalations(account)
  expect(paths.length).toBeGreaterThan(0)
  expect(asked).toBeLessThan(2_000)
})

it('fewer ways are told to each of many ends, and one at least', () => {
  const names = ['bob', 'eve', 'kim', 'max', 'pia', 'tom']
  const keys = inline(allow('iam:CreateAccessKey'))
  const account = accountWith({
    users: [
      user('ada', keys),
      ...names.map((name) => user(name, inline(allow('iam:PutUserPolicy'), allow(`${name}:*`)))),
    ],
  })
  const { paths, unknowns } = escalations(account, 2)
  const ends = paths.filter(({ from }) => from === iamArn('user/ada')).map(({ to }) => to)
  expect(ends.toSorted()).toEqual(['ada', ...names].map((name) => iamArn(`user/${name}`)))
  expect(unknowns).toContainEqual({
    about: iamArn('user/ada'),
    reason: 'too large: there are more ways than are told',
  })
})
