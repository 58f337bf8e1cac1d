import * as pulumi from '@pulumi/pulumi'
import type { AccessSummary, OrganizationInput } from '@ringfence/plan'
import { buildPlan } from '@ringfence/plan'
import { componentTypes } from '../component-types.js'
import { noIdentityCenter } from '../register/register-identity-center.js'
import { noManagement } from '../register/register-guardrail.js'
import { registerPlan } from '../register/register-plan.js'
import { accountProvider, identityCenterProvider, managementProvider } from './providers.js'
import { readOrganization } from './read-organization.js'
import { refuse, requirePlain, warn } from './refuse.js'

/** Arguments of `Organization`: either `file` or `declaration`. */
export interface OrganizationArgs {
  /** Path of the declared file (YAML), from the folder of the Pulumi program. */
  readonly file?: string
  /** The declaration as an object, with the keys of the declared file. */
  readonly declaration?: OrganizationInput
  /** Profile of the AWS configuration that signs in to the organization's management account; for the guardrail. */
  readonly managementProfile?: string
  /**
   * Profile of the AWS configuration that signs in to the account that administers Identity Center; default:
   * `managementProfile`.
   */
  readonly identityCenterProfile?: string
}

/**
 * Everything that one declared file becomes on AWS: buckets with their fences, users, groups, roles, policies,
 * keys and projects. Without a provider in its options it makes one that refuses every account but the declared.
 */
export class Organization extends pulumi.ComponentResource {
  /** Names of the buckets, by dataset, and by `models/NAME`. */
  readonly bucketNames: pulumi.Output<Record<string, string>>
  /** `https://BUCKET.s3.REGION.amazonaws.com/`, for signed requests; nothing is public. */
  readonly bucketUrls: pulumi.Output<Record<string, string>>
  /** ARNs of the buckets. */
  readonly bucketArns: pulumi.Output<Record<string, string>>
  /** ARNs of the KMS keys of stores that have their own. */
  readonly keyArns: pulumi.Output<Record<string, string>>
  /** Ids of the buckets' public access blocks. */
  readonly accessBlockIds: pulumi.Output<Record<string, string>>
  /** Names of the IAM users, by member. */
  readonly userNames: pulumi.Output<Record<string, string>>
  /** ARNs of the IAM users, by member. */
  readonly userArns: pulumi.Output<Record<string, string>>
  /** Names of the IAM groups, by team. */
  readonly groupNames: pulumi.Output<Record<string, string>>
  /** ARNs of the IAM groups, by team. */
  readonly groupArns: pulumi.Output<Record<string, string>>
  /** ARNs of team roles of federated people, by team, of services' roles, by member, and of execution roles, by `platforms/NAME`. */
  readonly roleArns: pulumi.Output<Record<string, string>>
  /** ARNs of the managed policies, by their name on AWS without the organization's, such as `team-research-1`. */
  readonly policyArns: pulumi.Output<Record<string, string>>
  /** ARNs of SageMaker projects, by `platforms/NAME`. */
  readonly projectArns: pulumi.Output<Record<string, string>>
  /** Ids of access keys, by member. */
  readonly accessKeyIds: pulumi.Output<Record<string, string>>
  /** Secret access keys of members whose keys are not encrypted to them; a secret. */
  readonly secretAccessKeys: pulumi.Output<Record<string, string>>
  /** Secret access keys that only the member can decrypt, with age or PGP. */
  readonly encryptedSecretAccessKeys: pulumi.Output<Record<string, string>>
  /** Names of the secrets in Secrets Manager that keep the access keys delivered to it, by member. */
  readonly keySecretNames: pulumi.Output<Record<string, string>>
  /** ARN of the permissions boundary of every user and role. */
  readonly boundaryArn: pulumi.Output<string>
  /** Who may do what, as declared: what the next deployment's change of access is told against. */
  readonly access: pulumi.Output<AccessSummary>

  constructor(name: string, args: OrganizationArgs, opts?: pulumi.ComponentResourceOptions) {
    requirePlain(name, args)
    const declared = readOrganization(name, args, Date.now())
    if (!declared.ok) refuse(name, declared.diagnostics)
    const built = buildPlan(declared.value)
    if (!built.ok) refuse(name, built.diagnostics)
    const plan = built.value
    const { managementProfile, identityCenterProfile = managementProfile } = args
    const { identityCenter } = plan
    const guarded = plan.resources.some(({ type }) => type === 'organizations.Policy')
    if (guarded && managementProfile === undefined) throw new pulumi.RunError(noManagement(plan.organization))
    if (identityCenter !== undefined && identityCenterProfile === undefined)
      throw new pulumi.RunError(noIdentityCenter(plan.organization))
    // Whatever is refused is refused before this: nothing is registered then.
    super(componentTypes.organization, name, {}, opts)
    warn(this, [...declared.diagnostics, ...built.diagnostics])
    const outputs = registerPlan(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
      ...(guarded && managementProfile !== undefined
        ? { managementProvider: managementProvider(this, name, plan, managementProfile) }
        : {}),
      ...(identityCenter !== undefined && identityCenterProfile !== undefined
        ? {
            identityCenterProvider: identityCenterProvider(this, name, identityCenter, identityCenterProfile),
          }
        : {}),
    })
    this.bucketNames = outputs.bucketNames
    this.bucketUrls = outputs.bucketUrls
    this.bucketArns = outputs.bucketArns
    this.keyArns = outputs.keyArns
    this.accessBlockIds = outputs.accessBlockIds
    this.userNames = outputs.userNames
    this.userArns = outputs.userArns
    this.groupNames = outputs.groupNames
    this.groupArns = outputs.groupArns
    this.roleArns = outputs.roleArns
    this.policyArns = outputs.policyArns
    this.projectArns = outputs.projectArns
    this.accessKeyIds = outputs.accessKeyIds
    this.secretAccessKeys = outputs.secretAccessKeys
    this.encryptedSecretAccessKeys = outputs.encryptedSecretAccessKeys
    this.keySecretNames = outputs.keySecretNames
    this.boundaryArn = outputs.policyArns.apply((arns) => arns['boundary'] ?? '')
    this.access = pulumi.output(plan.access)
    this.registerOutputs({ ...outputs, boundaryArn: this.boundaryArn, access: this.access })
  }
}
