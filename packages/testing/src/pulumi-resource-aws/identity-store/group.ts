import type { GetGroupArgs, GetGroupResult } from '@pulumi/aws/identitystore/getGroup.js'
import type { Group, GroupArgs } from '@pulumi/aws/identitystore/group.js'
import { unlessGone } from '../aws.js'
import { functionType } from '../function-type.js'
import { resourceType } from '../resource-type.js'

export const gone = 'ResourceNotFoundException'

export const identityStoreGroup = resourceType<GroupArgs, Group>({
  token: 'aws:identitystore/group:Group',
  arguments: {
    description: { kind: 'string' },
    displayName: { kind: 'string', required: true },
    identityStoreId: { kind: 'string', required: true, replaces: true },
  },
  outputs: ['groupId'],

  async create({ description, displayName, identityStoreId }, aws) {
    const { GroupId } = await (
      await aws.identityStore()
    ).createGroup({
      IdentityStoreId: identityStoreId,
      DisplayName: displayName,
      ...(description === undefined ? {} : { Description: description }),
    })
    return { id: `${identityStoreId}/${GroupId}` }
  },
  async read(id, aws, { identityStoreId }) {
    const GroupId = id.slice(id.indexOf('/') + 1)
    const described = (await aws.identityStore()).describeGroup({ IdentityStoreId: identityStoreId, GroupId })
    const found = await unlessGone(described, gone)
    return (
      found && {
        description: found.Description,
        displayName: found.DisplayName,
        groupId: GroupId,
        identityStoreId,
      }
    )
  },
  async update(id, { after, changed }, aws) {
    const { description, displayName, identityStoreId } = after
    await (
      await aws.identityStore()
    ).updateGroup({
      IdentityStoreId: identityStoreId,
      GroupId: id.slice(id.indexOf('/') + 1),
      Operations: [
        ...(changed('displayName') ? [{ AttributePath: 'displayName', AttributeValue: displayName }] : []),
        ...(changed('description') ? [{ AttributePath: 'description', AttributeValue: description }] : []),
      ],
    })
  },
  async delete(id, { identityStoreId }, aws) {
    const GroupId = id.slice(id.indexOf('/') + 1)
    await unlessGone(
      (await aws.identityStore()).deleteGroup({ IdentityStoreId: identityStoreId, GroupId }),
      gone,
    )
  },
})

/** A group by a unique attribute. */
export const getIdentityStoreGroup = functionType<GetGroupArgs, GetGroupResult>({
  token: 'aws:identitystore/getGroup:getGroup',
  arguments: {
    alternateIdentifier: {
      kind: { block: { uniqueAttribute: { block: { attributePath: 'string', attributeValue: 'string' } } } },
      required: true,
    },
    identityStoreId: { kind: 'string', required: true },
  },
  async call({ alternateIdentifier, identityStoreId }, aws) {
    const store = await aws.identityStore()
    const { uniqueAttribute } = alternateIdentifier ?? {}
    const { GroupId } = await store.getGroupId({
      IdentityStoreId: identityStoreId,
      AlternateIdentifier: {
        UniqueAttribute: {
          AttributePath: uniqueAttribute?.attributePath,
          AttributeValue: uniqueAttribute?.attributeValue,
        },
      },
    })
    const { DisplayName = '', Description = '' } = await store.describeGroup({
      IdentityStoreId: identityStoreId,
      GroupId,
    })
    return {
      description: Description,
      displayName: DisplayName,
      externalIds: [],
      groupId: GroupId ?? '',
      id: GroupId ?? '',
      identityStoreId,
      region: aws.region,
    }
  },
})
