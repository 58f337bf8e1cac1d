import type { Arbitrary } from 'fast-check'
import { assert, boolean, constant, constantFrom, oneof, property, record, uniqueArray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Evaluation } from '../../authorize/evaluation.js'
import { compileCondition } from '../../compile/condition-test.js'
import { compilePrincipal } from '../../compile/principal-test.js'
import type { Statement } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { Undecided } from '../bounds.js'
import type { PrincipalValue } from '../options/principal-options.js'
import type { Who } from '../question.js'
import { Cohort } from './cohort.js'
import { framesOf, principalOf } from './frames.js'

const [ours, theirs] = ['111122223333', '444455556666']

/** ARNs of the principals of each kind, of roles for sessions. */
const everybody: Readonly<Record<string, readonly string[]>> = {
  user: [ours, theirs].flatMap((id) => ['ann', 'team/bob'].map((name) => `arn:aws:iam::${id}:user/${name}`)),
  session: [ours, theirs].flatMap((id) =>
    ['job', 'path/etl'].map((name) => `arn:aws:iam::${id}:role/${name}`),
  ),
  root: [ours, theirs].map((id) => `arn:aws:iam::${id}:root`),
  federatedUser: [ours, theirs].map((id) => `arn:aws:sts::${id}:federated-user/kim`),
  service: ['s3.amazonaws.com', 'ec2.amazonaws.com'],
  provider: [`arn:aws:iam::${ours}:saml-provider/sso`],
}
const arns = Object.entries(everybody).flatMap(([kind, of]) =>
  kind === 'service' || kind === 'provider' || kind === 'root' ? [] : of,
)

const principals = oneof(
  constant('*'),
  uniqueArray(constantFrom(ours, theirs, ...arns, `arn:aws:sts::${ours}:assumed-role/job/session`), { minLength: 1 })
    .map((AWS) => ({ AWS })),
  constant({ Service: 's3.amazonaws.com' }),
  constant({ Federated: `arn:aws:iam::${ours}:saml-provider/sso` }),
) // prettier-ignore

const patterns = [
  ...arns,
  `arn:aws:iam::${ours}:user/*`,
  `arn:aws:iam::${ours}:role/path/*`,
  `arn:aws:iam::*:user/ann`,
  `arn:aws:iam::${theirs}:*`,
  '*',
]
const conditions = oneof(
  record({
      operator: constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'ArnLike', 'ArnNotLike'),
      values: uniqueArray(constantFrom(...patterns), { minLength: 1, maxLength: 4 }),
    })
    .map(({ operator, values }) => ({ [operator]: { 'aws:PrincipalArn': values } })),
  constantFrom('true', 'false').map((value) => ({ Bool: { 'aws:PrincipalIsAWSService': value } })),
  constantFrom('true', 'false').map((value) => ({ Null: { 'aws:username': value } })),
) // prettier-ignore

const statements = record({
  Effect: constantFrom('Allow', 'Deny'),
  Principal: principals,
  isNegated: boolean(),
  Condition: conditions,
})
  .filter(({ Principal, isNegated }) => !isNegated || Principal !== '*')
  .map(({ Condition, Effect, Principal, isNegated }): Statement => {
    const who = isNegated ? { NotPrincipal: Principal } : { Principal }
    return read({ Effect, ...who, Action: '*', Resource: '*', Condition })
  })

const whos: Arbitrary<Who> = record({
  kind: constantFrom('user', 'session', 'root', 'federatedUser', 'service', 'provider'),
  limit: constantFrom('none', 'account', 'only', 'except'),
}).map(({ kind, limit }) => {
  const of = everybody[kind]!
  switch (limit) {
    case 'none':
      return { kind } as Who
    case 'account':
      return (kind === 'service' || kind === 'provider' ? { kind } : { kind, account: ours }) as Who
    case 'only':
      return { kind, only: of } as Who
    default:
      return { kind, except: of.slice(0, 1) } as Who
  }
})

/** Those of whom a frame is, as requests have them. */
function membersOf({ account, except = [], kind, only, outside }: Who): readonly PrincipalValue[] {
  const isMember = (arn: string): boolean =>
    (only?.includes(arn) ?? true) &&
    !except.includes(arn) &&
    (account === undefined || arn.includes(account)) &&
    (outside === undefined || !arn.includes(outside))
  return everybody[kind]!.filter(isMember).map((arn) => principalOf(kind, arn))
}

function check(who: Who, statement: Statement, hasBoundary: boolean): void {
  const frames = framesOf(who, {}, ours!)
  if (frames instanceof Undecided) throw new Error(frames.reason)
  for (const frame of frames) {
    const cohort = new Cohort(frame, hasBoundary)
    const { given, possible } = cohort.naming(statement)
    const left = statement.conditions.map((condition) => cohort.reduce(condition))
    for (const { context, principal } of membersOf(frame.who)) {
      const evaluation = new Evaluation({ principal, action: 's3:GetObject', resource: '*', context }, hasBoundary)
      const bits = compilePrincipal(statement.principal!, statement.effect)(evaluation)
      if (statement.effect === 'Allow') {
        if (given !== undefined) expect(bits, principal).toBe(given)
        expect(bits & ~possible, principal).toBe(0)
      } else if (given !== undefined) expect(bits !== 0, principal).toBe(given !== 0)
      for (const [index, condition] of statement.conditions.entries()) {
        const rest = left[index]!
        const holds = typeof rest === 'boolean' ? rest : compileCondition(rest)(evaluation)
        expect(holds, principal).toBe(compileCondition(condition)(evaluation))
      }
    }
  }
} // prettier-ignore

/** An Allow to a principal with a condition on its ARN. */
function allowTo(Principal: object, arn: string): Statement {
  const Condition = { StringEquals: { 'aws:PrincipalArn': arn } }
  return read({ Effect: 'Allow', Principal, Action: '*', Resource: '*', Condition })
}

function read(Statement: object): Statement {
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'resource', name: 'bucket' })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.policy.statements[0]!
}

describe('what principals of a frame have in common', () => {
  it('is what authorize finds of each of them', () => {
    assert(property(whos, statements, boolean(), check), { numRuns: 1000 })
  })

  it('is decided where an account is named, and where a list is', () => {
    const [users] = framesOf({ kind: 'user', account: ours! }, {}, ours!) as never[]
    const [listed] = framesOf({ kind: 'user', only: everybody['user']!.slice(0, 2) }, {}, ours!) as never[]
    const byRole = allowTo({ AWS: ours }, `arn:aws:iam::${ours}:role/job`)
    expect(new Cohort(users!, false).naming(byRole)).toEqual({ given: 2, possible: 2 })
    expect(new Cohort(users!, false).reduce(byRole.conditions[0]!)).toBe(false)
    const byUser = allowTo({ Service: 's3.amazonaws.com' }, `arn:aws:iam::${ours}:user/other`)
    expect(new Cohort(users!, false).naming(byUser)).toEqual({ given: 0, possible: 0 })
    expect(new Cohort(users!, false).reduce(byUser.conditions[0]!)).toBe(byUser.conditions[0])
    expect(new Cohort(listed!, false).reduce(byUser.conditions[0]!)).toBe(false)
  })
})
