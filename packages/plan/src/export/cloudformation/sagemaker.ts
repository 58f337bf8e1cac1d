import type { SageMakerProject } from '../../plan.js'
import type { Mapped } from './mapped.js'
import { tagList } from './mapped.js'

export function mapProject(project: SageMakerProject): Mapped {
  const { provisioningArtifactId: artifact } = project
  return {
    as: 'resource',
    type: 'AWS::SageMaker::Project',
    properties: {
      ProjectName: project.name,
      ProjectDescription: project.description,
      ServiceCatalogProvisioningDetails: {
        ProductId: project.productId,
        ...(artifact === undefined ? {} : { ProvisioningArtifactId: artifact }),
      },
      Tags: tagList(project.tags),
    },
  }
}
