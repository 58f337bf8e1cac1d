import type { Call, Caller } from '../call.js'
import type { IamTables } from './tables.js'
import { nameKey } from './tables.js'

export interface Use {
  readonly timeMs: number
  readonly service: string
  readonly region: string
}

/**
 * When keys and roles were last used. Kept in memory, because a write for each request would be dear, and put
 * into the database by `save`; a killed server forgets the uses since its start, as AWS is late by hours too.
 */
export class LastUse {
  readonly #keys = new Map<string, Use>()
  readonly #roles = new Map<string, Use>()

  constructor(private readonly tables: IamTables) {}

  note({ caller, timeMs, service, region }: Call): void {
    const { accessKeyId, session } = caller
    if (accessKeyId === undefined) return
    const use = { timeMs, service: service.replace(/-.*$/, ''), region }
    if (session === undefined) this.#keys.set(accessKeyId, use)
    else if (isRole(caller)) this.#roles.set(session.source, use)
  }

  ofKey(id: string): Use | undefined {
    return this.#keys.get(id) ?? this.tables.accessKeys.get([id])?.lastUsed
  }

  ofRole(arn: string): Use | undefined {
    return this.#roles.get(arn)
  }

  /** Inside a transaction. */
  save(): void {
    for (const [id, lastUsed] of this.#keys) {
      const key = this.tables.accessKeys.get([id])
      if (key !== undefined) this.tables.accessKeys.put([id], { ...key, lastUsed })
    }
    for (const [arn, { timeMs, region }] of this.#roles) {
      const place = nameKey(arn.split(':')[4] ?? '', arn.slice(arn.lastIndexOf('/') + 1))
      const role = this.tables.roles.get(place)
      if (role?.arn === arn) this.tables.roles.put(place, { ...role, lastUsed: { timeMs, region } })
    }
  }
}

function isRole({ principal }: Caller): boolean {
  return principal.includes(':assumed-role/')
}
