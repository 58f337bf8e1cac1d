import { accessOf, accountOfPlan, findSubject, namesOf, type Problem } from '@ringfence/check'
import type { Declaration, Plan } from '@ringfence/plan'
import { nameHint, loadActionCatalogue } from '@ringfence/policy'
import type { Io } from '../io.js'
import { profilesOf } from './profiles.js'
import { signInsOf } from './sign-in.js'
import type { Welcome } from './welcome.js'

/** Works out what a member can reach, as `access` does, and how they sign in. */
export async function makeWelcome(
  { declaration, plan }: { readonly declaration: Declaration; readonly plan: Plan },
  { member: name, tokenFile }: { readonly member: string; readonly tokenFile: string },
  io: Pick<Io, 'nowMs'>,
): Promise<{ readonly welcome: Welcome } | { readonly problem: Problem }> {
  const { members } = declaration
  const member = members.find((one) => one.name === name)
  if (member === undefined) {
    const hint = nameHint(
      name,
      members.map((one) => one.name),
    )
    const message = `there is no member ${JSON.stringify(name)}`
    return { problem: { code: 'MEMBER_UNKNOWN', message, ...(hint === undefined ? {} : { hint }) } }
  }
  const account = accountOfPlan(plan)
  const found = findSubject(`member/${name}`, account, namesOf(account), plan.access)
  if ('problem' in found) return found
  const options = { catalogue: await loadActionCatalogue(), cache: new Map(), nowMs: io.nowMs() }
  const access = [...accessOf({ account, access: plan.access }, found.subject, options)]
  const signIns = signInsOf(declaration, plan, member)
  const profiles = profilesOf(declaration, member, signIns, tokenFile)
  const { called } = found.subject
  return { welcome: { declaration, member, account, called, access, signIns, profiles } }
}
