import * as pulumi from '@pulumi/pulumi'
import { componentTypes } from '../component-types.js'
import { registerResources } from '../register/register-plan.js'
import { theOnly, toOutput } from '../register/registered-plan.js'
import type { DatasetGrant } from './dataset-grant.js'
import { aliasIds, declareGrant, declareReferences, existingKeys, grantPlaces } from './dataset-grant.js'
import { refuseOwned } from './people.js'
import type { Piece, PieceArgs } from './piece.js'
import { organizationOf, planPiece } from './piece.js'
import type { PlatformGrant } from './platform-grant.js'
import { declarePlatforms } from './platform-grant.js'
import { declaredName, readPrincipal } from './principal-arn.js'
import { accountProvider } from './providers.js'
import { warn } from './refuse.js'

/** Arguments of `ProvisionedMember`. */
export interface ProvisionedMemberArgs extends PieceArgs {
  /** Name of the IAM user; default: the component's name. */
  readonly member?: string
  /** `person`, or `service` for a program. Default `person`. */
  readonly kind?: string
  /** The day or instant (UTC) at which the life of the one access key ends; without it there is no key. */
  readonly keysUntil?: string
  /** age recipient (`age1…`) to whom alone the secret access key is given. */
  readonly age?: string
  /** OpenPGP public key (binary, in base64) to whom alone the secret access key is given. */
  readonly pgp?: string
  /**
   * `secretsManager`: the access key is kept in AWS Secrets Manager, for the member and the administrators alone, instead
   * of being given out.
   */
  readonly deliver?: string
  /** The day or instant (UTC) at which all access ends. */
  readonly until?: string
  /** ARNs of IAM groups that exist already. */
  readonly groups?: string[]
  /** What the member may do with datasets; each dataset's fence has to let the member in as well. */
  readonly datasets?: DatasetGrant[]
  /** What the member may do on training platforms. */
  readonly platforms?: PlatformGrant[]
}

/**
 * An IAM user with a permissions boundary, exactly the given permissions, and a key only if its end is declared.
 * It touches no bucket: a fenced dataset lets the user in by the `access` of its `PrivateDataset`.
 */
export class ProvisionedMember extends pulumi.ComponentResource {
  /** Name of the IAM user. */
  readonly userName: pulumi.Output<string>
  /** ARN of the IAM user. */
  readonly userArn: pulumi.Output<string>
  /** ARNs of the policies that the component makes, by their name on AWS without the organization's. */
  readonly policyArns: pulumi.Output<Record<string, string>>
  /** Id of the access key, if there is one. */
  readonly accessKeyId?: pulumi.Output<string>
  /** The secret access key, if it is encrypted to nobody and not kept in Secrets Manager; a secret. */
  readonly secretAccessKey?: pulumi.Output<string>
  /** The secret access key that only its recipient can decrypt, with age or PGP. */
  readonly encryptedSecretAccessKey?: pulumi.Output<string>
  /** Name of the secret in Secrets Manager that keeps the access key, if it is delivered to it. */
  readonly keySecretName?: pulumi.Output<string>

  constructor(name: string, args: ProvisionedMemberArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, warnings } = planPiece(name, args, () => describe(name, args))
    super(componentTypes.provisionedMember, name, {}, opts)
    warn(this, warnings)
    const outputs = registerResources(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
    })
    this.userName = theOnly(outputs.userNames)
    this.userArn = theOnly(outputs.userArns)
    this.policyArns = toOutput(outputs.policyArns)
    const { userName, userArn, policyArns } = this
    const [accessKeyId] = outputs.accessKeyIds.values()
    const [secretAccessKey] = outputs.secretAccessKeys.values()
    const [encryptedSecretAccessKey] = outputs.encryptedSecretAccessKeys.values()
    const [keySecretName] = outputs.keySecretNames.values()
    if (accessKeyId !== undefined) this.accessKeyId = accessKeyId
    if (secretAccessKey !== undefined) this.secretAccessKey = secretAccessKey
    if (encryptedSecretAccessKey !== undefined) this.encryptedSecretAccessKey = encryptedSecretAccessKey
    if (keySecretName !== undefined) this.keySecretName = keySecretName
    this.registerOutputs({
      userName,
      userArn,
      policyArns,
      ...(accessKeyId && { accessKeyId }),
      ...(secretAccessKey && { secretAccessKey }),
      ...(encryptedSecretAccessKey && { encryptedSecretAccessKey }),
      ...(keySecretName && { keySecretName }),
    })
  }
}

function describe(name: string, args: ProvisionedMemberArgs): Piece {
  const { member = name, kind, until, groups = [], datasets = [], platforms = [] } = args
  const groupArns = groups.map((arn, index) => {
    const group = readPrincipal(name, `groups[${index}]`, arn, ['group'])
    refuseOwned(name, `groups[${index}]`, group)
    return [declaredName(`group ${group.name}`), arn] as const
  })
  const to = `members/${member}`
  const onPlatforms = declarePlatforms(name, organizationOf(name, args), to, platforms)
  const aliases = aliasIds(datasets)
  return {
    sections: {
      members: {
        [member]: {
          ...(kind === undefined ? {} : { kind }),
          ...(until === undefined ? {} : { until }),
          ...declareKeys(name, args),
        },
      },
      teams: Object.fromEntries(groupArns.map(([group]) => [group, [member]])),
      datasets: declareReferences(name, datasets),
      platforms: onPlatforms.platforms,
      grants: [
        ...datasets.map((grant) => declareGrant(to, `datasets/${grant.dataset}`, grant)),
        ...onPlatforms.grants,
      ],
    },
    existing: {
      groups: Object.fromEntries(groupArns),
      keys: existingKeys(datasets),
      roles: onPlatforms.roles,
      buckets: datasets.map(({ dataset }) => `dataset/${dataset}`),
    },
    owns: (id) => id.startsWith('member/') || aliases.has(id),
    places: [
      [`members.${member}.keys.until`, 'keysUntil'],
      [`members.${member}.keys.age`, 'age'],
      [`members.${member}.keys.pgp`, 'pgp'],
      [`members.${member}.keys.deliver`, 'deliver'],
      [`members.${member}.kind`, 'kind'],
      [`members.${member}.until`, 'until'],
      [`members.${member}`, 'member'],
      ...grantPlaces(datasets, platforms),
    ],
    // The groups and roles are named here and not changed.
    isForeign: ({ code }) => /^EXISTING_(ROLE|GROUP|KEY|WITHOUT)/.test(code),
  }
}

/** The member's keys as the file says them; nothing where the member has none. */
function declareKeys(name: string, { keysUntil: until, age, pgp, deliver }: ProvisionedMemberArgs): object {
  const handover = Object.entries({ age, pgp, deliver }).filter(([, value]) => value !== undefined)
  const [first] = handover
  if (until !== undefined) return { keys: { until, ...Object.fromEntries(handover) } }
  if (first === undefined) return {}
  throw new pulumi.RunError(
    `"${name}" has "${first[0]}" and no key to hand over.\nTry: "keysUntil", the day at which the key ends.`,
  )
}
