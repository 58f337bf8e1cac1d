import { Provider } from '@pulumi/aws/provider.js'
import * as pulumi from '@pulumi/pulumi'
import type { IdentityCenterPlan, Plan } from '@ringfence/plan'

/**
 * The provider that a component was given by its options or its parent, or else one of its own: for the declared
 * region, and refusing every account but the declared one before anything happens. A given one has to be for the
 * declared account and region: it alone decides where everything is made.
 */
export function accountProvider(
  component: pulumi.ComponentResource,
  name: string,
  { account, region }: Pick<Plan, 'account' | 'region'>,
): pulumi.ProviderResource {
  const given = component.getProvider('aws:iam/user:User')
  if (given !== undefined) return given
  return new Provider(`${name}/aws`, { region, allowedAccountIds: [account] }, { parent: component })
}

/** The provider of the account that administers Identity Center, in its home region. */
export function identityCenterProvider(
  component: pulumi.ComponentResource,
  name: string,
  { region }: IdentityCenterPlan,
  profile: string,
): pulumi.ProviderResource {
  return new Provider(`${name}/identity-center`, { region, profile }, { parent: component })
}

/** The provider of the organization's management account, by a profile of the AWS configuration. */
export function managementProvider(
  component: pulumi.ComponentResource,
  name: string,
  { region }: Pick<Plan, 'region'>,
  profile: string,
): pulumi.ProviderResource {
  return new Provider(`${name}/management`, { region, profile }, { parent: component })
}
