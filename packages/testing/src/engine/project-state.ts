import { paginateListProjects, paginateListTags } from '@aws-sdk/client-sagemaker'
import { collect, type Aws } from '../pulumi-resource-aws/aws.js'
import { tagMap, type Tags } from '../pulumi-resource-aws/tags.js'
import { sorted } from './iam-state.js'

export interface ProjectState {
  readonly description: string | undefined
  readonly product: string | undefined
  readonly artifact: string | undefined
  readonly status: string | undefined
  readonly tags: Tags
}

/** All SageMaker projects by name, but for those that were deleted. */
export async function projectState(aws: Aws): Promise<Record<string, ProjectState>> {
  const client = await aws.sageMaker()
  const listed = await collect(paginateListProjects({ client }, {}), (page) => page.ProjectSummaryList)
  const projects: Record<string, ProjectState> = {}
  for (const { ProjectName = '', ProjectStatus } of listed) {
    if (ProjectStatus === 'DeleteCompleted') continue
    const project = await client.describeProject({ ProjectName })
    const tags = await collect(
      paginateListTags({ client }, { ResourceArn: project.ProjectArn }),
      (page) => page.Tags,
    )
    projects[ProjectName] = {
      description: project.ProjectDescription,
      product: project.ServiceCatalogProvisioningDetails?.ProductId,
      artifact: project.ServiceCatalogProvisioningDetails?.ProvisioningArtifactId,
      status: project.ProjectStatus,
      tags: sorted(tagMap(tags)),
    }
  }
  return sorted(projects)
}
