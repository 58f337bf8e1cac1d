import type { SageMakerProject } from '../../plan.js'
import type { Block } from './block.js'

export function mapProject(project: SageMakerProject): Block {
  const { provisioningArtifactId: artifact } = project
  return {
    type: 'aws_sagemaker_project',
    id: project.id,
    dependsOn: project.dependsOn,
    arguments: {
      project_name: project.name,
      project_description: project.description,
      service_catalog_provisioning_details: {
        product_id: project.productId,
        ...(artifact === undefined ? {} : { provisioning_artifact_id: artifact }),
      },
      tags: project.tags,
    },
  }
}
