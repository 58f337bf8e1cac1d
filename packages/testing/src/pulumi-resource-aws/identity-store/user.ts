import type { User, UserArgs } from '@pulumi/aws/identitystore/user.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { gone } from './group.js'

interface Name {
  readonly familyName: string
  readonly givenName: string
}
interface Email {
  readonly primary?: boolean
  readonly type?: string
  readonly value?: string
}

export const identityStoreUser = resourceType<UserArgs, User>({
  token: 'aws:identitystore/user:User',
  arguments: {
    displayName: { kind: 'string', required: true },
    emails: { kind: { block: { primary: 'boolean', type: 'string', value: 'string' } } },
    identityStoreId: { kind: 'string', required: true, replaces: true },
    name: { kind: { block: { familyName: 'string', givenName: 'string' } } },
    userName: { kind: 'string', required: true, replaces: true },
  },
  outputs: ['userId'],
  uniqueName: 'userName',

  async create({ displayName, emails, identityStoreId, name, userName }, aws) {
    const { familyName, givenName } = name as Name
    const { UserId } = await (
      await aws.identityStore()
    ).createUser({
      IdentityStoreId: identityStoreId,
      UserName: userName,
      DisplayName: displayName,
      Name: { FamilyName: familyName, GivenName: givenName },
      Emails: emailsOf(emails as Email | undefined),
    })
    return { id: `${identityStoreId}/${UserId}` }
  },
  async read(id, aws, { identityStoreId }) {
    const UserId = id.slice(id.indexOf('/') + 1)
    const described = (await aws.identityStore()).describeUser({ IdentityStoreId: identityStoreId, UserId })
    const found = await unlessGone(described, gone)
    if (found === undefined) return undefined
    const [email] = found.Emails ?? []
    return {
      displayName: found.DisplayName,
      emails: email && { primary: email.Primary, type: email.Type, value: email.Value },
      identityStoreId,
      name: { familyName: found.Name?.FamilyName, givenName: found.Name?.GivenName },
      userId: UserId,
      userName: found.UserName,
    }
  },
  async update(id, { after, changed }, aws) {
    const { displayName, emails, identityStoreId, name } = after
    const { familyName, givenName } = name as Name
    await (
      await aws.identityStore()
    ).updateUser({
      IdentityStoreId: identityStoreId,
      UserId: id.slice(id.indexOf('/') + 1),
      Operations: [
        ...(changed('displayName') ? [{ AttributePath: 'displayName', AttributeValue: displayName }] : []),
        ...(changed('name')
          ? [
              { AttributePath: 'name.familyName', AttributeValue: familyName },
              { AttributePath: 'name.givenName', AttributeValue: givenName },
            ]
          : []),
        ...(changed('emails')
          ? [{ AttributePath: 'emails', AttributeValue: emails === undefined ? [] : [{ ...emails }] }]
          : []),
      ],
    })
  },
  async delete(id, { identityStoreId }, aws) {
    const UserId = id.slice(id.indexOf('/') + 1)
    await unlessGone(
      (await aws.identityStore()).deleteUser({ IdentityStoreId: identityStoreId, UserId }),
      gone,
    )
  },
})

function emailsOf(email: Email | undefined) {
  return email === undefined ? [] : [{ Primary: email.primary, Type: email.type, Value: email.value }]
}
