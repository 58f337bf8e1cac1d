import type { Plan } from '@ringfence/plan'
import type { ProgramSettings } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
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

/**
 * AWS with the credentials of the environment. What AWS_ENDPOINT_URL names instead is told to Pulumi's provider too,
 * which would otherwise look for each bucket under a host name of its own.
 */
export function awsTarget(plan: Plan, managementProfile: string | undefined, env: Io['env']): Target {
  const { region } = plan
  const url = env['AWS_ENDPOINT_URL']
  const endpoint = url === undefined || url === '' ? {} : { endpoint: url }
  const profile = managementProfile
  return {
    env: {},
    program: { ...endpoint, ...(profile === undefined ? {} : { managementProfile: profile }) },
    account: { region, ...endpoint },
    ...(profile === undefined ? {} : { management: { region, profile, ...endpoint } }),
    close: async () => {},
  }
}
