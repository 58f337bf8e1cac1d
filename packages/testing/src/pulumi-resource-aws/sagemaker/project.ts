import type { Project, ProjectArgs } from '@pulumi/aws/sagemaker/project.js'
import type { DescribeProjectCommandOutput, SageMaker } from '@aws-sdk/client-sagemaker'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAwsError, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'

/** SageMaker says by this that there is no such project. */
const gone = 'ValidationException'

const pollMs = 200
const longestWaitMs = 120_000

export const sageMakerProject = resourceType<ProjectArgs, Project>({
  token: 'aws:sagemaker/project:Project',
  arguments: {
    projectDescription: { kind: 'string' },
    projectName: { kind: 'string', required: true, replaces: true },
    serviceCatalogProvisioningDetails: {
      kind: { block: { productId: 'string', provisioningArtifactId: 'string' } },
      required: true,
      fixed: true,
    },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'projectId'],
  uniqueName: 'projectName',

  async create({ projectDescription, projectName, serviceCatalogProvisioningDetails: details, tags }, aws) {
    const sageMaker = await aws.sageMaker()
    await sageMaker.createProject({
      ProjectName: projectName,
      ProjectDescription: projectDescription,
      ServiceCatalogProvisioningDetails: {
        ProductId: details.productId,
        ProvisioningArtifactId: details.provisioningArtifactId,
      },
      Tags: tagList(tags),
    })
    return { id: projectName, finish: () => waitFor(sageMaker, projectName, 'CreateCompleted') }
  },

  async read(id, aws, known) {
    const sageMaker = await aws.sageMaker()
    const project = await unlessGone(sageMaker.describeProject({ ProjectName: id }), gone)
    if (project === undefined || project.ProjectStatus === 'DeleteCompleted') return undefined
    const { Tags } = await sageMaker.listTags({ ResourceArn: project.ProjectArn })
    return {
      arn: project.ProjectArn,
      projectDescription: project.ProjectDescription,
      projectId: project.ProjectId,
      projectName: project.ProjectName,
      serviceCatalogProvisioningDetails: detailsOf(project, known.serviceCatalogProvisioningDetails),
      tags: tagMap(Tags),
    }
  },

  async update(id, { before, after, changed }, aws) {
    const sageMaker = await aws.sageMaker()
    if (changed('projectDescription')) {
      await sageMaker.updateProject({ ProjectName: id, ProjectDescription: after.projectDescription })
      await waitFor(sageMaker, id, 'UpdateCompleted')
    }
    const { ProjectArn: ResourceArn } = await sageMaker.describeProject({ ProjectName: id })
    const { gone: TagKeys, set: Tags } = tagChanges(before.tags, after.tags)
    if (TagKeys.length > 0) await sageMaker.deleteTags({ ResourceArn, TagKeys })
    if (Tags.length > 0) await sageMaker.addTags({ ResourceArn, Tags })
  },

  async delete(id, _known, aws) {
    const sageMaker = await aws.sageMaker()
    if ((await unlessGone(sageMaker.deleteProject({ ProjectName: id }), gone)) === undefined) return
    await waitFor(sageMaker, id, 'DeleteCompleted')
  },
})

/** An artifact that AWS chose, since none was given, is no difference. */
function detailsOf(
  project: DescribeProjectCommandOutput,
  known: { readonly provisioningArtifactId?: string } | undefined,
) {
  const { ProductId: productId, ProvisioningArtifactId: chosen } =
    project.ServiceCatalogProvisioningDetails ?? {}
  const given = known === undefined || known.provisioningArtifactId !== undefined
  return { productId, ...(given ? { provisioningArtifactId: chosen } : {}) }
}

async function waitFor(sageMaker: SageMaker, name: string, status: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < longestWaitMs; waitedMs += pollMs) {
    let now: string | undefined
    try {
      now = (await sageMaker.describeProject({ ProjectName: name })).ProjectStatus
    } catch (error) {
      if (status === 'DeleteCompleted' && isAwsError(error, gone)) return
      throw error
    }
    if (now === status) return
    if (now?.endsWith('Failed') === true) throw new Error(`project ${name}: ${now}`)
    await sleep(pollMs)
  }
  throw new Error(`project ${name} did not come to ${status} in ${longestWaitMs / 1000} s`)
}
