import * as pulumi from '@pulumi/pulumi'

/** What may be done with a dataset that another component, or something else, makes. */
export interface DatasetGrant {
  /** Name of the dataset, as the component that makes it has it; for a bucket of another origin any name. */
  readonly dataset: string
  /** Name of its bucket. */
  readonly bucket: string
  /** `read`, `write`, `delete`, `administer`. */
  readonly can: string[]
  /** Only keys under this prefix, which ends in `/`. */
  readonly under?: string
  /** A day or an instant (UTC) at which it ends. */
  readonly until?: string
  /** The reason, for whoever reads the program. */
  readonly because?: string
  /** `kms` for a dataset with a key of its own, made by a piece of the same organization. Default `s3`. */
  readonly encryption?: string
  /** ARN of the dataset's KMS key, where a piece of another organization or something else made it. */
  readonly keyArn?: string
}

/** A dataset as the declared file takes it, and the key that exists for it. */
interface Reference {
  readonly dataset: string
  readonly bucket: string
  readonly encryption?: string
  readonly keyArn?: string
}

/** The section `datasets` for what is only referred to. Throws RunError where one is referred to in two ways. */
export function declareReferences(
  component: string,
  references: readonly Reference[],
): Record<string, unknown> {
  const seen = new Map<string, Reference>()
  for (const reference of references) {
    const other = seen.get(reference.dataset) ?? reference
    seen.set(reference.dataset, other)
    const same = (['bucket', 'encryption', 'keyArn'] as const).every((key) => other[key] === reference[key])
    if (same) continue
    throw new pulumi.RunError(
      `"${component}" refers to the dataset "${reference.dataset}" in two ways, with another bucket, encryption or key.\n` +
        'Try: write the same in both places.',
    )
  }
  return Object.fromEntries(
    references.map(({ dataset, bucket, encryption, keyArn }) => [
      dataset,
      { bucket, encryption: keyArn === undefined ? (encryption ?? 's3') : 'kms' },
    ]),
  )
}

/** Keys that exist, by dataset; the piece gives them an alias of its own organization, which policies name. */
export function existingKeys(references: readonly Reference[]): Record<string, string> {
  return Object.fromEntries(
    references.flatMap(({ dataset, keyArn }) =>
      keyArn === undefined ? [] : [[`dataset/${dataset}`, keyArn]],
    ),
  )
}

/** The ids of these aliases in the plan. */
export function aliasIds(references: readonly Reference[]): ReadonlySet<string> {
  return new Set(
    references.flatMap(({ dataset, keyArn }) =>
      keyArn === undefined ? [] : [`dataset/${dataset}/key-alias`],
    ),
  )
}

/** An entry of `grants`. */
export function declareGrant(
  to: string,
  on: string,
  grant: Pick<DatasetGrant, 'can' | 'under' | 'until' | 'because'>,
) {
  const { can, under, until, because } = grant
  return {
    to,
    can,
    on,
    ...(under === undefined ? {} : { under }),
    ...(until === undefined ? {} : { until }),
    ...(because === undefined ? {} : { because }),
  }
}

/** From entries of `grants` and from `datasets` to the arguments, where grants on datasets come first. */
export function grantPlaces(
  datasets: readonly Pick<DatasetGrant, 'dataset'>[],
  platforms: readonly { readonly platform: string }[] = [],
): (readonly [string, string])[] {
  return [
    ...datasets.flatMap(({ dataset }, index): [string, string][] => [
      [`grants[${index}]`, `datasets[${index}]`],
      [`datasets.${dataset}`, `datasets[${index}]`],
    ]),
    ...platforms.flatMap(({ platform }, index): [string, string][] => [
      [`grants[${datasets.length + index}]`, `platforms[${index}]`],
      [`platforms.${platform}`, `platforms[${index}]`],
    ]),
  ]
}
