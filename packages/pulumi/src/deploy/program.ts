import type { PulumiFn } from '@pulumi/pulumi/automation/index.js'
import type { Plan } from '@ringfence/plan'
import { registerKept } from './kept-stash.js'

/** Where and as whom AWS is called; credentials come from the environment alone. */
export interface ProgramSettings {
  /** Profile of the AWS configuration for the account; undefined for what the environment says. */
  readonly profile?: string
  /** Profile for the organization's management account, which sets the service control policy. */
  readonly managementProfile?: string
  /** Profile for the account that administers Identity Center, which has the permission sets. */
  readonly identityCenterProfile?: string
  /** Another address for every service, such as a local AWS. */
  readonly endpoint?: string
}

/** The project that keeps the stacks of an organization. */
export function projectOf({ organization }: Pick<Plan, 'organization'>): string {
  return `ringfence-${organization}`
}

/** The services that the components' resources and the provider itself call. */
const services = [
  'iam',
  'identitystore',
  'kms',
  'organizations',
  's3',
  's3control',
  'sagemaker',
  'secretsmanager',
  'ssoadmin',
  'sts',
] as const

/** The inline program: one component of the type `Organization` with all that is in the plan. */
export function planProgram(plan: Plan, settings: ProgramSettings): PulumiFn {
  return async () => {
    const [pulumi, { Provider }, { componentTypes }, { registerPlan }] = await Promise.all([
      import('@pulumi/pulumi'),
      import('@pulumi/aws/provider.js'),
      import('../component-types.js'),
      import('../register/register-plan.js'),
    ])
    const { organization: name, account, region, resources, identityCenter } = plan
    const component = new pulumi.ComponentResource(componentTypes.organization, name)
    const provider = new Provider(
      `${name}/aws`,
      { region, allowedAccountIds: [account], ...profileOf(settings.profile), ...endpointsOf(settings) },
      { parent: component },
    )
    const guarded = resources.some(({ type }) => type === 'organizations.Policy')
    const management = guarded
      ? new Provider(
          `${name}/management`,
          { region, ...profileOf(settings.managementProfile), ...endpointsOf(settings) },
          { parent: component },
        )
      : undefined
    const center =
      identityCenter === undefined
        ? undefined
        : new Provider(
            `${name}/identity-center`,
            {
              region: identityCenter.region,
              ...profileOf(settings.identityCenterProfile),
              ...endpointsOf(settings),
            },
            { parent: component },
          )
    const outputs = registerPlan(plan, {
      name,
      parent: component,
      provider,
      after: await registerKept(name, plan.kept, component),
      ...(management === undefined ? {} : { managementProvider: management }),
      ...(center === undefined ? {} : { identityCenterProvider: center }),
    })
    const boundaryArn = outputs.policyArns.apply((arns) => arns['boundary'] ?? '')
    return { ...outputs, boundaryArn, access: plan.access }
  }
}

function profileOf(profile: string | undefined): { readonly profile?: string } {
  return profile === undefined ? {} : { profile }
}

/** A server on loopback has neither accounts to look up nor a name for each bucket. */
function endpointsOf({ endpoint }: ProgramSettings) {
  if (endpoint === undefined) return {}
  return {
    endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
    s3UsePathStyle: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
  }
}
