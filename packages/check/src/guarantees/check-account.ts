import { allAllowed, allWithin } from './ask.js'
import type { Finding } from './finding.js'
import { administratorParties, existingPrincipals, strangersInAccount, undescribed } from './parties.js'
import type { RegionStatement } from './region.js'
import { makeRegion } from './region.js'
import type { Setting } from './setting.js'

/** What users change about themselves; of anything else it says nothing. */
const ownChanges = ['iam:ChangePassword', 'iam:EnableMFADevice', 'iam:ResyncMFADevice']

/** What looks at IAM without changing it. */
const looks = ['iam:Get*', 'iam:List*', 'iam:Generate*', 'iam:Simulate*']

/**
 * The fence around what ringfence made in IAM, and around the settings of the account: with a guardrail nobody but
 * administrators changes them, whatever policies they have. Without one whoever may write IAM in the account is as
 * good as an administrator, and nothing is said about them here.
 */
export function checkAccount(setting: Setting): readonly Finding[] {
  const { world } = setting
  const { declaration } = world
  const declaredAt = [declaration.declaredAt]
  const target = 'users, roles and policies'
  const administrators = administratorParties(setting).map((party) => undescribed(setting, party))
  const changes = [...iamChanges(setting), ...settingsOfAccount(setting)]
  const lockOut = allAllowed(setting, administrators, makeRegion(changes))
  const findings: Finding[] = [{ guarantee: 'lockOut', target, declaredAt, answer: lockOut }]
  if (declaration.guardrail === 'none') return findings
  const arns = world.administrators.map(({ arn }) => arn)
  const byAdministrators = changes.map((statement) => ({
    ...statement,
    Condition: { StringEquals: { 'aws:PrincipalArn': arns } },
  }))
  const answer = allWithin(
    setting,
    strangersInAccount(setting),
    makeRegion(changes),
    makeRegion(byAdministrators),
  )
  return [...findings, { guarantee: 'fence', target, declaredAt, answer }]
}

/** Every change of users, groups, roles and policies of the file, of administrators, and of how people sign in. */
function iamChanges(setting: Setting): RegionStatement[] {
  const { account, world } = setting
  const { organization, account: id } = world.declaration
  const under = ['group', 'policy', 'role', 'user'].map(
    (kind) => `arn:aws:iam::${id}:${kind}/ringfence/${organization}/*`,
  )
  const users = [`arn:aws:iam::${id}:user/ringfence/${organization}/*`]
  const roles = [`arn:aws:iam::${id}:role/ringfence/${organization}/*`]
  const administrators = world.administrators.map(({ arn }) => arn)
  return [
    {
      NotAction: [...looks, ...ownChanges, 'iam:PassRole', 'sts:*'],
      Resource: [...under, ...existingPrincipals(world), ...administrators, ...account.identityProviders],
    },
    { Action: ownChanges, Resource: [...users, ...administrators] },
    // Who gets into roles of the file their trust policies say, which are looked at by themselves.
    {
      Action: 'iam:PassRole',
      Resource: [...roles, ...administrators.filter((arn) => arn.includes(':role/'))],
    },
  ]
}

function settingsOfAccount({ account, world }: Setting): RegionStatement[] {
  const { organization, account: id, region } = world.declaration
  const aliases = `arn:${account.partition}:kms:${region}:${id}:alias/ringfence/${organization}/*`
  return [
    { Action: ['organizations:LeaveOrganization', 's3:PutAccountPublicAccessBlock'], Resource: '*' },
    { Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'], Resource: aliases },
  ]
}
