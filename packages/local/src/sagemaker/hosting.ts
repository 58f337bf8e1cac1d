import type {
  CreateEndpointConfigInput,
  CreateModelInput,
  UpdateEndpointInput,
} from '@aws-sdk/client-sagemaker'
import { endpointStatus } from './clock.js'
import type { SageMakerOperations } from './operation.js'
import {
  checkRole,
  createResource,
  deleteResource,
  getResource,
  listResources,
  putResource,
  required,
} from './operation.js'
import type { SageMakerRecord } from './tables.js'

/** Models, endpoint configurations and endpoints. */
export const hostingOperations = {
  CreateModel(input, call, deps) {
    const name = required(input.ModelName, 'modelName')
    if (input.ExecutionRoleArn !== undefined) checkRole(deps, call, input.ExecutionRoleArn)
    return deps.write(() => ({ ModelArn: createResource(deps, call, 'model', { name, input }).arn }))
  },

  DescribeModel(input, call, deps) {
    const model = getResource(deps, call, 'model', input.ModelName)
    return {
      ...(model.input as CreateModelInput),
      ModelName: model.name,
      ModelArn: model.arn,
      CreationTime: new Date(model.createdMs),
    }
  },

  DeleteModel: (input, call, deps) => deleteResource(deps, call, 'model', input.ModelName),

  ListModels(input, call, deps) {
    const { items, ...rest } = listResources(deps, call, 'model', input)
    const Models = items.map(({ name, arn, createdMs }) => ({
      ModelName: name,
      ModelArn: arn,
      CreationTime: new Date(createdMs),
    }))
    return { Models, ...rest }
  },

  CreateEndpointConfig(input, call, deps) {
    const name = required(input.EndpointConfigName, 'endpointConfigName')
    if (input.ExecutionRoleArn !== undefined) checkRole(deps, call, input.ExecutionRoleArn)
    return deps.write(() => {
      for (const { ModelName } of required(input.ProductionVariants, 'productionVariants')) {
        if (ModelName !== undefined) getResource(deps, call, 'model', ModelName)
      }
      return { EndpointConfigArn: createResource(deps, call, 'endpoint-config', { name, input }).arn }
    })
  },

  DescribeEndpointConfig(input, call, deps) {
    const config = getResource(deps, call, 'endpoint-config', input.EndpointConfigName)
    return {
      ...(config.input as CreateEndpointConfigInput),
      EndpointConfigName: config.name,
      EndpointConfigArn: config.arn,
      CreationTime: new Date(config.createdMs),
    }
  },

  DeleteEndpointConfig: (input, call, deps) =>
    deleteResource(deps, call, 'endpoint-config', input.EndpointConfigName),

  ListEndpointConfigs(input, call, deps) {
    const { items, ...rest } = listResources(deps, call, 'endpoint-config', input)
    const EndpointConfigs = items.map(({ name, arn, createdMs }) => ({
      EndpointConfigName: name,
      EndpointConfigArn: arn,
      CreationTime: new Date(createdMs),
    }))
    return { EndpointConfigs, ...rest }
  },

  CreateEndpoint(input, call, deps) {
    const name = required(input.EndpointName, 'endpointName')
    return deps.write(() => {
      getResource(deps, call, 'endpoint-config', input.EndpointConfigName)
      return { EndpointArn: createResource(deps, call, 'endpoint', { name, input }).arn }
    })
  },

  UpdateEndpoint(input, call, deps) {
    return deps.write(() => {
      const endpoint = getResource(deps, call, 'endpoint', input.EndpointName)
      getResource(deps, call, 'endpoint-config', input.EndpointConfigName)
      putResource(deps, { ...endpoint, input, updatedMs: call.timeMs })
      return { EndpointArn: endpoint.arn }
    })
  },

  DescribeEndpoint(input, call, deps) {
    return describeEndpoint(getResource(deps, call, 'endpoint', input.EndpointName), call.timeMs)
  },

  DeleteEndpoint: (input, call, deps) => deleteResource(deps, call, 'endpoint', input.EndpointName),

  ListEndpoints(input, call, deps) {
    const wanted = (endpoint: SageMakerRecord) =>
      input.StatusEquals === undefined || endpointStatus(endpoint, call.timeMs) === input.StatusEquals
    const { items, ...rest } = listResources(deps, call, 'endpoint', input, wanted)
    const Endpoints = items.map((endpoint) => {
      const { EndpointConfigName: _, ...summary } = describeEndpoint(endpoint, call.timeMs)
      return summary
    })
    return { Endpoints, ...rest }
  },
} satisfies SageMakerOperations

function describeEndpoint(endpoint: SageMakerRecord, nowMs: number) {
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: (endpoint.input as UpdateEndpointInput).EndpointConfigName,
    EndpointStatus: endpointStatus(endpoint, nowMs),
    CreationTime: new Date(endpoint.createdMs),
    LastModifiedTime: new Date(endpoint.updatedMs),
  }
}
