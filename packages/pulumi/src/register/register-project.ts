import { Project } from '@pulumi/aws/sagemaker/project.js'
import type { Resource } from '@ringfence/plan'
import { outputName } from './registered-plan.js'
import type { Registration } from './registration.js'

export function registerProject(
  planned: Extract<Resource, { type: 'sagemaker.Project' }>,
  registration: Registration,
): void {
  const { id, name, description, productId, provisioningArtifactId, tags } = planned
  const project = new Project(
    registration.childName(id),
    {
      projectName: name,
      projectDescription: description,
      serviceCatalogProvisioningDetails: {
        productId,
        ...(provisioningArtifactId === undefined ? {} : { provisioningArtifactId }),
      },
      tags: { ...tags },
    },
    registration.options(planned),
  )
  registration.keep(id, project)
  registration.outputs.projectArns.set(outputName(id), project.arn)
}
