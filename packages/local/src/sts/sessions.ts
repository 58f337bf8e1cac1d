import type { Credentials } from '@aws-sdk/client-sts'
import type { Session } from '../call.js'
import { newId, newSecret, newSessionToken } from '../iam/identifiers.js'
import type { SessionRecord, StsTables } from './records.js'

const dayMs = 86_400_000
/** Expired sessions that are forgotten when a new one is made, so that their number stays bounded. */
const forgottenAtOnce = 10

/** Makes temporary credentials. Inside a transaction. */
export function putSession(
  tables: StsTables,
  who: { readonly account: string; readonly principal: string; readonly userId: string },
  session: Session,
): SessionRecord {
  forgetExpired(tables, session.issuedAtMs)
  const record: SessionRecord = {
    id: newId('ASIA'),
    secret: newSecret(),
    token: newSessionToken(),
    account: who.account,
    principal: who.principal,
    userId: who.userId,
    session,
  }
  tables.sessions.put([record.id], record)
  tables.expiries.put([session.expiresAtMs, record.id], true)
  return record
}

/** A day after their end clients no longer learn that a session has expired, only that it is unknown. */
function forgetExpired(tables: StsTables, nowMs: number): void {
  const old = [...tables.expiries.range({ start: [0], end: [nowMs - dayMs], limit: forgottenAtOnce })]
  for (const { key } of old) {
    tables.expiries.delete(key)
    tables.sessions.delete([key[1] as string])
  }
}

export function describeCredentials({ id, secret, token, session }: SessionRecord): Credentials {
  return {
    AccessKeyId: id,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: new Date(session.expiresAtMs),
  }
}
