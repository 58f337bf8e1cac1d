import type { AuthorizationRequest } from '@ringfence/policy'

/** One call of the `aws` command: its words, and what has to be said about it. */
export interface AwsCall {
  /** `s3api get-object` */
  readonly operation: string
  /** In order; `undefined` as a value leaves the option out. */
  readonly options: readonly (readonly [name: string, value: string | undefined])[]
  /** Words after the options: the file that an answer goes to. */
  readonly output?: string
  readonly notes?: readonly string[]
}

/** A request taken apart for the table of calls. Reading a condition key marks it as told by the command. */
export class AskedRequest {
  /** In lower case. */
  readonly action: string
  readonly spelling: string
  readonly resource: string
  /** Of the resource; from the request's keys where its ARN has none, else where things are by default. */
  readonly region: string | undefined
  /** The last segment of the ARN, whole. */
  readonly name: string
  private readonly keys: ReadonlyMap<string, string>
  private readonly told = new Set<string>()

  constructor(request: AuthorizationRequest, region?: string) {
    this.action = request.action.toLowerCase()
    this.spelling = request.action
    this.resource = request.resource
    this.keys = new Map(
      Object.entries(request.context ?? {}).flatMap(([key, value]): [string, string][] => {
        const [first, ...more] = [value].flat().map(String)
        return first === undefined || more.length > 0 ? [] : [[key.toLowerCase(), first]]
      }),
    )
    const [, , , own = '', , ...rest] = request.resource.split(':')
    const asked = this.keys.get('aws:requestedregion')
    this.region = own === '' ? (asked ?? region) : own
    if (this.region === asked) this.told.add('aws:requestedregion')
    this.name = rest.join(':')
  }

  /** The one value of a condition key, if the request has one. */
  key(name: string): string | undefined {
    const folded = name.toLowerCase()
    const value = this.keys.get(folded)
    if (value !== undefined) this.told.add(folded)
    return value
  }

  /** All keys that begin like this, as `[rest of the key, value]`. */
  keysUnder(start: string): readonly (readonly [string, string])[] {
    const folded = start.toLowerCase()
    return [...this.keys]
      .filter(([key]) => key.startsWith(folded))
      .map(([key, value]) => {
        this.told.add(key)
        return [key.slice(folded.length), value]
      })
  }

  isTold(key: string): boolean {
    return this.told.has(key.toLowerCase())
  }

  /** Bucket and key of an S3 resource; a bucket alone has no key. */
  get bucket(): string {
    return this.name.split('/', 1)[0] ?? ''
  }

  get objectKey(): string {
    return this.name.slice(this.bucket.length + 1)
  }

  /** `user/path/ada` → `ada`. */
  get lastName(): string {
    return this.name.slice(this.name.lastIndexOf('/') + 1)
  }
}

/** A call, or why none sends the request. */
export type CallMaker = (asked: AskedRequest) => AwsCall | string
