import type { AuthorizationRequest, ContextValue } from '@ringfence/policy'
import { unknownWords } from '../account/unknown-words.js'
import { findEscalations } from '../escalation/find-escalations.js'
import { oracleOf } from '../escalation/oracle.js'
import type { EscalationPath } from '../escalation/path.js'
import { fenceGoal } from './fence-goal.js'
import type { Answer, Finding, Refutation } from './finding.js'
import { nameOf } from './setting.js'
import type { Setting } from './setting.js'

/**
 * That nobody of the file comes to be an administrator, or to change the fence, by a chain of steps. Where everybody's
 * own policies, and everybody's way into a role, are proved to be what the file declares, there is no chain: what can
 * be declared holds no step but to pass a platform's role to its jobs, whose policies are among those proved. Else
 * chains are looked for.
 */
export function checkChains(setting: Setting, findings: readonly Finding[]): readonly Finding[] {
  const { declaration } = setting.world
  const open = findings.some(
    ({ answer, guarantee, subject, target }) =>
      answer.proof !== 'proved' &&
      guarantee === 'nothingElse' &&
      (subject !== undefined || target?.startsWith('role of ')),
  )
  const declaredAt = [declaration.declaredAt]
  const chains = { guarantee: 'fence', target: 'by a chain of steps', declaredAt } as const
  if (!open) return [{ ...chains, answer: { proof: 'proved', world: 'allActions' } }]
  const { account, prover, world } = setting
  const { paths, unknowns } = findEscalations(
    account,
    oracleOf(account, (question) => prover.plain(question)),
    { administrators: world.administrators.map(({ arn }) => arn), goals: [fenceGoal(account)] },
  )
  const [path] = paths
  const [unknown] = unknowns
  const answer: Answer =
    path !== undefined
      ? { proof: 'refuted', refutation: refutationOf(setting, path) }
      : unknown !== undefined
        ? { proof: 'unknown', reason: unknownWords(unknown) }
        : { proof: 'proved', world: 'allActions' }
  return [{ ...chains, answer }]
}

function refutationOf({ account }: Setting, path: EscalationPath): Refutation {
  const { action, keys, resource } = path.request
  const context: Record<string, ContextValue> = {}
  for (const [key, value] of Object.entries(keys)) if (value !== null) context[key] = value
  const request: AuthorizationRequest = {
    principal: path.to,
    action,
    resource,
    resourceAccount: account.account,
    context,
  }
  const first = { ...request, principal: path.from, context: { 'aws:PrincipalArn': path.from } }
  return {
    request,
    who: nameOf(account, first) ?? path.from,
    decision: 'allow',
    decidedBy: [],
    steps: path.steps.map(({ gives, requests, target, who }) => {
      const actions = requests.map((one) => one.action).join(' and ')
      return `${who}: ${actions} on ${target}: ${gives}`
    }),
  }
}
