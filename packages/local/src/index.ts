export type { CloudTrailEvent, LocalAws, LocalAwsOptions, LocalCredentials } from './local-aws.js'
export { AwsError } from './aws-error.js'
