import type { Call } from '../call.js'

export type SageMakerKind = 'training-job' | 'model' | 'endpoint-config' | 'endpoint' | 'project'

/** `arn:aws:sagemaker:<region>:<account>:<kind>/<name>` */
export function sageMakerArn(
  call: Pick<Call, 'region' | 'caller'>,
  kind: SageMakerKind,
  name: string,
): string {
  return `arn:aws:sagemaker:${call.region}:${call.caller.account}:${kind}/${name}`
}
