import { z } from 'zod'

/** Names of teams, datasets, models, platforms and the organization: part of S3, IAM and SageMaker names. */
export const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** Names of members become IAM user names (IAM API reference, CreateUser: UserName). */
export const memberNamePattern = /^[A-Za-z0-9_+=,.@-]{1,64}$/
/** A day (its end, UTC) or an instant with its zone. */
export const datePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Without what has a meaning of its own in policies. */
export const emailPattern = /^[^\s@"'\\*?$]+@[^\s@"'\\*?$]+\.[^\s@"'\\*?$]+$/

/** Whole percent, of neither nothing nor all. */
export const sharePattern = /^[1-9]\d?%$/

/** Hours, days or weeks. */
export const durationPattern = /^[1-9]\d{0,3}[hdw]$/

/** A region of the `aws` partition. */
export const regionPattern = /^(?!cn-|us-gov-|us-iso|eu-isoe)[a-z]{2,}(-[a-z]+)+-\d{1,2}$/

const name = z.string().regex(namePattern, { error: 'NAME_INVALID' })
const memberName = z.string().regex(memberNamePattern, { error: 'NAME_INVALID' })
const date = z
  .string()
  .regex(datePattern, { error: 'DATE_INVALID' })
  .describe('A day (access ends when it ends, UTC) or an instant such as 2035-03-31T12:00:00Z')
const lengthOfTime = z.string().regex(durationPattern, { error: 'DURATION_INVALID' })
const duration = lengthOfTime.describe(
  'How long from now, such as 12h, 30d or 4w; `ringfence fmt` writes the instant as "until" in its place',
)
const prefix = z.string().describe('A key prefix that ends in "/", such as raw/')

const capability = z.enum(['read', 'write', 'delete', 'administer', 'train', 'deploy', 'invoke'])
const capabilities = z.union([capability, z.array(capability).min(1)])

const member = z
  .strictObject({
    kind: z.enum(['person', 'service']).optional(),
    signIn: z
      .enum(['user', 'federation'])
      .optional()
      .describe('user: an IAM user; federation: roles of their teams, or for a service a role of its own'),
    oidc: z
      .strictObject({
        provider: z
          .string()
          .describe('Host (and path) of the issuer, or ARN, of an OIDC provider of the account that exists'),
        audience: z.string().describe('The audience of the tokens, such as sts.amazonaws.com'),
        subject: z
          .union([z.string(), z.array(z.string()).min(1)])
          .describe('The subject of the tokens, or several; wildcards only within one project'),
      })
      .optional()
      .describe(
        'For a service that signs in by federation: whose tokens let it into its role, without any key',
      ),
    email: z
      .string()
      .regex(emailPattern, { error: 'EMAIL_INVALID' })
      .optional()
      .describe('What the identity provider sends as subject, for members that sign in by federation'),
    keys: z
      .strictObject({
        until: date.optional(),
        for: duration.optional(),
        age: z
          .string()
          .optional()
          .describe(
            'The recipient (age1…) to whom the secret is encrypted, so that nobody else ever reads it',
          ),
        pgp: z
          .string()
          .optional()
          .describe('The same for an OpenPGP public key, binary, in base64: gpg --export KEY | base64 -w0'),
        deliver: z
          .enum(['secretsManager'])
          .optional()
          .describe(
            'secretsManager: the key is kept in AWS Secrets Manager, for the member and administrators alone',
          ),
        rotateAfter: lengthOfTime
          .optional()
          .describe(
            'The age at which a key is to be rotated, such as 90d; `ringfence keys` tells which are over it',
          ),
        overlap: lengthOfTime
          .optional()
          .describe(
            'How long both keys work during a rotation, and how long the old one is kept after; default 7d',
          ),
      })
      .meta({ anyOf: [{ required: ['until'] }, { required: ['for'] }] })
      .optional()
      .describe('One long-lived access key, a declared exception'),
    until: date.optional().describe('All access of this member ends'),
    for: duration.optional(),
  })
  .nullable()

const team = z.union([
  z.array(z.string()),
  z.strictObject({
    members: z.array(z.string()),
    until: date.optional().describe('All access through this team ends'),
    for: duration.optional(),
  }),
])

const store = z
  .strictObject({
    owner: name.optional().describe('The team that answers for it; ownership alone gives no access'),
    encryption: z.enum(['s3', 'kms']).optional().describe('kms: a key of its own. Default s3'),
    bucket: z.string().optional().describe('The physical name; default <organization>-<name>-<suffix>'),
    destroyWithObjects: z.boolean().optional().describe('Whether taking it down may delete its objects'),
  })
  .nullable()

const storeReference = z.union([z.string(), z.strictObject({ on: z.string(), under: prefix.optional() })])

