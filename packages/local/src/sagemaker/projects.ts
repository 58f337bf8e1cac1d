import { createHash } from 'node:crypto'
import type { CreateProjectInput } from '@aws-sdk/client-sagemaker'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import { projectStatus } from './clock.js'
import type { SageMakerDeps, SageMakerOperations } from './operation.js'
import {
  createResource,
  deleteResource,
  findResource,
  listResources,
  putResource,
  required,
  validation,
} from './operation.js'
import type { SageMakerRecord } from './tables.js'
import { readSageMakerTags } from './tags.js'

export const projectOperations = {
  CreateProject(input, call, deps) {
    const name = required(input.ProjectName, 'projectName')
    const product = input.ServiceCatalogProvisioningDetails?.ProductId
    if (product === undefined && (input.TemplateProviders ?? []).length === 0) {
      throw validation('Either ServiceCatalogProvisioningDetails or TemplateProviders must be given.')
    }
    return deps.write(() => {
      const { arn } = createResource(deps, call, 'project', { name, input })
      return { ProjectArn: arn, ProjectId: projectId(arn) }
    })
  },

  DescribeProject(input, call, deps) {
    const project = getProject(deps, call, input.ProjectName)
    const request = project.input as CreateProjectInput
    return {
      ProjectName: project.name,
      ProjectArn: project.arn,
      ProjectId: projectId(project.arn),
      ProjectStatus: projectStatus(project, call.timeMs),
      CreationTime: new Date(project.createdMs),
      LastModifiedTime: new Date(project.updatedMs),
      ...(request.ProjectDescription === undefined ? {} : { ProjectDescription: request.ProjectDescription }),
      ...(request.ServiceCatalogProvisioningDetails === undefined
        ? {}
        : { ServiceCatalogProvisioningDetails: request.ServiceCatalogProvisioningDetails }),
      // Clients look into it without asking whether it is there.
      ServiceCatalogProvisionedProductDetails: { ProvisionedProductId: productId(project.arn) },
    }
  },

  UpdateProject(input, call, deps) {
    if (input.TemplateProvidersToUpdate !== undefined) {
      throw validation('The local AWS does not update template providers.')
    }
    return deps.write(() => {
      const project = getProject(deps, call, input.ProjectName)
      const status = projectStatus(project, call.timeMs)
      if (status.endsWith('InProgress')) throw validation(`Cannot update Project in ${status} status.`)
      const { ServiceCatalogProvisioningUpdateDetails: changes, ProjectDescription } = input
      const before = project.input as CreateProjectInput
      const provisioning = { ...before.ServiceCatalogProvisioningDetails, ...given(changes) }
      const next = {
        ...before,
        ...given({ ProjectDescription }),
        ...(changes === undefined ? {} : { ServiceCatalogProvisioningDetails: provisioning }),
      }
      putResource(deps, { ...project, input: next, updatedMs: call.timeMs })
      if (input.Tags !== undefined) {
        const tags = readSageMakerTags(input.Tags, deps.tables.tags.get([project.arn]))
        deps.tables.tags.put([project.arn], tags)
      }
      return { ProjectArn: project.arn }
    })
  },

  DeleteProject(input, call, deps) {
    getProject(deps, call, input.ProjectName)
    return deleteResource(deps, call, 'project', input.ProjectName)
  },

  ListProjects(input, call, deps) {
    const { items, ...rest } = listResources(deps, call, 'project', input)
    const ProjectSummaryList = items.map((project) => ({
      ProjectName: project.name,
      ProjectArn: project.arn,
      ProjectId: projectId(project.arn),
      CreationTime: new Date(project.createdMs),
      ProjectStatus: projectStatus(project, call.timeMs),
    }))
    return { ProjectSummaryList, ...rest }
  },

  AddTags(input, call, deps) {
    return deps.write(() => {
      const arn = taggable(deps, call, input.ResourceArn)
      const tags = readSageMakerTags(input.Tags, deps.tables.tags.get([arn]))
      deps.tables.tags.put([arn], tags)
      return { Tags: tagList(tags) }
    })
  },

  DeleteTags(input, call, deps) {
    return deps.write(() => {
      const arn = taggable(deps, call, input.ResourceArn)
      const gone = new Set(input.TagKeys)
      const tags = Object.entries(deps.tables.tags.get([arn]) ?? {}).filter(([key]) => !gone.has(key))
      deps.tables.tags.put([arn], Object.fromEntries(tags))
      return {}
    })
  },

  ListTags: (input, call, deps) => ({
    Tags: tagList(deps.tables.tags.get([taggable(deps, call, input.ResourceArn)]) ?? {}),
  }),
} satisfies SageMakerOperations

const kinds = ['training-job', 'model', 'endpoint-config', 'endpoint', 'project'] as const

/** The ARN of something that exists in the caller's account. */
function taggable(deps: SageMakerDeps, call: Call, arn: string | undefined): string {
  const wanted = required(arn, 'resourceArn')
  const [, region, account, kind, name = ''] =
    /^arn:aws:sagemaker:([a-z0-9-]+):(\d{12}):([a-z-]+)\/(.+)$/.exec(wanted) ?? []
  const known = kinds.find((candidate) => candidate === kind)
  const own = region === call.region && account === call.caller.account
  if (known !== undefined && own && findResource(deps, call, known, name)?.arn === wanted) return wanted
  throw validation(`Could not find resource "${wanted}".`)
}

function getProject(deps: SageMakerDeps, call: Call, name: string | undefined): SageMakerRecord {
  const wanted = required(name, 'projectName')
  const project = findResource(deps, call, 'project', wanted)
  if (project !== undefined) return project
  throw new AwsError('ValidationException', `Project ${wanted} does not exist.`, 400)
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** The members that have a value. */
function given(members: object | undefined): object {
  return Object.fromEntries(Object.entries(members ?? {}).filter(([, value]) => value !== undefined))
}

/** `pp-` and thirteen characters: what Service Catalog would have provisioned. */
function productId(arn: string): string {
  return `pp-${createHash('sha256').update(arn).digest('hex').slice(12, 25)}`
}

/** `p-` and twelve characters, the same for the same project. */
function projectId(arn: string): string {
  return `p-${createHash('sha256').update(arn).digest('hex').slice(0, 12)}`
}
