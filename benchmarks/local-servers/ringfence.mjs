// The local AWS in a process of its own: IAM on, signatures verified, a user with policies, a boundary and a
// bucket policy. Tells its parent where it is, and on request how much CPU it has used.
import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { startLocalAws } from '@ringfence/local'

const account = '111122223333'
const aws = await startLocalAws({ account, region: 'eu-west-1' })
const { accessKeyId, secretAccessKey } = aws.root
const as = {
  region: 'eu-west-1',
  endpoint: aws.endpoint,
  credentials: { accessKeyId, secretAccessKey },
  forcePathStyle: true,
}
const iam = new IAMClient(as)
const s3 = new S3Client(as)
const bucket = 'arn:aws:s3:::bench'
const document = (...statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

const boundary = await iam.send(
  new CreatePolicyCommand({
    PolicyName: 'boundary',
    PolicyDocument: document({ Effect: 'Allow', Action: ['s3:*Object', 's3:ListBucket'], Resource: '*' }),
  }),
)
await iam.send(new CreateUserCommand({ UserName: 'ada', PermissionsBoundary: boundary.Policy.Arn }))
await iam.send(
  new PutUserPolicyCommand({
    UserName: 'ada',
    PolicyName: 'data',
    PolicyDocument: document(
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `${bucket}/raw/*` },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucket,
        Condition: { StringLike: { 's3:prefix': 'raw/*' } },
      },
    ),
  }),
)
await s3.send(new CreateBucketCommand({ Bucket: 'bench' }))
await s3.send(
  new PutBucketPolicyCommand({
    Bucket: 'bench',
    Policy: document(
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*Object',
        Resource: `${bucket}/*`,
        Condition: { StringNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/ada` } },
      },
    ),
  }),
)
const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }))

process.on('message', async (message) => {
  if (message === 'cpu') process.send({ cpuUs: process.cpuUsage().user + process.cpuUsage().system })
  if (message === 'stop') {
    await aws.close()
    process.exit(0)
  }
})
process.send({
  endpoint: aws.endpoint,
  credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey },
})
