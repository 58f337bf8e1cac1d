import { z } from 'zod'
import { type Account, missingParts } from '../account/account.js'
import { type ImportDiagnostic, type ImportResult, startOf } from './diagnostic.js'
import type { ParsedFile } from './input-file.js'

const text = z.string()
/** Where a template leaves one open, words stand in its place. */
const arn = text
const accountId = z.string().regex(/^\d{12}$/)
const named = z.strictObject({ name: text, document: z.unknown().exactOptional() })
const accessBlock = z.strictObject({
  blockPublicAcls: z.boolean(),
  ignorePublicAcls: z.boolean(),
  blockPublicPolicy: z.boolean(),
  restrictPublicBuckets: z.boolean(),
})
const identity = { name: text, path: text, arn, attached: z.array(arn), inline: z.array(named) }
const principal = {
  ...identity,
  uniqueId: text.exactOptional(),
  permissionsBoundary: arn.exactOptional(),
  tags: z.record(text, text).exactOptional(),
}
const version = z.strictObject({ ...named.shape, id: text, isDefault: z.boolean() })

/** `Account` without what only declared files say. */
const schema: z.ZodType<Account> = z.strictObject({
  formatVersion: z.literal(1),
  account: accountId,
  partition: text,
  region: text.exactOptional(),
  users: z.array(
    z.strictObject({
      kind: z.literal('user'),
      ...principal,
      groups: z.array(text),
      hasLoginProfile: z.boolean().exactOptional(),
      accessKeys: z.number().int().nonnegative().exactOptional(),
    }),
  ),
  roles: z.array(
    z.strictObject({
      kind: z.literal('role'),
      ...principal,
      trust: named,
      reservedArn: text.exactOptional(),
      instanceProfiles: z.array(arn).exactOptional(),
    }),
  ),
  groups: z.array(z.strictObject({ kind: z.literal('group'), ...identity })),
  managedPolicies: z.array(
    z.strictObject({
      arn,
      isAwsManaged: z.boolean(),
      versions: z
        .array(version)
        .refine((all) => all.filter(({ isDefault }) => isDefault).length === 1, 'exactly one is the default'),
    }),
  ),
  resources: z.array(
    z.strictObject({
      kind: z.enum(['bucket', 'key', 'other']),
      arn,
      name: text,
      policy: named.exactOptional(),
      publicAccessBlock: accessBlock.exactOptional(),
      publicAcl: z.array(text).exactOptional(),
      keys: z.record(text, z.array(text)).exactOptional(),
    }),
  ),
  serviceControlPolicies: z.array(z.array(named)).exactOptional(),
  resourceControlPolicies: z.array(z.array(named)).exactOptional(),
  managementAccount: accountId.exactOptional(),
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/)
    .exactOptional(),
  publicAccessBlock: accessBlock.exactOptional(),
  identityProviders: z.array(arn),
  unknowns: z.array(
    z.strictObject({
      about: text,
      reason: text,
      missing: z.enum(missingParts).exactOptional(),
      source: text.exactOptional(),
    }),
  ),
})

export const accountFileFormat = 'ringfence import --json'

/** Whether a file is a whole account, as `ringfence import --json` prints it. */
export function isAccountFile({ value }: ParsedFile): boolean {
  return typeof value === 'object' && value !== null && 'formatVersion' in value && 'managedPolicies' in value
}

/** An account out of a file that is one: it says all of it, so no other file goes with it. */
export function readAccountFile(
  { path, value }: ParsedFile,
  others: readonly ParsedFile[],
  given: string | undefined,
): ImportResult {
  const refuse = (code: ImportDiagnostic['code'], message: string, hint: string): ImportResult => ({
    ok: false,
    diagnostics: [{ code, severity: 'error', message, hint, span: startOf(path) }],
  })
  if (others.length > 0)
    return refuse(
      'IMPORT_SHAPE_WRONG',
      `${path} is a whole account, and ${others[0]!.path} stands beside it`,
      'name the file instead of its folder',
    )
  const read = schema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    return refuse(
      'IMPORT_SHAPE_WRONG',
      `${path} is no account: ${issue!.path.join('.') || 'the file'}: ${issue!.message}`,
      'make it again by: ringfence import FOLDER --json',
    )
  }
  if (given !== undefined && given !== read.data.account)
    return refuse(
      'IMPORT_ACCOUNT_MIXED',
      `${path} is about account ${read.data.account}, not ${given}`,
      'import each account from a folder of its own',
    )
  return { ok: true, value: read.data, diagnostics: [] }
}
