import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime'
import { AwsError } from '../aws-error.js'
import type { OperationsOf } from '../operation-types.js'
import type { SageMakerDeps } from './operation.js'
import { findResource } from './operation.js'

/** No containers run here: an endpoint that exists answers as one whose model has failed. */
export const runtimeOperations = {
  InvokeEndpoint(input, call, deps) {
    const name = input.EndpointName ?? ''
    if (findResource(deps, call, 'endpoint', name) === undefined) {
      throw new AwsError(
        'ValidationError',
        `Endpoint ${name} of account ${call.caller.account} not found.`,
        400,
      )
    }
    const text = 'Received server error (503) from model: no container runs on the local AWS.'
    throw new AwsError('ModelError', text, 424)
  },
} satisfies Partial<OperationsOf<SageMakerRuntime, SageMakerDeps>>
