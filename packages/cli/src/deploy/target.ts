import type { Plan } from '@ringfence/plan'
import type { ProgramSettings } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import type { AwsAccess } from './aws-access.js'
import type { DeployOptions } from './options.js'

/** Profiles of the AWS configuration for other accounts than the file's. */
export type Profiles = Pick<DeployOptions, 'managementProfile' | 'identityCenterProfile'>

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
  /** The account that administers Identity Center, in its home region, where the plan has something for it. */
  readonly identityCenter?: AwsAccess
  close(): Promise<void>
}

/**
 * AWS with the credentials of the environment. What AWS_ENDPOINT_URL names instead is told to Pulumi's provider too,
 * which would otherwise look for each bucket under a host name of its own.
 */
export function awsTarget(
  plan: Plan,
  { managementProfile, identityCenterProfile = managementProfile }: Profiles,
  env: Io['env'],
): Target {
  const { identityCenter, region } = plan
  const url = env['AWS_ENDPOINT_URL']
  const endpoint = url === undefined || url === '' ? {} : { endpoint: url }
  const profile = managementProfile
  return {
    env: {},
    program: {
      ...endpoint,
      ...(profile === undefined ? {} : { managementProfile: profile }),
      ...(identityCenterProfile === undefined ? {} : { identityCenterProfile }),
    },
    account: { region, ...endpoint },
    ...(profile === undefined ? {} : { management: { region, profile, ...endpoint } }),
    ...(identityCenter === undefined || identityCenterProfile === undefined
      ? {}
      : {
          identityCenter: { region: identityCenter.region, profile: identityCenterProfile, ...endpoint },
        }),
    close: async () => {},
  }
}
