import * as pulumi from '@pulumi/pulumi'
import { componentTypes } from '../component-types.js'
import { registerResources } from '../register/register-plan.js'
import { theOnly } from '../register/registered-plan.js'
import { Insiders } from './insiders.js'
import type { Piece, PieceArgs } from './piece.js'
import { organizationOf, planPiece } from './piece.js'
import { accountProvider } from './providers.js'
import { warn } from './refuse.js'

/** Who is let in. */
export interface DatasetAccess {
  /**
   * ARNs of IAM users and roles, which may exist already or be made by another component. A group cannot be named by a
   * bucket policy: name its users.
   */
  readonly principals: string[]
  /** `read`, `write`, and for users also `delete` and `administer`. */
  readonly can: string[]
  /** Only keys under this prefix, which ends in `/`. */
  readonly under?: string
}

/** Arguments of `PrivateDataset`. */
export interface PrivateDatasetArgs extends PieceArgs {
  /** Name of the dataset; default: the component's name. */
  readonly dataset?: string
  /** Name of the bucket; default: organization, dataset and suffix. */
  readonly bucket?: string
  /** Name of a bucket that exists already, instead: it gets the fence and all settings, and stays after a destroy. */
  readonly existingBucket?: string
  /** `s3`, or `kms` for a key of its own. Default `s3`. */
  readonly encryption?: string
  /** ARN of a KMS key that exists already; it gets the dataset's key policy and an alias. */
  readonly keyArn?: string
  /** Whether taking the dataset down may delete its objects. Default: no, and AWS refuses while there are any. */
  readonly destroyWithObjects?: boolean
  /** Who is let in. Nobody else gets at the data, whatever their own policies allow. */
  readonly access?: DatasetAccess[]
}

/**
 * A bucket that only the named reach: public access blocked, TLS alone, ACLs off, versioned, encrypted, and a bucket
 * policy that denies everybody else. It opens the fence, and gives nobody permissions: those are in the policies of
 * the users and roles, which `ProvisionedMember`, `TeamAccess`, `TrainingPlatform` or `ManagedPolicies` make.
 */
export class PrivateDataset extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Output<string>
  /** ARN of the bucket. */
  readonly bucketArn: pulumi.Output<string>
  /** `https://BUCKET.s3.REGION.amazonaws.com/`, for signed requests; nothing is public. */
  readonly bucketUrl: pulumi.Output<string>
  /** Id of the bucket's public access block. */
  readonly accessBlockId: pulumi.Output<string>
  /** ARN of the dataset's KMS key, if it has one. */
  readonly keyArn?: pulumi.Output<string>

  constructor(name: string, args: PrivateDatasetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, warnings } = planPiece(name, args, () => describe(name, args))
    super(componentTypes.privateDataset, name, {}, opts)
    warn(this, warnings)
    const outputs = registerResources(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
    })
    this.bucketName = theOnly(outputs.bucketNames)
    this.bucketArn = theOnly(outputs.bucketArns)
    this.bucketUrl = theOnly(outputs.bucketUrls)
    this.accessBlockId = theOnly(outputs.accessBlockIds)
    const { bucketName, bucketArn, bucketUrl, accessBlockId } = this
    const [keyArn] = outputs.keyArns.values()
    if (keyArn !== undefined) this.keyArn = keyArn
    this.registerOutputs({ bucketName, bucketArn, bucketUrl, accessBlockId, ...(keyArn && { keyArn }) })
  }
}

function describe(name: string, args: PrivateDatasetArgs): Piece {
  const { dataset = name, access = [], bucket, existingBucket, encryption, keyArn, destroyWithObjects } = args
  if (bucket !== undefined && existingBucket !== undefined) {
    throw new pulumi.RunError(
      `"${name}" has both "bucket" and "existingBucket".\nTry: only "existingBucket" for one that is there already.`,
    )
  }
  const insiders = new Insiders(name, organizationOf(name, args))
  const grants = access.flatMap((entry, index) => insiders.letIn(entry, dataset, `access[${index}]`))
  return {
    sections: {
      members: insiders.members,
      platforms: insiders.platforms,
      datasets: {
        [dataset]: {
          ...((bucket ?? existingBucket) === undefined ? {} : { bucket: bucket ?? existingBucket }),
          encryption: keyArn === undefined ? (encryption ?? 's3') : 'kms',
          ...(destroyWithObjects === undefined ? {} : { destroyWithObjects }),
        },
      },
      grants,
    },
    existing: {
      ...(existingBucket === undefined ? {} : { buckets: [`dataset/${dataset}`] }),
      ...(keyArn === undefined ? {} : { keys: { [`dataset/${dataset}`]: keyArn } }),
      ...insiders.existing,
    },
    owns: (id) => id.startsWith('dataset/'),
    places: [
      [`datasets.${dataset}.bucket`, existingBucket === undefined ? 'bucket' : 'existingBucket'],
      [`datasets.${dataset}.encryption`, 'encryption'],
      [`datasets.${dataset}`, 'dataset'],
      ...insiders.places,
    ],
    // Only the fence is this piece's: not what those whom it lets in trust, or may do elsewhere.
    isForeign: ({ code }) => code.startsWith('EXISTING_ROLE') || code.startsWith('EXISTING_WITHOUT'),
  }
}