const platform = z.strictObject({
  kind: z.enum(['sagemaker']),
  reads: z.array(storeReference).optional().describe('What its jobs may read'),
  writes: z.array(storeReference).optional().describe('What its jobs may write; reading is not part of it'),
  project: z
    .strictObject({
      product: z.string().regex(/^prod-[A-Za-z0-9]{1,45}$/, { error: 'PRODUCT_INVALID' }),
      artifact: z
        .string()
        .regex(/^pa-[A-Za-z0-9]{1,45}$/, { error: 'PRODUCT_INVALID' })
        .optional(),
    })
    .optional()
    .describe('The Service Catalog product that SageMaker makes a project of'),
  images: z
    .array(
      z.string().regex(/^arn:aws:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9]+([._/-]+[a-z0-9]+)*$/, {
        error: 'IMAGE_INVALID',
      }),
    )
    .optional()
    .describe('ARNs of the ECR repositories whose images jobs may pull'),
})

const grant = z.strictObject({
  to: z.string().describe('A team or a member'),
  can: capabilities,
  on: z.string().describe('A dataset, model or platform'),
  under: prefix.optional(),
  until: date.optional(),
  for: duration.optional(),
  because: z.string().optional(),
})

const guarantee = z
  .strictObject({
    separate: z.array(z.string()).min(2).optional().describe('Nobody reaches two of these'),
    never: z.strictObject({ who: z.string(), can: capabilities, on: z.string() }).optional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })

/** The one source of the declared file's types, JSON Schema and validation. */
export const organizationSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors'),
    organization: name,
    account: z
      .string()
      .regex(/^\d{12}$/, { error: 'ACCOUNT_INVALID' })
      .describe('Twelve digits in quotes; every other account is refused'),
    region: z.string().regex(regionPattern, { error: 'REGION_INVALID' }),
    suffix: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'SUFFIX_INVALID' })
      .optional()
      .describe('Ends every derived bucket name, so that it is unique in the world; default: the account'),
    guardrail: z.enum(['none', 'serviceControlPolicy']).optional(),
    identityProvider: z
      .strictObject({
        saml: z.string().optional(),
        oidc: z.string().optional(),
        audience: z.string().min(1).optional(),
        identityCenter: z
          .strictObject({
            instance: z.string().describe('arn:aws:sso:::instance/ssoins-…'),
            identityStore: z.string().describe('d-…'),
            region: z
              .string()
              .optional()
              .describe('Where Identity Center is; default: the region of the file'),
            provision: z
              .boolean()
              .optional()
              .describe(
                'Make groups and users, instead of looking up groups that the identity provider provisions',
              ),
          })
          .optional()
          .describe(
            'The instance of IAM Identity Center that signs people in, by a permission set for each team',
          ),
      })
      .optional()
      .describe(
        'What signs people in: name or ARN of a SAML or OIDC provider of the account, or Identity Center',
      ),
    administrators: z
      .array(z.string())
      .min(1)
      .describe(
        'Existing roles and users, role/NAME or user/NAME, that may change the fence and not touch data',
      ),
    rosterRemovals: z
      .string()
      .regex(sharePattern, { error: 'SHARE_INVALID' })
      .optional()
      .describe(
        'How many of the members or teams one change of the roster may remove; default 10%, and 3 always',
      ),
    members: z.record(memberName, member).optional(),
    teams: z.record(name, team).optional(),
    datasets: z.record(name, store).optional(),
    models: z.record(name, store).optional(),
    platforms: z.record(name, platform).optional(),
    grants: z.array(grant).optional(),
    guarantees: z.array(guarantee).optional(),
  })
  .meta({ title: 'ringfence declared file' })

type Written = z.input<typeof organizationSchema>
export type MembersWritten = NonNullable<Written['members']>

/** Members who come from a roster, and others beside them. */
export interface RosterMembers {
  /** A roster in CSV, relative to the file, or `scim`. */
  readonly from: string
  readonly [name: string]: MembersWritten[string] | string
}

/** A declared file as written, in YAML or TypeScript. */
export type OrganizationInput = Omit<Written, 'members'> & {
  members?: MembersWritten | RosterMembers | undefined
}
/** The same after validation; nothing is transformed, so that a value stays where the file has it. */
export type OrganizationValue = z.output<typeof organizationSchema>
export type MemberValue = NonNullable<NonNullable<OrganizationValue['members']>[string]>
export type TeamValue = NonNullable<OrganizationValue['teams']>[string]
export type StoreValue = NonNullable<NonNullable<OrganizationValue['datasets']>[string]>
export type PlatformValue = NonNullable<OrganizationValue['platforms']>[string]
export type GrantValue = NonNullable<OrganizationValue['grants']>[number]
export type GuaranteeValue = NonNullable<OrganizationValue['guarantees']>[number]

/** Types a declaration in TypeScript; returns what it was given. */
export function defineOrganization(organization: OrganizationInput): OrganizationInput {
  return organization
}

/** JSON Schema (draft-07) of the declared file, for editors; made from the same schema that validates. */
export function declarationJsonSchema(): object {
  return z.toJSONSchema(organizationSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ path, jsonSchema }) => {
      // A text in place of a member called "from" names the roster; it is taken out before the schema is asked.
      if (path.join('/') !== 'properties/members') return
      const roster = { type: 'string', description: 'Where the people come from: a roster in CSV, or scim' }
      const anybody = jsonSchema.additionalProperties as object
      jsonSchema.properties = { from: { anyOf: [roster, anybody] } } as NonNullable<
        typeof jsonSchema.properties
      >
    },
  })
}
