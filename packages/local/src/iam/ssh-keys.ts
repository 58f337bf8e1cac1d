import type { Call } from '../call.js'
import { AwsError } from '../aws-error.js'
import { credentialOf, credentialsOf, newStatus, type Owner } from './credentials.js'
import { limitExceeded } from './errors.js'
import { newId } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { getUser, namedOrCalling, required } from './operation.js'
import { page } from './pages.js'
import type { SshKeyRecord, UserRecord } from './records.js'
import { parseSshPublicKey } from './ssh-public-key.js'
import type { IamTables } from './tables.js'

/** SSH public keys of one user (IAM quotas). */
const maximumKeys = 5

/** Keys for CodeCommit, which does not exist here: they can be had, and taken away. */
export const sshKeyOperations = {
  UploadSSHPublicKey(input, call, { tables, write }) {
    const body = required(input.SSHPublicKeyBody, 'sSHPublicKeyBody')
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      const { fingerprint } = parseSshPublicKey(body)
      const held = credentialsOf(tables.sshKeys, ownerOf(user))
      if (held.some((key) => key.fingerprint === fingerprint)) {
        throw new AwsError(
          'DuplicateSSHPublicKey',
          'The SSH public key is already associated with this user.',
          400,
        )
      }
      if (held.length >= maximumKeys) {
        throw limitExceeded(`Cannot exceed quota for SSHPublicKeysPerUser: ${maximumKeys}`)
      }
      const key: SshKeyRecord = {
        id: newId('APKA'),
        status: 'Active',
        createdMs: call.timeMs,
        body,
        fingerprint,
      }
      tables.sshKeys.put([...ownerOf(user), key.id], key)
      return { SSHPublicKey: { ...describeKey(user, key), Fingerprint: fingerprint, SSHPublicKeyBody: body } }
    })
  },

  ListSSHPublicKeys(input, call, { tables }) {
    const user = getUser(tables, call.caller.account, namedOrCalling(input.UserName, call))
    const { items, ...rest } = page(
      credentialsOf(tables.sshKeys, ownerOf(user)),
      input,
      ({ id }: SshKeyRecord) => id,
    )
    return { SSHPublicKeys: items.map((key) => describeKey(user, key)), ...rest }
  },

  GetSSHPublicKey(input, call, { tables }) {
    const { user, key } = ownedKey(tables, call, input)
    const { pem, ssh } = parseSshPublicKey(key.body)
    // What was uploaded in the encoding that is asked for keeps its comment.
    const asUploaded = key.body.trimStart().startsWith('ssh-rsa') === (input.Encoding === 'SSH')
    const SSHPublicKeyBody = asUploaded ? key.body : input.Encoding === 'SSH' ? ssh : pem
    return { SSHPublicKey: { ...describeKey(user, key), Fingerprint: key.fingerprint, SSHPublicKeyBody } }
  },

  UpdateSSHPublicKey(input, call, { tables, write }) {
    return write(() => {
      const { user, key } = ownedKey(tables, call, input)
      tables.sshKeys.put([...ownerOf(user), key.id], { ...key, status: newStatus(input.Status) })
      return {}
    })
  },

  DeleteSSHPublicKey(input, call, { tables, write }) {
    return write(() => {
      const { user, key } = ownedKey(tables, call, input)
      tables.sshKeys.delete([...ownerOf(user), key.id])
      return {}
    })
  },
} satisfies IamOperations

function ownerOf({ account, id }: UserRecord): Owner {
  return [account, id]
}

function ownedKey(
  tables: IamTables,
  call: Call,
  input: { readonly UserName: string | undefined; readonly SSHPublicKeyId: string | undefined },
): { readonly user: UserRecord; readonly key: SshKeyRecord } {
  const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
  const key = credentialOf(tables.sshKeys, ownerOf(user), input.SSHPublicKeyId, 'SSH Public Key')
  return { user, key }
}

function describeKey(user: UserRecord, key: SshKeyRecord) {
  return {
    UserName: user.name,
    SSHPublicKeyId: key.id,
    Status: key.status,
    UploadDate: new Date(key.createdMs),
  }
}
