import type { Plan, PolicyStatement, Resource } from '@ringfence/plan'
import type { Account, AccountUser } from '../account/account.js'
import { accountOfPlan } from '../account/account-of-plan.js'
import { namesOf } from '../words/names.js'
import type { AnswerOptions } from './answer.js'
import { type Access, accessOf } from './access-of.js'

/** Whose access has ended, and how they could act before. */
export interface Left {
  /** The name of their IAM user. */
  readonly user: string
  /** Roles whose sessions they may still hold, each with the instant before which those were issued. */
  readonly sessions: readonly { readonly role: string; readonly issuedBefore: string }[]
}

/**
 * What is still allowed to somebody who has left, under the plan that is deployed since: to a user of their old ARN
 * without any policy, should there be one again, and to the sessions that they may hold. Nothing means that it is proved,
 * for every request; what is not known is among what is given. A role that the plan does not have has no sessions: AWS
 * ends those of a deleted role. Who may take on the administrators' roles is no part of a plan, and not asked about.
 */
export function accessAfterLeaving(plan: Plan, left: Left, options: AnswerOptions): readonly Access[] {
  const arn = `arn:aws:iam::${plan.account}:user/ringfence/${plan.organization}/${left.user}`
  const account = withoutAdministrators(plan)
  const user: AccountUser = {
    kind: 'user',
    name: left.user,
    path: `/ringfence/${plan.organization}/`,
    arn,
    groups: [],
    attached: [],
    inline: [],
    tags: {},
  }
  const others = account.users.filter((one) => one.arn !== arn)
  const withUser = { account: { ...account, users: [...others, user] } }
  const called = namesOf(withUser.account).principal(arn) ?? arn
  const byUser = [...accessOf(withUser, { called, principals: [user] }, options)]
  const bySessions = left.sessions.flatMap(({ role, issuedBefore }) => {
    const old = withoutAdministrators(onlyOldSessions(plan, issuedBefore))
    const principals = old.roles.filter(({ name }) => name === role)
    return [...accessOf({ account: old }, { called: role, principals }, options)]
  })
  return [...byUser, ...bySessions]
}

function withoutAdministrators(plan: Plan): Account {
  const account = accountOfPlan(plan)
  return { ...account, roles: account.roles.filter(({ declared }) => declared !== 'administrator') }
}

/**
 * The plan with boundaries that allow only requests of sessions which were issued before an instant: all that a question
 * about a role is about then.
 */
function onlyOldSessions(plan: Plan, issuedBefore: string): Plan {
  const boundaries = new Set(
    plan.resources.flatMap((one) => (one.type === 'iam.Role' ? [one.permissionsBoundary] : [])),
  )
  const resources = plan.resources.map((one): Resource => {
    if (one.type !== 'iam.Policy' || !boundaries.has(one.arn)) return one
    const Statement = one.policy.Statement.map((statement) => issued(statement, issuedBefore))
    return { ...one, policy: { ...one.policy, Statement } }
  })
  return { ...plan, resources }
}

function issued(statement: PolicyStatement, before: string): PolicyStatement {
  if (statement.Effect === 'Deny') return statement
  const { Condition = {} } = statement
  const DateLessThan = { ...Condition['DateLessThan'], 'aws:TokenIssueTime': before }
  return { ...statement, Condition: { ...Condition, DateLessThan } }
}
