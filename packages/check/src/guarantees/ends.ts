import type { DeclaredWorld } from './declared-world.js'
import type { Region } from './region.js'
import { bothOf, makeRegion } from './region.js'

/** The ends of somebody's access. */
export interface Ends {
  /** For each end the requests from then on. */
  readonly after: readonly Region[]
  /** The requests that are after none of them; undefined: all are. */
  readonly before: Region | undefined
}

/** Only temporary credentials, such as those of the console, have a time of issue. */
const issued = 'aws:TokenIssueTime'

const never: Ends = { after: [], before: undefined }

/**
 * When all access ends. Of a member: at their own end, and for a service at that of its only key. A person's key ends by
 * itself: requests with it are those without a time of issue. Of a team's role: for each of the people who sign in by
 * federation at their own end; that of the team ends what is granted to it.
 */
export function endsOf(world: DeclaredWorld, declared: string): Ends {
  const [kind, name] = declared.split('/')
  if (kind === 'member') return endsOfMember(world, name)
  return kind === 'team' ? endsOfTeam(world, name) : never
}

function endsOfMember({ memberOf }: DeclaredWorld, name: string | undefined): Ends {
  const member = memberOf(name)
  if (member === undefined || (member.signIn === 'federation' && member.oidc === undefined)) return never
  const ends: { readonly after: Region; readonly before: Region }[] = []
  const keys = member.keys?.until
  const all = [member.until, member.kind === 'service' ? keys : undefined].filter((one) => one !== undefined)
  const [first] = all.toSorted()
  if (first !== undefined) ends.push(endAt(first))
  if (member.kind === 'person' && keys !== undefined) ends.push(endOfKeysAt(keys))
  if (ends.length === 0) return never
  return { after: ends.map(({ after }) => after), before: ends.map(({ before }) => before).reduce(bothOf) }
}

/** People who sign in for a team, by their subjects, which every request of their sessions carries. */
function endsOfTeam({ declaration, memberOf, teamOf }: DeclaredWorld, name: string | undefined): Ends {
  const { identityProvider } = declaration
  if (identityProvider === undefined || identityProvider.kind === 'identityCenter') return never
  const { arn, kind } = identityProvider
  const subject = kind === 'saml' ? 'SAML:sub' : `${arn.slice(arn.indexOf('/') + 1)}:sub`
  const people = (teamOf(name)?.members ?? []).flatMap((one) => {
    const { email, oidc, signIn, until } = memberOf(one) ?? {}
    return signIn === 'federation' && oidc === undefined && email !== undefined && until !== undefined
      ? [{ email, until }]
      : []
  })
  const instants = [...new Set(people.map(({ until }) => until))].toSorted()
  if (instants.length === 0) return never
  const endedAt = (instant: string): readonly string[] =>
    people.flatMap(({ email, until }) => (until <= instant ? [email] : []))
  return {
    after: instants.map((instant) =>
      part({
        DateGreaterThanEquals: { 'aws:CurrentTime': instant },
        StringEquals: { [subject]: people.flatMap(({ email, until }) => (until === instant ? [email] : [])) },
      }),
    ),
    // Before the first end everybody; from each on, until the next one, everybody but those who have ended by then.
    before: makeRegion(
      [undefined, ...instants].flatMap((from, index) => {
        const next = instants[index]
        return part({
          ...(from === undefined ? {} : { StringNotEquals: { [subject]: endedAt(from) } }),
          ...(next === undefined ? {} : { DateLessThan: { 'aws:CurrentTime': next } }),
        }).statements
      }),
    ),
  }
}

function endAt(instant: string) {
  return {
    after: part({ DateGreaterThanEquals: { 'aws:CurrentTime': instant } }),
    before: part({ DateLessThan: { 'aws:CurrentTime': instant } }),
  }
}

function endOfKeysAt(instant: string) {
  return {
    after: part({ DateGreaterThanEquals: { 'aws:CurrentTime': instant }, Null: { [issued]: 'true' } }),
    before: makeRegion([
      ...part({ DateLessThan: { 'aws:CurrentTime': instant } }).statements,
      ...part({ Null: { [issued]: 'false' } }).statements,
    ]),
  }
}

function part(
  Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>,
): Region {
  return makeRegion([{ Action: '*', Resource: '*', Condition }])
}
