import { isDeepStrictEqual } from 'node:util'
import type { CreateAccessKeyResponse } from '@aws-sdk/client-iam'
import type { LocalAws } from '@ringfence/local'
import type { Declaration } from '@ringfence/plan'
import { accountKeys } from './account-keys.js'
import { accountSecrets, deliveredKey, type DeliveredKey } from './account-secrets.js'
import type { Change, InProcessAws } from './in-process-aws.js'
import { readBy } from './recipients.js'
import type { ProgramOutput } from './registrations.js'
import type { SmallEngine } from './small-engine.js'
import { keyHolder } from './small-organization.js'

const secretName = `ringfence/lab/${keyHolder}/access-key`

/** What an update has left in the state, and what its program gives out. */
interface Left {
  readonly resources: SmallEngine['resources']
  readonly outputs: Readonly<Record<string, ProgramOutput>>
}

/** The access keys of an account and their delivery, looked at after every change. What is wrong is told in words. */
export class WatchedKeys {
  /** Whether the last update that was done left a key that works. */
  #hadKey = false
  /** What the last update that was done left in the secret. */
  #delivered: DeliveredKey | undefined
  /** What AWS has told of every key when it was made: its secret. By id. */
  readonly #secrets = new Map<string, string>()
  /** Who can read what is encrypted, by the text. */
  readonly #read = new Map<string, ReturnType<typeof readBy>>()

  constructor(
    private readonly local: LocalAws,
    private readonly aws: InProcessAws,
  ) {}

  /** No key is to work from now on. */
  areEnded(): void {
    this.#hadKey = false
  }

