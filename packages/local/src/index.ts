export type { CloudTrailEvent, LocalAws, LocalAwsOptions, LocalCredentials } from './local-aws.js'
export { AwsError } from './aws-error.js'
export { startLocalAws } from './start-local-aws.js'
export type { ServiceName } from './call.js'
