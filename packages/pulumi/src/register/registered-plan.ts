import * as pulumi from '@pulumi/pulumi'

/**
 * What a registered plan gives out, by the names of the declared file: datasets, teams and members by their
 * name, models as `models/NAME`, platforms as `platforms/NAME`. Every value waits for its resource.
 */
export interface RegisteredPlan {
  readonly bucketNames: pulumi.Output<Record<string, string>>
  /** `https://BUCKET.s3.REGION.amazonaws.com/`: for signed requests; nothing is public. */
  readonly bucketUrls: pulumi.Output<Record<string, string>>
  readonly bucketArns: pulumi.Output<Record<string, string>>
  /** ARNs of the stores' KMS keys, where they have their own. */
  readonly keyArns: pulumi.Output<Record<string, string>>
  /** Ids of the buckets' public access blocks. */
  readonly accessBlockIds: pulumi.Output<Record<string, string>>
  readonly userNames: pulumi.Output<Record<string, string>>
  readonly userArns: pulumi.Output<Record<string, string>>
  readonly groupNames: pulumi.Output<Record<string, string>>
  readonly groupArns: pulumi.Output<Record<string, string>>
  /** Team roles of federated people, roles of services, and execution roles of platforms. */
  readonly roleArns: pulumi.Output<Record<string, string>>
  /** By the policy's name on AWS without the organization's, such as `team-research-1`. */
  readonly policyArns: pulumi.Output<Record<string, string>>
  readonly projectArns: pulumi.Output<Record<string, string>>
  readonly accessKeyIds: pulumi.Output<Record<string, string>>
  /** A secret; only of members without `encryptTo`. */
  readonly secretAccessKeys: pulumi.Output<Record<string, string>>
  /** For the member's private key alone: age (armored), or the base64 that AWS's provider makes with PGP. */
  readonly encryptedSecretAccessKeys: pulumi.Output<Record<string, string>>
  /** Names of the secrets in Secrets Manager that keep the keys of members with `deliver`. */
  readonly keySecretNames: pulumi.Output<Record<string, string>>
}

/** The same while it is collected. */
export type OutputLists = { readonly [Name in keyof RegisteredPlan]: Map<string, pulumi.Output<string>> }

export function createOutputLists(): OutputLists {
  return {
    bucketNames: new Map(),
    bucketUrls: new Map(),
    bucketArns: new Map(),
    keyArns: new Map(),
    accessBlockIds: new Map(),
    userNames: new Map(),
    userArns: new Map(),
    groupNames: new Map(),
    groupArns: new Map(),
    roleArns: new Map(),
    policyArns: new Map(),
    projectArns: new Map(),
    accessKeyIds: new Map(),
    secretAccessKeys: new Map(),
    encryptedSecretAccessKeys: new Map(),
    keySecretNames: new Map(),
  }
}

export function toRegisteredPlan(lists: OutputLists): RegisteredPlan {
  return {
    bucketNames: toOutput(lists.bucketNames),
    bucketUrls: toOutput(lists.bucketUrls),
    bucketArns: toOutput(lists.bucketArns),
    keyArns: toOutput(lists.keyArns),
    accessBlockIds: toOutput(lists.accessBlockIds),
    userNames: toOutput(lists.userNames),
    userArns: toOutput(lists.userArns),
    groupNames: toOutput(lists.groupNames),
    groupArns: toOutput(lists.groupArns),
    roleArns: toOutput(lists.roleArns),
    policyArns: toOutput(lists.policyArns),
    projectArns: toOutput(lists.projectArns),
    accessKeyIds: toOutput(lists.accessKeyIds),
    // Secret as a whole and always: also while it is empty, so that a later key is not the first to be marked.
    secretAccessKeys: pulumi.secret(toOutput(lists.secretAccessKeys)),
    encryptedSecretAccessKeys: toOutput(lists.encryptedSecretAccessKeys),
    keySecretNames: toOutput(lists.keySecretNames),
  }
}

/** The output of a piece that has exactly one such thing. */
export function theOnly(list: ReadonlyMap<string, pulumi.Output<string>>): pulumi.Output<string> {
  const [first, second] = list.values()
  if (first === undefined || second !== undefined)
    throw new Error(`${list.size} things where one is expected`)
  return first
}

export function toOutput(
  list: ReadonlyMap<string, pulumi.Output<string>>,
): pulumi.Output<Record<string, string>> {
  return pulumi.all(Object.fromEntries(list))
}

/** `dataset/x` is called `x`, `model/x` `models/x`, `platform/x` `platforms/x`, `team/x` and `member/x` `x`. */
export function outputName(planId: string): string {
  const [kind = '', name = ''] = planId.split('/')
  return kind === 'model' || kind === 'platform' ? `${kind}s/${name}` : name
}
