/** The Pulumi type tokens of ringfence's components: part of every URN, so they never change. */
export const componentTypes = {
  organization: 'ringfence:index:Organization',
  privateDataset: 'ringfence:index:PrivateDataset',
  segregatedDatasets: 'ringfence:index:SegregatedDatasets',
  provisionedMember: 'ringfence:index:ProvisionedMember',
  teamAccess: 'ringfence:index:TeamAccess',
  trainingPlatform: 'ringfence:index:TrainingPlatform',
  managedPolicies: 'ringfence:index:ManagedPolicies',
} as const
