import type { Plan } from '@ringfence/plan'
import type { ProgramSettings } from '@ringfence/pulumi/deploy'
import type { AwsAccess } from './aws-access.js'

/** Where a stack is deployed to. */
export interface Target {
  /** Variables of Pulumi's process: what differs from ours; undefined takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** How Pulumi's provider reaches AWS. */
  readonly program: ProgramSettings
  /** How we reach the same ourselves. */
  readonly account: AwsAccess
  /** The organization's management account, where the plan has something for it. */
  readonly management?: AwsAccess
  close(): Promise<void>
}

/** AWS itself (or what AWS_ENDPOINT_URL names), with the credentials of the environment. */
export function awsTarget(plan: Plan, managementProfile: string | undefined): Target {
  const { region } = plan
  return {
    env: {},
    program: managementProfile === undefined ? {} : { managementProfile },
    account: { region },
    ...(managementProfile === undefined ? {} : { management: { region, profile: managementProfile } }),
    close: async () => {},
  }
}
