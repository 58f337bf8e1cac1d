import * as pulumi from '@pulumi/pulumi'
import { componentTypes } from '../component-types.js'
import { registerResources } from '../register/register-plan.js'
import { toOutput } from '../register/registered-plan.js'
import { aliasIds, declareGrant, declareReferences, existingKeys } from './dataset-grant.js'
import { refuseOwned } from './people.js'
import type { Piece, PieceArgs } from './piece.js'
import { planPiece } from './piece.js'
import { declaredName, readPrincipal } from './principal-arn.js'
import { accountProvider } from './providers.js'
import { warn } from './refuse.js'

/** A dataset that jobs read or write, and that another component, or something else, makes. */
export interface PlatformData {
  /** Name of the dataset, as the component that makes it has it; for a bucket of another origin any name. */
  readonly dataset: string
  /** Name of its bucket. */
  readonly bucket: string
  /** Only keys under this prefix, which ends in `/`. */
  readonly under?: string
  /** `kms` for a dataset with a key of its own, made by a piece of the same organization. Default `s3`. */
  readonly encryption?: string
  /** ARN of the dataset's KMS key, where a piece of another organization or something else made it. */
  readonly keyArn?: string
}

/** A team whose IAM group exists already, and what it may do on the platform. */
export interface PlatformTeam {
  /** ARN of the IAM group. For a group that `TeamAccess` makes, give its `platforms` instead. */
  readonly group: string
  /** `train`, `deploy`, `invoke`, `administer`. */
  readonly can: string[]
  /** A day or an instant (UTC) at which it ends. */
  readonly until?: string
}

/** Arguments of `TrainingPlatform`. */
export interface TrainingPlatformArgs extends PieceArgs {
  /** Name of the platform: the names of jobs start with it. Default: the component's name. */
  readonly platform?: string
  /** What jobs may read; each dataset's fence has to let the execution role in as well. */
  readonly reads?: PlatformData[]
  /** What jobs may write; reading is not part of it. */
  readonly writes?: PlatformData[]
  /** ARNs of the ECR repositories whose images jobs may pull, besides AWS's built-in ones. */
  readonly images?: string[]
  /** Service Catalog product (`prod-…`) that a SageMaker project is made of; without one there is no project. */
  readonly product?: string
  /** Provisioning artifact (`pa-…`) of the product. */
  readonly artifact?: string
  /** ARN of an execution role that exists already, instead of one that is made. */
  readonly role?: string
  /** Teams that may use the platform. */
  readonly teams?: PlatformTeam[]
}

/**
 * The role that training jobs and endpoints run as, which SageMaker alone can take and for this account alone, with
 * exactly the given data; the SageMaker project; and for teams the jobs of their own names, with this one role.
 */
export class TrainingPlatform extends pulumi.ComponentResource {
  /** ARN of the execution role. */
  readonly roleArn: pulumi.Output<string>
  /** ARNs of the policies that the component makes, by their name on AWS without the organization's. */
  readonly policyArns: pulumi.Output<Record<string, string>>
  /** ARN of the SageMaker project, if a product is given. */
  readonly projectArn?: pulumi.Output<string>

  constructor(name: string, args: TrainingPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, warnings } = planPiece(name, args, () => describe(name, args))
    super(componentTypes.trainingPlatform, name, {}, opts)
    warn(this, warnings)
    const outputs = registerResources(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
    })
    const [roleArn] = outputs.roleArns.values()
    this.roleArn = roleArn ?? pulumi.output(args.role ?? '')
    this.policyArns = toOutput(outputs.policyArns)
    const [projectArn] = outputs.projectArns.values()
    if (projectArn !== undefined) this.projectArn = projectArn
    const { policyArns } = this
    this.registerOutputs({ roleArn: this.roleArn, policyArns, ...(projectArn && { projectArn }) })
  }
}

function describe(name: string, args: TrainingPlatformArgs): Piece {
  const { platform = name, reads = [], writes = [], images, product, artifact, role, teams = [] } = args
  if (role !== undefined) refuseOwned(name, 'role', readPrincipal(name, 'role', role, ['role']))
  const groups = teams.map(({ group }, index) => {
    const found = readPrincipal(name, `teams[${index}].group`, group, ['group'])
    refuseOwned(name, `teams[${index}].group`, found)
    return [declaredName(found.name), group] as const
  })
  const used = [...reads, ...writes]
  const aliases = aliasIds(used)
  return {
    sections: {
      teams: Object.fromEntries(groups.map(([team]) => [team, []])),
      datasets: declareReferences(name, used),
      platforms: {
        [platform]: {
          kind: 'sagemaker',
          reads: reads.map(declareUse),
          writes: writes.map(declareUse),
          ...(images === undefined ? {} : { images }),
          ...((product ?? artifact) === undefined
            ? {}
            : {
                project: {
                  ...(product === undefined ? {} : { product }),
                  ...(artifact === undefined ? {} : { artifact }),
                },
              }),
        },
      },
      grants: teams.map((team, index) =>
        declareGrant(`teams/${groups[index]?.[0]}`, `platforms/${platform}`, team),
      ),
    },
    existing: {
      groups: Object.fromEntries(groups),
      keys: existingKeys(used),
      roles: role === undefined ? {} : { [platform]: role },
      buckets: used.map(({ dataset }) => `dataset/${dataset}`),
    },
    owns: (id) => id.startsWith('platform/') || id.startsWith('team/') || aliases.has(id),
    places: [
      [`platforms.${platform}.reads`, 'reads'],
      [`platforms.${platform}.writes`, 'writes'],
      [`platforms.${platform}.images`, 'images'],
      [`platforms.${platform}.project.product`, 'product'],
      [`platforms.${platform}.project.artifact`, 'artifact'],
      [`platforms.${platform}.project`, 'product'],
      [`platforms.${platform}`, 'platform'],
      ...reads.map(({ dataset }, index) => [`datasets.${dataset}`, `reads[${index}]`] as const),
      ...writes.map(({ dataset }, index) => [`datasets.${dataset}`, `writes[${index}]`] as const),
      ['grants', 'teams'],
    ],
    // The groups' members are not this piece's to know.
    isForeign: ({ code }) => code === 'TEAM_EMPTY' || code.startsWith('EXISTING_KEY'),
  }
}

function declareUse({ dataset, under }: PlatformData) {
  return { on: `datasets/${dataset}`, ...(under === undefined ? {} : { under }) }
}
