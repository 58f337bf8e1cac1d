import { linesOf, printedAnswer } from '@ringfence/check'
import { printProfiles } from './profiles.js'
import type { Welcome } from './welcome.js'

/** One line of JSON. */
export function welcomeJson({ access, account, declaration, member, profiles, signIns }: Welcome): string {
  const lines = linesOf(account)
  const { organization, region } = declaration
  const printed = access.map((one) => Object.assign({ ...one }, { answer: printedAnswer(one.answer, lines) }))
  return `${JSON.stringify({
    formatVersion: 1,
    member: member.name,
    kind: member.kind,
    ...(member.email === undefined ? {} : { email: member.email }),
    organization,
    account: declaration.account,
    region,
    ...(member.until === undefined ? {} : { until: member.until }),
    access: printed,
    signIn: signIns,
    profiles: profiles.map(({ name, section = 'profile', settings }) => ({
      name,
      section,
      settings: Object.fromEntries(settings),
    })),
    config: printProfiles(profiles),
  })}\n`
}
