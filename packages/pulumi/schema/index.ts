/** What programs in other languages see: the components, and nothing else of the package. */
export { ManagedPolicies } from '../src/components/managed-policies.js'
export { Organization } from '../src/components/organization.js'
export { PrivateDataset } from '../src/components/private-dataset.js'
export { ProvisionedMember } from '../src/components/provisioned-member.js'
export { SegregatedDatasets } from '../src/components/segregated-datasets.js'
export { TeamAccess } from '../src/components/team-access.js'
export { TrainingPlatform } from '../src/components/training-platform.js'
