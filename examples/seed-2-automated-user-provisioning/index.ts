// A program's user that reads the data of an AI model, with a key that ends; and the dataset, which lets only it in.
import { PrivateDataset, ProvisionedMember } from '@ringfence/pulumi'

// Of these two only the member makes a user, so they can share an organization.
const common = {
  organization: 'provisioning',
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
}

const data = new PrivateDataset('ai-model-data', {
  ...common,
  access: [{ principals: ['arn:aws:iam::111122223333:user/ringfence/provisioning/ai-user'], can: ['read'] }],
})

const user = new ProvisionedMember('ai-user', {
  ...common,
  kind: 'service',
  keysUntil: '2035-06-30',
  datasets: [{ dataset: 'ai-model-data', bucket: 'provisioning-ai-model-data-111122223333', can: ['read'] }],
})

export const aiModelDataBucketName = data.bucketName
export const aiUserName = user.userName
export const aiAccessKeyId = user.accessKeyId
// A secret of the stack. With `age` or `pgp` above, only the recipient could read it.
export const aiSecretAccessKey = user.secretAccessKey
