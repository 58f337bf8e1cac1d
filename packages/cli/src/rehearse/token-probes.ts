import { actorsOf, type Actor } from './actor.js'
import { signInByToken, type SessionOptions } from './credentials.js'
import { allowed, denied } from './expectations.js'
import type { Expectation, Probe } from './probe.js'
import type { Setting } from './setting.js'

type Stranger = Extract<Actor, { kind: 'stranger' }>

/**
 * Every declared subject gets into its service's role, and tokens of another subject, for another audience, or of
 * another issuer do not. What they reach in there is asked as of every member.
 */
export function tokenProbes(setting: Setting, stranger: Stranger, atMs: number): readonly Probe[] {
  return setting.declaration.members.flatMap(({ declaredAt, name, oidc }) => {
    if (oidc === undefined) return []
    const issuer = oidc.arn.slice(oidc.arn.indexOf('/') + 1)
    const own = signInByToken(setting, name)
    const probe = (
      actor: Actor,
      token: string,
      change: Partial<SessionOptions>,
      expectation: Expectation,
    ): Probe => ({
      actor,
      stage: 'fence',
      description: `take ${name}'s role with a token ${token}`,
      service: 'trust',
      operation: 'AssumeRoleWithWebIdentity',
      input: { ...own, ...change },
      transport: 'tls',
      atMs,
      expectation,
    })
    const wrong = (token: string, change: Partial<SessionOptions>): Probe =>
      probe(
        stranger,
        token,
        change,
        denied([declaredAt], `only declared subjects of ${issuer} get into the role of ${name}`),
      )
    const keys = own.context ?? {}
    const other = `rehearsal.${issuer}`
    const actor = actorsOf(setting.declaration).find((one) => one.kind === 'member' && one.name === name)
    return [
      ...oidc.subjects.flatMap((subject, index) =>
        actor === undefined
          ? []
          : [
              probe(
                actor,
                `of ${subject}`,
                signInByToken(setting, name, index),
                allowed([declaredAt], `declared: subject ${subject}`),
              ),
            ],
      ),
      wrong('of another subject', {
        context: { ...keys, [`${issuer}:sub`]: `rehearsal:${String(keys[`${issuer}:sub`])}` },
      }),
      wrong('for another audience', { context: { ...keys, [`${issuer}:aud`]: 'rehearsal' } }),
      wrong('of another issuer', {
        principal: `arn:aws:iam::${setting.declaration.account}:oidc-provider/${other}`,
        context: {
          [`${other}:aud`]: oidc.audience,
          [`${other}:sub`]: keys[`${issuer}:sub`] ?? '',
        },
      }),
    ]
  })
}
