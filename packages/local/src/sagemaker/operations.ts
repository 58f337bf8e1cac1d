import { hostingOperations } from './hosting.js'
import type { SageMakerOperations } from './operation.js'
import { projectOperations } from './projects.js'
import { trainingJobOperations } from './training-jobs.js'

/** All operations of SageMaker's control plane that the local AWS has. */
export const sageMakerOperations: SageMakerOperations = {
  ...trainingJobOperations,
  ...hostingOperations,
  ...projectOperations,
}
