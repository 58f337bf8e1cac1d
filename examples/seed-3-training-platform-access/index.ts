// Data scientists start and stop their own training jobs; jobs alone read the training data.
import * as pulumi from '@pulumi/pulumi'
import { PrivateDataset, TeamAccess, TrainingPlatform } from '@ringfence/pulumi'

const place = { account: '111122223333', region: 'eu-west-1', administrators: ['role/platform-admin'] }
const common = { ...place, organization: 'training' }
const role = 'arn:aws:iam::111122223333:role/ringfence/training/training-sagemaker-execution'
const dana = 'arn:aws:iam::111122223333:user/ringfence/scientists/dana'
const samir = 'arn:aws:iam::111122223333:user/ringfence/scientists/samir'

const trainingData = new PrivateDataset('training-data', {
  ...common,
  access: [
    { principals: [role], can: ['read'] },
    { principals: [dana, samir], can: ['read', 'write'] },
  ],
})
const bucket = 'training-training-data-111122223333'

// SageMaker makes a project only of a product of Service Catalog: `pulumi config set product prod-…`.
const product = new pulumi.Config().get('product')
const platform = new TrainingPlatform('sagemaker', {
  ...common,
  reads: [{ dataset: 'training-data', bucket }],
  ...(product === undefined ? {} : { product }),
})

const team = new TeamAccess('data-scientists', {
  ...place,
  organization: 'scientists',
  members: ['dana', 'samir'],
  datasets: [{ dataset: 'training-data', bucket, can: ['read', 'write'] }],
  platforms: [{ platform: 'sagemaker', role, can: ['train'] }],
})

export const trainingDataBucketName = trainingData.bucketName
export const sagemakerRoleArn = platform.roleArn
export const sagemakerProjectArn = platform.projectArn
export const dataScientistsGroupName = team.groupName
