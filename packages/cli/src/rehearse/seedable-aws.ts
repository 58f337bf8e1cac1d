import type { LocalAws, LocalAwsOptions } from '@ringfence/local'

/** A local AWS into whose buckets objects can be put before anybody is let in. */
export interface SeedableAws extends LocalAws {
  /** As the bucket's owner would have, with the bucket's default encryption; no policy is asked. */
  putObject(options: {
    readonly bucket: string
    readonly key: string
    readonly body: Uint8Array | AsyncIterable<Uint8Array>
  }): Promise<unknown>
}

export async function startSeedableAws(options: LocalAwsOptions): Promise<SeedableAws> {
  const { startLocalAws } = (await import('@ringfence/local')) as unknown as {
    startLocalAws(options: LocalAwsOptions): Promise<SeedableAws>
  }
  return startLocalAws(options)
}
