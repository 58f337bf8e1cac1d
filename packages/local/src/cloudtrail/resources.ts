import type { CloudTrailEvent } from '../local-aws.js'

/** A resource that an event names, as `LookupEvents` tells and finds it. */
export interface EventResource {
  readonly ResourceType: string
  readonly ResourceName: string
}

/** Which parameter or answer names a resource of which type. */
const members: Readonly<Record<string, string>> = {
  accessKeyId: 'AWS::IAM::AccessKey',
  bucketName: 'AWS::S3::Bucket',
  groupName: 'AWS::IAM::Group',
  instanceProfileName: 'AWS::IAM::InstanceProfile',
  keyId: 'AWS::KMS::Key',
  policyArn: 'AWS::IAM::Policy',
  policyId: 'AWS::Organizations::Policy',
  projectName: 'AWS::SageMaker::Project',
  roleName: 'AWS::IAM::Role',
  secretId: 'AWS::SecretsManager::Secret',
  serialNumber: 'AWS::IAM::MfaDevice',
  userName: 'AWS::IAM::User',
}

/** What an event is about: what its parameters name, and what came into being. */
export function resourcesOf(event: CloudTrailEvent): readonly EventResource[] {
  const found = new Map<string, EventResource>()
  const add = (ResourceType: string, ResourceName: unknown): void => {
    if (typeof ResourceName !== 'string' || ResourceName === '') return
    found.set(`${ResourceType} ${ResourceName}`, { ResourceType, ResourceName })
  }
  const read = (record: unknown): void => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return
    for (const [name, value] of Object.entries(record)) {
      if (members[name] !== undefined) add(members[name], value)
    }
  }
  read(event.requestParameters)
  const answers = event.responseElements ?? {}
  for (const answer of [answers, ...Object.values(answers)]) read(answer)
  const policy = answers['policy']
  if (typeof policy === 'object' && policy !== null && 'arn' in policy) add('AWS::IAM::Policy', policy.arn)
  return [...found.values()]
}
