import type { Policy, PolicyArgs } from '@pulumi/aws/iam/policy.js'
import { paginateListPolicyVersions, type IAM, type PolicyVersion } from '@aws-sdk/client-iam'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'

const gone = 'NoSuchEntityException'

/** AWS keeps so many versions of a managed policy and refuses another. */
const mostVersions = 5

export const iamPolicy = resourceType<PolicyArgs, Policy>({
  token: 'aws:iam/policy:Policy',
  arguments: {
    description: { kind: 'string', replaces: true },
    name: { kind: 'string', required: true, replaces: true },
    path: { kind: 'string', replaces: true, default: '/' },
    policy: { kind: 'document', required: true },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'attachmentCount', 'policyId'],
  uniqueName: 'name',

  async create({ description, name = '', path, policy, tags }, aws) {
    const { Policy: made } = await (
      await aws.iam()
    ).createPolicy({
      PolicyName: name,
      Path: path,
      Description: description,
      PolicyDocument: policy,
      Tags: tagList(tags),
    })
    return { id: made?.Arn ?? '' }
  },

  async read(id, aws) {
    const iam = await aws.iam()
    const found = (await unlessGone(iam.getPolicy({ PolicyArn: id }), gone))?.Policy
    if (found === undefined) return undefined
    const VersionId = found.DefaultVersionId
    const { PolicyVersion: version } = await iam.getPolicyVersion({ PolicyArn: id, VersionId })
    return {
      arn: found.Arn,
      attachmentCount: found.AttachmentCount,
      description: found.Description ?? '',
      name: found.PolicyName,
      path: found.Path,
      policy: decodeURIComponent(version?.Document ?? ''),
      policyId: found.PolicyId,
      tags: tagMap(found.Tags),
    }
  },

  async update(id, { before, after, changed }, aws) {
    const iam = await aws.iam()
    if (changed('policy')) {
      await makeRoom(iam, id)
      await iam.createPolicyVersion({ PolicyArn: id, PolicyDocument: after.policy, SetAsDefault: true })
    }
    const { gone: keys, set } = tagChanges(before.tags, after.tags)
    if (keys.length > 0) await iam.untagPolicy({ PolicyArn: id, TagKeys: keys })
    if (set.length > 0) await iam.tagPolicy({ PolicyArn: id, Tags: set })
  },

  async delete(id, _known, aws) {
    const iam = await aws.iam()
    // A policy that still has versions beside its default one cannot be deleted.
    for (const { VersionId } of (await unlessGone(otherVersions(iam, id), gone)) ?? [])
      await unlessGone(iam.deletePolicyVersion({ PolicyArn: id, VersionId }), gone)
    await unlessGone(iam.deletePolicy({ PolicyArn: id }), gone)
  },
})

/** Deletes the oldest version that is not the default one, when there is no room for another. */
async function makeRoom(iam: IAM, arn: string): Promise<void> {
  const others = await otherVersions(iam, arn)
  if (others.length + 1 < mostVersions) return
  const [oldest] = others.toSorted((a, b) => numberOf(a) - numberOf(b))
  await iam.deletePolicyVersion({ PolicyArn: arn, VersionId: oldest?.VersionId })
}

async function otherVersions(iam: IAM, arn: string): Promise<PolicyVersion[]> {
  const pages = paginateListPolicyVersions({ client: iam }, { PolicyArn: arn })
  const versions = await collect(pages, (page) => page.Versions)
  return versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true)
}

/** Versions are named v1, v2, and so on, and no name comes twice. */
function numberOf({ VersionId }: PolicyVersion): number {
  return Number(VersionId?.slice(1))
}
