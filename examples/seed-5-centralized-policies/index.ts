// One list decides for a team: its policies hang on the group, and the user has what the team and the list say.
import { ManagedPolicies, PrivateDataset, ProvisionedMember } from '@ringfence/pulumi'

// Of these three only the member makes a user, so they can share an organization.
const common = {
  organization: 'central',
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin', 'role/security-audit'],
}
const wei = 'arn:aws:iam::111122223333:user/ringfence/central/wei'
const data = { dataset: 'ai-team-data', bucket: 'central-ai-team-data-111122223333' }

const dataset = new PrivateDataset('ai-team-data', {
  ...common,
  access: [
    { principals: [wei], can: ['read'] },
    { principals: [wei], can: ['write'], under: 'inbox/' },
  ],
})

const user = new ProvisionedMember('wei', {
  ...common,
  datasets: [{ ...data, can: ['write'], under: 'inbox/', because: 'Hands over the weekly crawl' }],
})

const policies = new ManagedPolicies(
  'ai-policies',
  {
    ...common,
    teams: { 'ai-team': { members: [wei] } },
    grants: [{ to: 'ai-team', ...data, can: ['read'] }],
  },
  { dependsOn: user },
)

export const aiTeamDataBucketName = dataset.bucketName
export const aiUserName = user.userName
export const aiPolicyArn = policies.policyArns.apply((arns) => arns['team-ai-team-1'])
