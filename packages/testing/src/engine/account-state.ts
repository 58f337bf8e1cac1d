import type { LocalAws, LocalCredentials } from '@ringfence/local'
import { connectAws, type Aws } from '../pulumi-resource-aws/aws.js'
import { iamState, type IamState } from './iam-state.js'
import { keyState, type KeyState } from './key-state.js'
import { guardrailState, type GuardrailState } from './guardrail-state.js'
import { bucketState, type BucketState } from './bucket-state.js'
import { projectState, type ProjectState } from './project-state.js'

/**
 * All that an account holds, by name. Ids and times that AWS makes up are left out, and a KMS key is called by its
 * alias, so that two accounts that were set up alike have equal states, whatever set them up.
 */
export interface AccountState extends IamState {
  readonly buckets: Readonly<Record<string, BucketState>>
  /** The account's public access block; absent when there is none. */
  readonly accountBlock: object | undefined
  /** By alias; a key that waits for its deletion is gone. */
  readonly keys: Readonly<Record<string, KeyState>>
  readonly projects: Readonly<Record<string, ProjectState>>
  /** By name: service control policies that somebody made; empty without the management account's credentials. */
  readonly guardrails: Readonly<Record<string, GuardrailState>>
}

export interface StateOptions {
  /** Default: the account's root. */
  readonly as?: LocalCredentials
  /** Credentials of the management account, to see service control policies by. */
  readonly management?: LocalCredentials
}

/** Reads the state of a local AWS's account by the official clients. */
export async function accountState(local: LocalAws, options: StateOptions = {}): Promise<AccountState> {
  const aws = clientsOf(local, options.as ?? local.root)
  const { keys, aliasOf } = await keyState(aws)
  return {
    ...(await iamState(aws)),
    ...(await bucketState(aws, local.account, aliasOf)),
    keys,
    projects: await projectState(aws),
    guardrails:
      options.management === undefined ? {} : await guardrailState(clientsOf(local, options.management)),
  }
}

/** Clients of somebody for a local AWS. */
export function clientsOf({ endpoint, region }: LocalAws, credentials: LocalCredentials): Aws {
  return connectAws(
    {
      region,
      endpoints: {
        iam: endpoint,
        identitystore: endpoint,
        kms: endpoint,
        organizations: endpoint,
        s3: endpoint,
        s3control: endpoint,
        sagemaker: endpoint,
        ssoadmin: endpoint,
        sts: endpoint,
      },
      allowedAccountIds: [],
      skipCredentialsValidation: false,
      skipRequestingAccountId: false,
      s3UsePathStyle: true,
    },
    credentials,
  )
}
