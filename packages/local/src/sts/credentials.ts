import { timingSafeEqual } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import type { Caller } from '../call.js'
import type { CredentialLookup } from '../http/deps.js'
import { rootArn } from '../iam/identifiers.js'
import type { IamTables } from '../iam/tables.js'
import { nameKey } from '../iam/tables.js'
import type { StsTables } from './records.js'

type Found = ReturnType<CredentialLookup>

interface Known {
  readonly secretAccessKey: string
  readonly caller: Caller
  /** Temporary credentials only. */
  readonly token?: string
  readonly expiresAtMs?: number
}

const maximumKnown = 20_000

/** Finds who signs with an access key; keeps what it found until `forget` is called after a change. */
export class Credentials {
  readonly #known = new Map<string, Known>()

  constructor(
    private readonly iam: IamTables,
    private readonly sts: StsTables,
    private readonly nowMs: () => number,
  ) {}

  forget(): void {
    this.#known.clear()
  }

  readonly lookup: CredentialLookup = (accessKeyId, sessionToken) => {
    let known = this.#known.get(accessKeyId)
    if (known === undefined) {
      known = /^[A-Z0-9]{16,128}$/.test(accessKeyId) ? this.#find(accessKeyId) : undefined
      if (known === undefined) return invalid()
      if (this.#known.size >= maximumKnown) this.#known.clear()
      this.#known.set(accessKeyId, known)
    }
    const { token, expiresAtMs, secretAccessKey, caller } = known
    if (token === undefined) return sessionToken === undefined ? { secretAccessKey, caller } : invalid()
    if (sessionToken === undefined || !sameText(token, sessionToken)) return invalid()
    if (expiresAtMs !== undefined && this.nowMs() >= expiresAtMs) return expired()
    return { secretAccessKey, caller }
  }

  #find(accessKeyId: string): Known | undefined {
    const session = this.sts.sessions.get([accessKeyId])
    if (session !== undefined) {
      const { account, principal, userId } = session
      const caller = { principal, account, userId, accessKeyId, session: session.session }
      const { expiresAtMs } = session.session
      return { secretAccessKey: session.secret, caller, token: session.token, expiresAtMs }
    }
    const key = this.iam.accessKeys.get([accessKeyId])
    if (key === undefined || key.status !== 'Active') return undefined
    const { account } = key
    if (key.user === undefined) {
      const caller = { principal: rootArn(account), account, userId: account, accessKeyId }
      return { secretAccessKey: key.secret, caller }
    }
    const user = this.iam.users.get(nameKey(account, key.user))
    if (user === undefined) return undefined
    const caller = { principal: user.arn, account, userId: user.id, accessKeyId }
    return { secretAccessKey: key.secret, caller }
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function invalid(): Found {
  const text = 'The security token included in the request is invalid.'
  return { error: new AwsError('InvalidClientTokenId', text, 403) }
}

function expired(): Found {
  const text = 'The security token included in the request is expired'
  return { error: new AwsError('ExpiredToken', text, 403) }
}
