import type { AccessKey, AccessKeyArgs } from '@pulumi/aws/iam/accessKey.js'
import { paginateListAccessKeys, type StatusType } from '@aws-sdk/client-iam'
import { collect, unlessGone } from '../aws.js'
import { resourceType, type ResourceType } from '../resource-type.js'
import { encryptForPgpKey } from './openpgp.js'

const gone = 'NoSuchEntityException'

/** `encrypt`: a secret for an OpenPGP public key in base64, as the outputs that the provider makes of it. */
export const accessKeyWith = (encrypt: typeof encryptForPgpKey): ResourceType =>
  resourceType<AccessKeyArgs, AccessKey>({
    token: 'aws:iam/accessKey:AccessKey',
    arguments: {
      pgpKey: { kind: 'string', replaces: true },
      status: { kind: 'string', default: 'Active' },
      user: { kind: 'string', required: true, replaces: true },
    },
    outputs: ['createDate', 'encryptedSecret', 'keyFingerprint', 'secret'],
    secrets: ['secret'],

    async create({ pgpKey, status, user }, aws) {
      const iam = await aws.iam()
      const { AccessKey: made } = await iam.createAccessKey({ UserName: user })
      const id = made?.AccessKeyId ?? ''
      const secret = made?.SecretAccessKey ?? ''
      try {
        // Either of the two, never both: that is what the key is for.
        const once = pgpKey === undefined ? { secret } : await encrypt(secret, pgpKey)
        if (status !== 'Active')
          await iam.updateAccessKey({ UserName: user, AccessKeyId: id, Status: status as StatusType })
        return { id, once }
      } catch (error) {
        // Nobody will ever learn the secret of this key.
        await iam.deleteAccessKey({ UserName: user, AccessKeyId: id })
        throw error
      }
    },

    async read(id, aws, { user }) {
      const pages = paginateListAccessKeys({ client: await aws.iam() }, { UserName: user })
      const keys = await unlessGone(
        collect(pages, (page) => page.AccessKeyMetadata),
        gone,
      )
      const key = keys?.find(({ AccessKeyId }) => AccessKeyId === id)
      return key && { createDate: key.CreateDate?.toISOString(), status: key.Status, user }
    },

    async update(id, { after }, aws) {
      const Status = after.status as StatusType
      await (await aws.iam()).updateAccessKey({ UserName: after.user, AccessKeyId: id, Status })
    },

    async delete(id, { user }, aws) {
      await unlessGone((await aws.iam()).deleteAccessKey({ UserName: user, AccessKeyId: id }), gone)
    },
  })

export const iamAccessKey = accessKeyWith(encryptForPgpKey)
