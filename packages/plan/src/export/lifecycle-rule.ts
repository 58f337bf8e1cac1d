/** The name of the only lifecycle rule of a bucket, the same whatever deploys it. */
export const lifecycleRuleId = 'abort-incomplete-uploads'
