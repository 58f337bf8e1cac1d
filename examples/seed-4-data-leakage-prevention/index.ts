// A bucket that nothing leaves by accident: closed to the public, to plain HTTP, to other keys, and to whoever is not named.
import { PrivateDataset } from '@ringfence/pulumi'

const aiData = new PrivateDataset('ai-data', {
  organization: 'leakage',
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  encryption: 'kms',
  access: [
    { principals: ['arn:aws:iam::111122223333:user/maya'], can: ['read', 'write'] },
    { principals: ['arn:aws:iam::111122223333:role/evaluation'], can: ['read'], under: 'released/' },
  ],
})

export const bucketName = aiData.bucketName
export const bucketArn = aiData.bucketArn
export const accessBlockId = aiData.accessBlockId
