import type { CreateUserRequest, User } from '@aws-sdk/client-identitystore'
import { randomUUID } from 'node:crypto'
import { notImplemented, readAttributes, readIdentifier, textOf } from './attributes.js'
import { conflict, invalid, notFound } from './errors.js'
import type { IdentityStoreOperations } from './operation.js'
import { checkStore, getUser } from './operation.js'
import { page } from './pages.js'
import type { StoreUserRecord } from './records.js'
import { all, type IdentityCenterTables } from './tables.js'

const kept: ReadonlySet<string> = new Set<keyof CreateUserRequest>([
  'IdentityStoreId',
  'UserName',
  'DisplayName',
  'Name',
  'Emails',
])

export const userOperations = {
  CreateUser(input, call, { tables, write }) {
    for (const [attribute, value] of Object.entries(input))
      if (value !== undefined && !kept.has(attribute)) throw notImplemented(attribute)
    return write(() => {
      const IdentityStoreId = checkStore(tables, call, input.IdentityStoreId)
      const user: StoreUserRecord = {
        id: randomUUID(),
        userName: given('userName', input.UserName),
        displayName: given('displayName', input.DisplayName),
        name: {
          givenName: given('name.givenName', input.Name?.GivenName),
          familyName: given('name.familyName', input.Name?.FamilyName),
        },
        emails: readEmails(input.Emails),
      }
      checkUnique(tables, user)
      tables.users.put([user.id], user)
      return { UserId: user.id, IdentityStoreId }
    })
  },

  DescribeUser(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    return describe(getUser(tables, input.UserId), store)
  },

  UpdateUser(input, call, { tables, write }) {
    const changed = readAttributes(input.Operations, [
      'userName',
      'displayName',
      'name.givenName',
      'name.familyName',
      'emails',
    ])
    const text = (path: string, old: string): string =>
      changed.has(path) ? given(path, textOf(changed.get(path))) : old
    return write(() => {
      checkStore(tables, call, input.IdentityStoreId)
      const user = getUser(tables, input.UserId)
      const { name } = user
      const next: StoreUserRecord = {
        id: user.id,
        userName: text('userName', user.userName),
        displayName: text('displayName', user.displayName),
        name: {
          givenName: text('name.givenName', name.givenName),
          familyName: text('name.familyName', name.familyName),
        },
        emails: changed.has('emails') ? readEmailDocument(changed.get('emails')) : user.emails,
      }
      checkUnique(tables, next)
      tables.users.put([next.id], next)
      return {}
    })
  },

  /** Memberships go along. */
  DeleteUser(input, call, { tables, write }) {
    return write(() => {
      checkStore(tables, call, input.IdentityStoreId)
      const { id } = getUser(tables, input.UserId)
      for (const one of all(tables.memberships)) if (one.user === id) tables.memberships.delete([one.id])
      tables.users.delete([id])
      return {}
    })
  },

  ListUsers(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    const [filter] = input.Filters ?? []
    const found = all(tables.users).filter(
      ({ userName }) => filter === undefined || userName === filter.AttributeValue,
    )
    const { items, ...rest } = page(found, input, ({ id }) => id)
    return { Users: items.map((user) => describe(user, store)), ...rest }
  },

  GetUserId(input, call, { tables }) {
    const IdentityStoreId = checkStore(tables, call, input.IdentityStoreId)
    const { path, value } = readIdentifier(input.AlternateIdentifier, ['userName', 'emails.value'])
    const user = all(tables.users).find((one) =>
      path === 'userName' ? one.userName === value : one.emails.some((email) => email.value === value),
    )
    if (user === undefined) throw notFound('USER not found.')
    return { UserId: user.id, IdentityStoreId }
  },
} satisfies IdentityStoreOperations

/** What every user has to have (User Guide, "Add users"). */
function given(attribute: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value
  throw invalid(`The attribute ${attribute} is required.`)
}

function readEmails(emails: CreateUserRequest['Emails']): StoreUserRecord['emails'] {
  return (emails ?? []).map(({ Primary, Type, Value }) => newEmail(Value, Type, Primary))
}

/** As UpdateUser takes them: a document with the attribute names of the store itself. */
function readEmailDocument(document: unknown): StoreUserRecord['emails'] {
  const list: readonly unknown[] = Array.isArray(document) ? document : []
  return list.map((item) => {
    const { primary, type, value } = item as Readonly<Record<string, unknown>>
    return newEmail(textOf(value), textOf(type), primary === true)
  })
}

function newEmail(
  value: string | undefined,
  type: string | undefined,
  primary = false,
): StoreUserRecord['emails'][number] {
  return { value: given('emails.value', value), primary, ...(type === undefined ? {} : { type }) }
}

function checkUnique(tables: IdentityCenterTables, user: StoreUserRecord): void {
  const addresses = new Set(user.emails.map(({ value }) => value))
  for (const other of all(tables.users)) {
    if (other.id === user.id) continue
    if (other.userName === user.userName) throw conflict('Duplicate UserName')
    if (other.emails.some(({ value }) => addresses.has(value))) throw conflict('Duplicate email')
  }
}

function describe(
  { displayName, emails, id, name, userName }: StoreUserRecord,
  IdentityStoreId: string,
): User {
  return {
    IdentityStoreId,
    UserId: id,
    UserName: userName,
    DisplayName: displayName,
    Name: { GivenName: name.givenName, FamilyName: name.familyName },
    UserStatus: 'ENABLED',
    Emails: emails.map(({ primary, type, value }) => ({ Value: value, Type: type, Primary: primary })),
  }
}