  /** After a change, with the files in play. */
  async wrongSince(
    { answer, operation, service }: Change,
    files: readonly Declaration[],
  ): Promise<string | undefined> {
    if (operation === 'CreateAccessKey') this.#note(answer as CreateAccessKeyResponse)
    const [isOfKeys, isOfSecrets] = [operation.endsWith('AccessKey'), service === 'secretsmanager']
    return (
      (isOfKeys ? await this.#lackOfKeys(files) : undefined) ??
      (isOfSecrets ? await this.#unfencedSecret() : undefined) ??
      (isOfKeys || isOfSecrets ? await this.#deliveryOfNoUse(files) : undefined)
    )
  }

  /** Whether a text, which anybody may read, says the secret of a key. */
  inTheClear(text: string): string | undefined {
    const [id] = [...this.#secrets].find(([, secret]) => text.includes(secret)) ?? []
    return id === undefined ? undefined : `the secret of ${id} is written in the clear`
  }

  /** After an update: who had a key that works has one, and all of them are handed over as the file says. */
  async wrongAfter(file: Declaration, left: Left): Promise<string | undefined> {
    const lack = await this.#lackOfKeys([file])
    this.#hadKey = (await accountKeys(this.local)).some(({ status }) => status === 'active')
    return (
      lack ?? (await this.#wrongHandover(file, left.outputs)) ?? this.#wrongDelivery(file, left.resources)
    )
  }

  async #wrongHandover(file: Declaration, outputs: Left['outputs']): Promise<string | undefined> {
    const told = (name: string) => (outputs[name]?.value ?? {}) as Readonly<Record<string, string>>
    const ids = told('accessKeyIds')
    const [clear, encrypted] = [told('secretAccessKeys'), told('encryptedSecretAccessKeys')]
    const open = Object.values(outputs).filter(({ isSecret }) => !isSecret)
    const onAws = (await accountKeys(this.local)).map(({ id }) => id)
    if (!isDeepStrictEqual(Object.values(ids).toSorted(), onAws.toSorted()))
      return `${JSON.stringify(ids)} are given out, of ${onAws.join(', ')}`
    const { deliver, encryptTo } = file.members.find(({ name }) => name === keyHolder)?.keys ?? {}
    for (const [name, id] of Object.entries(ids)) {
      const secret = this.#secrets.get(id)
      const expected = encryptTo === undefined ? {} : { [encryptTo.key]: secret }
      const inClear = encryptTo === undefined && deliver === undefined ? secret : undefined
      if (clear[name] !== inClear) return `the secret of ${id} is a secret of the stack, or is none`
      if (!isDeepStrictEqual(await this.#readersOf(encrypted[name]), expected))
        return `${JSON.stringify(encrypted[name])} is handed over of ${id}`
    }
    return this.inTheClear(JSON.stringify(open))
  }

  async #readersOf(encrypted: string | undefined): ReturnType<typeof readBy> {
    if (encrypted === undefined) return {}
    const read = this.#read.get(encrypted) ?? readBy(encrypted)
    this.#read.set(encrypted, read)
    return read
  }

  #note({ AccessKey }: CreateAccessKeyResponse): void {
    if (AccessKey?.AccessKeyId !== undefined && AccessKey.SecretAccessKey !== undefined)
      this.#secrets.set(AccessKey.AccessKeyId, AccessKey.SecretAccessKey)
  }

  /** What is delivered is the last key, and what the same secret said before is not lost. */
  async #wrongDelivery(file: Declaration, recorded: Left['resources']): Promise<string | undefined> {
    const before = this.#delivered
    const delivered = (this.#delivered = await deliveredKey(secretName, 'AWSCURRENT', this.aws))
    if (delivered === undefined) {
      const isDelivered = file.members.some(({ keys }) => keys?.deliver !== undefined)
      return isDelivered && this.#mayWork([file]) ? this.#deliveryOf(undefined) : undefined
    }
    const { AccessKeyId: id, arn, SecretAccessKey } = delivered
    const last = recorded.find((one) => one.id === id)
    const previous = await deliveredKey(secretName, 'AWSPREVIOUS', this.aws)
    const isLost = before?.arn === arn && before.AccessKeyId !== id && previous?.AccessKeyId === id
    if (isLost || last?.outputs?.['secret'] !== SecretAccessKey) return this.#deliveryOf(id)
    return this.#deliveryOfNoUse([file])
  }

  /** Whom all files in play give a key has one that works, once it was there; a third one AWS itself refuses. */
  async #lackOfKeys(files: readonly Declaration[]): Promise<string | undefined> {
    const works = (await accountKeys(this.local)).some(({ status }) => status === 'active')
    return works || !this.#mayWork(files) ? undefined : `${keyHolder} has no key that works`
  }

  /** What is delivered is a key that works, once one did and as long as all files give one: who fetches it has no other. */
  async #deliveryOfNoUse(files: readonly Declaration[]): Promise<string | undefined> {
    const delivered = await deliveredKey(secretName, 'AWSCURRENT', this.aws)
    const keys = await accountKeys(this.local)
    const works = keys.some(({ id, status }) => id === delivered?.AccessKeyId && status === 'active')
    if (delivered === undefined || works || !this.#mayWork(files)) return undefined
    return this.#deliveryOf(delivered.AccessKeyId)
  }

  async #deliveryOf(id: string | undefined): Promise<string> {
    return `${id} is delivered, of ${JSON.stringify(await accountKeys(this.local))}`
  }

  #mayWork(files: readonly Declaration[]): boolean {
    return this.#hadKey && files.every(givesKey) && new Set(files.map(pgpKey)).size === 1
  }

  /** At no moment is a value in a secret without its fence. */
  async #unfencedSecret(): Promise<string | undefined> {
    for (const [name, { hasValue, policy }] of Object.entries(await accountSecrets(this.aws)))
      if (hasValue && policy === undefined) return `nothing fences ${name}`
    return undefined
  }
}

/** Encrypted by AWS's provider to somebody else, or to nobody, a key is another one. */
function pgpKey({ members }: Declaration): string | undefined {
  const encryptTo = members.find(({ name }) => name === keyHolder)?.keys?.encryptTo
  return encryptTo?.kind === 'pgp' ? encryptTo.key : undefined
}

function givesKey({ members }: Declaration): boolean {
  return members.some(({ keys }) => keys !== undefined && keys.ended !== true)
}
