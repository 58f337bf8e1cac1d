import { X509Certificate } from 'node:crypto'
import type { SigningCertificate } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import { AwsError } from '../aws-error.js'
import { ownerOf as userOf } from './access-keys.js'
import { credentialOf, credentialsOf, newStatus, type Owner } from './credentials.js'
import { limitExceeded } from './errors.js'
import { newCertificateId } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { getUser, required } from './operation.js'
import { page } from './pages.js'
import type { SigningCertificateRecord } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'

/** Of one user (IAM quotas). */
const maximumCertificates = 2

/** X.509 certificates of users and of the account's root. Nothing here takes requests that are signed with them. */
export const signingCertificateOperations = {
  UploadSigningCertificate(input, call, { tables, write }) {
    const body = required(input.CertificateBody, 'certificateBody')
    return write(() => {
      const { name, owner } = holderOf(tables, call, input.UserName)
      const fingerprint = fingerprintOf(body, call.timeMs)
      for (const { value } of under(tables.signingCertificates, [call.caller.account])) {
        if (value.fingerprint !== fingerprint) continue
        throw new AwsError('DuplicateCertificate', 'The certificate is already in use in this account.', 409)
      }
      if (credentialsOf(tables.signingCertificates, owner).length >= maximumCertificates) {
        throw limitExceeded(`Cannot exceed quota for SigningCertificatesPerUser: ${maximumCertificates}`)
      }
      const certificate: SigningCertificateRecord = {
        id: newCertificateId(),
        status: 'Active',
        createdMs: call.timeMs,
        body,
        fingerprint,
      }
      tables.signingCertificates.put([...owner, certificate.id], certificate)
      return { Certificate: describe(name, certificate) }
    })
  },

  ListSigningCertificates(input, call, { tables }) {
    const { name, owner } = holderOf(tables, call, input.UserName)
    const { items, ...rest } = page(
      credentialsOf(tables.signingCertificates, owner),
      input,
      ({ id }: SigningCertificateRecord) => id,
    )
    return { Certificates: items.map((one) => describe(name, one)), ...rest }
  },

  UpdateSigningCertificate(input, call, { tables, write }) {
    return write(() => {
      const { owner } = holderOf(tables, call, input.UserName)
      const certificate = credentialOf(tables.signingCertificates, owner, input.CertificateId, 'Certificate')
      const status = newStatus(input.Status)
      tables.signingCertificates.put([...owner, certificate.id], { ...certificate, status })
      return {}
    })
  },

  DeleteSigningCertificate(input, call, { tables, write }) {
    return write(() => {
      const { owner } = holderOf(tables, call, input.UserName)
      const { id } = credentialOf(tables.signingCertificates, owner, input.CertificateId, 'Certificate')
      tables.signingCertificates.delete([...owner, id])
      return {}
    })
  },
} satisfies IamOperations

/** A user, or the account's root where it asks about its own. */
function holderOf(
  tables: IamTables,
  call: Call,
  named: string | undefined,
): { readonly name: string; readonly owner: Owner } {
  const { account } = call.caller
  const user = userOf(named, call)
  if (user === undefined) return { name: account, owner: [account, account] }
  const { id, name } = getUser(tables, account, user)
  return { name, owner: [account, id] }
}

/** One certificate in PEM that is not over yet (API Reference, UploadSigningCertificate). */
function fingerprintOf(body: string, timeMs: number): string {
  const [, ...others] = body.match(/-----BEGIN [^-]+-----/g) ?? []
  if (others.length > 0) throw malformed('it holds more than a certificate')
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(body)
  } catch {
    throw malformed('it cannot be read')
  }
  if (Date.parse(certificate.validTo) <= timeMs) throw malformed('it has expired')
  return certificate.fingerprint256
}

function malformed(why: string): AwsError {
  return new AwsError('MalformedCertificate', `The certificate is malformed: ${why}.`, 400)
}

function describe(
  UserName: string,
  { body, createdMs, id, status }: SigningCertificateRecord,
): SigningCertificate {
  return {
    UserName,
    CertificateId: id,
    CertificateBody: body,
    Status: status,
    UploadDate: new Date(createdMs),
  }
}
