import type { Plan } from '@ringfence/plan'
import type { HeldByUser } from './held.js'

/** What goes on after a member has left, and until when. */
export interface Residual {
  readonly what: string
  /** ISO 8601 instant, UTC; undefined where there is none that can be told. */
  readonly until?: string
}

export interface Leaver {
  readonly name: string
  readonly kind: 'person' | 'service'
  /** As it was before the first step; undefined: there was no IAM user. */
  readonly held: HeldByUser | undefined
  /** Roles whose sessions were revoked, and the longest session of each in seconds. */
  readonly roles: readonly { readonly role: string; readonly seconds: number }[]
  /** Groups of the identity provider that let whoever is in them sign in, and that ringfence does not change. */
  readonly groups: readonly string[]
  /** Whether they could start jobs or endpoints: those run as the platform. */
  readonly platforms: readonly string[]
}

/** IAM takes seconds to follow a change; AWS names no bound, a minute is far beyond what is seen. */
const followsMs = 60_000

/**
 * The access that AWS lets live on: only what applies to this member. Signatures that were made before are checked
 * again at every request, so a presigned URL ends with the key or session that signed it.
 */
export function residualOf(leaver: Leaver, atMs: number): readonly Residual[] {
  const { groups, held, roles, platforms } = leaver
  const follows = instant(atMs + followsMs)
  const usable = (held?.accessKeys ?? []).some(({ active }) => active)
  const signs = usable || roles.length > 0
  return [
    {
      what: 'requests that reach AWS before it has followed the change everywhere (IAM is eventually consistent; seconds)',
      until: follows,
    },
    ...(signs
      ? [
          {
            what: 'presigned URLs that were handed out end with the key or session that signed them',
            until: follows,
          },
          { what: 'downloads and uploads that have begun go on to their end' },
        ]
      : []),
    ...(held !== undefined && (held.password || usable)
      ? [
          {
            what: 'sessions of the console or of GetSessionToken are refused with the user: its policies bind them',
            until: follows,
          },
        ]
      : []),
    ...roles.map(({ role, seconds }) => ({
      what: `sessions of ${role} that were issued before its revocation are refused; without it they would have lasted`,
      until: instant(atMs + seconds * 1000),
    })),
    ...groups.map((group) => ({
      what: `signing in to ${group} goes on, and with it the access of that team, while the identity provider has them in its group ${group}: take them out there`,
    })),
    ...platforms.map((platform) => ({
      what: `jobs and endpoints of ${platform} that they started run on, as the platform's role and not as they: stop those that are not wanted`,
    })),
  ]
}

/** Platforms on which a member could start something, through teams or by themselves. */
export function platformsOf({ access }: Pick<Plan, 'access'>, member: string): readonly string[] {
  const subjects = new Set([
    `member/${member}`,
    ...Object.entries(access.teams).flatMap(([team, names]) =>
      names.includes(member) ? [`team/${team}`] : [],
    ),
  ])
  const started = access.grants.filter(
    ({ to, can, on }) =>
      subjects.has(to) &&
      on.startsWith('platform/') &&
      can.some((one) => one === 'train' || one === 'deploy'),
  )
  return [...new Set(started.map(({ on }) => on.slice('platform/'.length)))].toSorted()
}

function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
