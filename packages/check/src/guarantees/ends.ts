import type { DeclaredWorld } from './declared-world.js'
import type { Region } from './region.js'
import { makeRegion } from './region.js'

/** An end of somebody's access: the requests from then on, and those before. */
export interface End {
  readonly after: Region
  readonly before: Region
}

/** Only temporary credentials, such as those of the console, have a time of issue. */
const issued = 'aws:TokenIssueTime'

/**
 * When all access of a member ends: at the member's own end, and for a service at that of its only key. A person's
 * key ends by itself: requests with it are those without a time of issue. People who sign in by federation are let in
 * by a trust policy, which has the end.
 */
export function endsOf(world: DeclaredWorld, declared: string): readonly End[] {
  const member = declared.startsWith('member/') ? world.memberOf(declared.slice(7)) : undefined
  if (member === undefined || (member.signIn === 'federation' && member.oidc === undefined)) return []
  const ends: End[] = []
  const keys = member.keys?.until
  const all = [member.until, member.kind === 'service' ? keys : undefined].filter((one) => one !== undefined)
  const [first] = all.toSorted()
  if (first !== undefined) ends.push(endAt(first))
  if (member.kind === 'person' && keys !== undefined) ends.push(endOfKeysAt(keys))
  return ends
}

function endAt(instant: string): End {
  return {
    after: part({ DateGreaterThanEquals: { 'aws:CurrentTime': instant } }),
    before: part({ DateLessThan: { 'aws:CurrentTime': instant } }),
  }
}

function endOfKeysAt(instant: string): End {
  return {
    after: part({ DateGreaterThanEquals: { 'aws:CurrentTime': instant }, Null: { [issued]: 'true' } }),
    before: makeRegion([
      ...part({ DateLessThan: { 'aws:CurrentTime': instant } }).statements,
      ...part({ Null: { [issued]: 'false' } }).statements,
    ]),
  }
}

function part(Condition: Readonly<Record<string, Readonly<Record<string, string>>>>): Region {
  return makeRegion([{ Action: '*', Resource: '*', Condition }])
}
