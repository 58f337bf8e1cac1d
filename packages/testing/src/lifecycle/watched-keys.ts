import type { LocalAws } from '@ringfence/local'
import type { Declaration } from '@ringfence/plan'
import { accountKeys } from './account-keys.js'
import { accountSecrets, deliveredKey, type DeliveredKey } from './account-secrets.js'
import type { Change, InProcessAws } from './in-process-aws.js'
import type { SmallEngine } from './small-engine.js'
import { keyHolder } from './small-organization.js'

const secret = `ringfence/lab/${keyHolder}/access-key`

/** The access keys of an account and their delivery, looked at after every change. What is wrong is told in words. */
export class WatchedKeys {
  /** Whether the last update that was done left a key that works. */
  #hadKey = false
  /** What the last update that was done left in the secret. */
  #delivered: DeliveredKey | undefined

  constructor(
    private readonly local: LocalAws,
    private readonly aws: InProcessAws,
  ) {}

  /** After an update that is done. */
  async look(): Promise<void> {
    this.#hadKey = (await accountKeys(this.local)).some(({ status }) => status === 'active')
  }

  /** No key is to work from now on. */
  areEnded(): void {
    this.#hadKey = false
  }

  /** After a change, with the files in play. */
  async wrongSince(
    { operation, service }: Change,
    files: readonly Declaration[],
  ): Promise<string | undefined> {
    const [isOfKeys, isOfSecrets] = [operation.endsWith('AccessKey'), service === 'secretsmanager']
    return (
      (isOfKeys ? await this.#lackOfKeys(files) : undefined) ??
      (isOfSecrets ? await this.#unfencedSecret() : undefined) ??
      (isOfKeys || isOfSecrets ? await this.#deliveryOfNoUse(files) : undefined)
    )
  }

  /** After an update: what is delivered is the last key, and what the same secret said before is not lost. */
  async wrongAfter(file: Declaration, recorded: SmallEngine['resources']): Promise<string | undefined> {
    const before = this.#delivered
    const delivered = (this.#delivered = await deliveredKey(secret, 'AWSCURRENT', this.aws))
    if (delivered === undefined) {
      const isDelivered = file.members.some(({ keys }) => keys?.deliver !== undefined)
      return isDelivered && this.#mayWork([file]) ? this.#deliveryOf(undefined) : undefined
    }
    const { AccessKeyId: id, arn, SecretAccessKey } = delivered
    const last = recorded.find((one) => one.id === id)
    const previous = await deliveredKey(secret, 'AWSPREVIOUS', this.aws)
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
    const delivered = await deliveredKey(secret, 'AWSCURRENT', this.aws)
    const keys = await accountKeys(this.local)
    const works = keys.some(({ id, status }) => id === delivered?.AccessKeyId && status === 'active')
    if (delivered === undefined || works || !this.#mayWork(files)) return undefined
    return this.#deliveryOf(delivered.AccessKeyId)
  }

  async #deliveryOf(id: string | undefined): Promise<string> {
    return `${id} is delivered, of ${JSON.stringify(await accountKeys(this.local))}`
  }

  #mayWork(files: readonly Declaration[]): boolean {
    return this.#hadKey && files.every(givesKey)
  }

  /** At no moment is a value in a secret without its fence. */
  async #unfencedSecret(): Promise<string | undefined> {
    for (const [name, { hasValue, policy }] of Object.entries(await accountSecrets(this.aws)))
      if (hasValue && policy === undefined) return `nothing fences ${name}`
    return undefined
  }
}

function givesKey({ members }: Declaration): boolean {
  return members.some(({ keys }) => keys !== undefined && keys.ended !== true)
}
