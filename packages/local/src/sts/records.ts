import type { Database, Session, Table } from '../call.js'

/** Temporary credentials. */
export interface SessionRecord {
  /** `ASIA…` */
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly account: string
  /** Who they stand for: a role session, a federated user, or the user or root of GetSessionToken. */
  readonly principal: string
  readonly userId: string
  readonly session: Session
}

export interface StsTables {
  /** [access key id] */
  readonly sessions: Table<SessionRecord>
  /** [expiry in epoch milliseconds, access key id], for forgetting. */
  readonly expiries: Table<true>
}

export function openStsTables(database: Database): StsTables {
  return { sessions: database.table('sts.sessions'), expiries: database.table('sts.expiries') }
}
