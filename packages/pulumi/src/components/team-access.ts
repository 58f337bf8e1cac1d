import * as pulumi from '@pulumi/pulumi'
import { componentTypes } from '../component-types.js'
import { registerResources } from '../register/register-plan.js'
import { toOutput } from '../register/registered-plan.js'
import type { DatasetGrant } from './dataset-grant.js'
import { aliasIds, declareGrant, declareReferences, existingKeys, grantPlaces } from './dataset-grant.js'
import { People, isAboutOwned, refuseOwned } from './people.js'
import type { Piece, PieceArgs } from './piece.js'
import { organizationOf, planPiece } from './piece.js'
import type { PlatformGrant } from './platform-grant.js'
import { declarePlatforms } from './platform-grant.js'
import { readPrincipal } from './principal-arn.js'
import { accountProvider } from './providers.js'
import { warn } from './refuse.js'

/** Arguments of `TeamAccess`. */
export interface TeamAccessArgs extends PieceArgs {
  /** Name of the team; default: the component's name. */
  readonly team?: string
  /** ARN of an IAM group that exists already, instead of one that is made. */
  readonly group?: string
  /** Names of members, who become IAM users, and ARNs of IAM users that exist already. */
  readonly members: string[]
  /** What the team may do with datasets; each dataset's fence has to let the members in as well. */
  readonly datasets?: DatasetGrant[]
  /** What the team may do on training platforms. */
  readonly platforms?: PlatformGrant[]
}

/**
 * An IAM group with its policies and its members; a member or a policy added by hand is drift. It touches no bucket:
 * a fenced dataset lets the members in by the `access` of its `PrivateDataset`.
 */
export class TeamAccess extends pulumi.ComponentResource {
  /** Name of the IAM group. */
  readonly groupName: pulumi.Output<string>
  /** ARN of the IAM group. */
  readonly groupArn: pulumi.Output<string>
  /** ARNs of the users that the component makes, by member. */
  readonly userArns: pulumi.Output<Record<string, string>>
  /** ARNs of the policies that the component makes, by their name on AWS without the organization's. */
  readonly policyArns: pulumi.Output<Record<string, string>>

  constructor(name: string, args: TeamAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, warnings } = planPiece(name, args, () => describe(name, args))
    super(componentTypes.teamAccess, name, {}, opts)
    warn(this, warnings)
    const outputs = registerResources(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
    })
    const [groupName] = outputs.groupNames.values()
    const [groupArn] = outputs.groupArns.values()
    const existing = args.group ?? ''
    this.groupName = groupName ?? pulumi.output(existing.slice(existing.lastIndexOf('/') + 1))
    this.groupArn = groupArn ?? pulumi.output(existing)
    this.userArns = toOutput(outputs.userArns)
    this.policyArns = toOutput(outputs.policyArns)
    const { userArns, policyArns } = this
    this.registerOutputs({ groupName: this.groupName, groupArn: this.groupArn, userArns, policyArns })
  }
}

function describe(name: string, args: TeamAccessArgs): Piece {
  const { team = name, group, members, datasets = [], platforms = [] } = args
  const organization = organizationOf(name, args)
  if (group !== undefined) refuseOwned(name, 'group', readPrincipal(name, 'group', group, ['group']))
  const people = new People(name, organization)
  const names = members.map((entry, index) => people.add(entry, `members[${index}]`))
  const to = `teams/${team}`
  const onPlatforms = declarePlatforms(name, organization, to, platforms)
  const aliases = aliasIds(datasets)
  return {
    sections: {
      members: people.members,
      teams: { [team]: names },
      datasets: declareReferences(name, datasets),
      platforms: onPlatforms.platforms,
      grants: [
        ...datasets.map((grant) => declareGrant(to, `datasets/${grant.dataset}`, grant)),
        ...onPlatforms.grants,
      ],
    },
    existing: {
      users: people.existing,
      groups: group === undefined ? {} : { [team]: group },
      keys: existingKeys(datasets),
      roles: onPlatforms.roles,
      buckets: datasets.map(({ dataset }) => `dataset/${dataset}`),
    },
    owns: (id) => id.startsWith('team/') || people.owns(id) || aliases.has(id),
    places: [[`teams.${team}`, 'members'], ...people.places, ...grantPlaces(datasets, platforms)],
    // The roles are named here and not changed.
    isForeign: (one) =>
      isAboutOwned(one) ||
      /^EXISTING_(ROLE|KEY)/.test(one.code) ||
      (one.code.startsWith('EXISTING_WITHOUT') && one.message.startsWith('platform')),
  }
}
