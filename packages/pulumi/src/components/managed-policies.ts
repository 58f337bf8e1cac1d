import * as pulumi from '@pulumi/pulumi'
import { componentTypes } from '../component-types.js'
import { registerResources } from '../register/register-plan.js'
import { toOutput } from '../register/registered-plan.js'
import type { DatasetGrant } from './dataset-grant.js'
import { aliasIds, declareGrant, declareReferences, existingKeys, grantPlaces } from './dataset-grant.js'
import { People, isAboutOwned, refuseOwned } from './people.js'
import type { Piece, PieceArgs } from './piece.js'
import { organizationOf, planPiece } from './piece.js'
import { readPrincipal } from './principal-arn.js'
import { accountProvider } from './providers.js'
import { warn } from './refuse.js'

/** A team: an IAM group that exists already, or one that is made. */
export interface PolicyTeam {
  /** ARN of an IAM group that exists already; its other members stay. */
  readonly group?: string
  /** Names of members, who become IAM users, and ARNs of IAM users that exist already. */
  readonly members?: string[]
}

/** What a team or a user may do with a dataset. */
export interface PolicyGrant extends DatasetGrant {
  /** Name of a team of `teams`, or of a user of `users`. */
  readonly to: string
}

/** Arguments of `ManagedPolicies`. */
export interface ManagedPoliciesArgs extends PieceArgs {
  /** The teams, by name. */
  readonly teams?: { [name: string]: PolicyTeam }
  /** ARNs of IAM users that exist already and get policies of their own; their other policies stay. */
  readonly users?: string[]
  /** Who may do what; each dataset's fence has to let them in as well. */
  readonly grants: PolicyGrant[]
}

/**
 * Managed policies in one place: one list of grants becomes policies under AWS's limits, attached to groups and
 * users. It touches no bucket: a fenced dataset lets people in by the `access` of its `PrivateDataset`.
 */
export class ManagedPolicies extends pulumi.ComponentResource {
  /** ARNs of the policies, by their name on AWS without the organization's, such as `team-analytics-1`. */
  readonly policyArns: pulumi.Output<Record<string, string>>
  /** Names of the groups that the component makes, by team. */
  readonly groupNames: pulumi.Output<Record<string, string>>
  /** ARNs of the users that the component makes, by member. */
  readonly userArns: pulumi.Output<Record<string, string>>

  constructor(name: string, args: ManagedPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, warnings } = planPiece(name, args, () => describe(name, args))
    super(componentTypes.managedPolicies, name, {}, opts)
    warn(this, warnings)
    const outputs = registerResources(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
    })
    this.policyArns = toOutput(outputs.policyArns)
    this.groupNames = toOutput(outputs.groupNames)
    this.userArns = toOutput(outputs.userArns)
    const { policyArns, groupNames, userArns } = this
    this.registerOutputs({ policyArns, groupNames, userArns })
  }
}

function describe(name: string, args: ManagedPoliciesArgs): Piece {
  const { teams = {}, users = [], grants } = args
  const people = new People(name, organizationOf(name, args))
  const direct = new Set(
    users.map((arn, index) => {
      refuseOwned(name, `users[${index}]`, readPrincipal(name, `users[${index}]`, arn, ['user']))
      return people.add(arn, `users[${index}]`)
    }),
  )
  const groups: [string, string][] = []
  const lists: [string, string[]][] = []
  for (const [team, { group, members = [] }] of Object.entries(teams)) {
    lists.push([team, members.map((entry, index) => people.add(entry, `teams.${team}.members[${index}]`))])
    if (group === undefined) continue
    refuseOwned(name, `teams.${team}.group`, readPrincipal(name, `teams.${team}.group`, group, ['group']))
    groups.push([team, group])
  }
  const aliases = aliasIds(grants)
  return {
    sections: {
      members: people.members,
      teams: Object.fromEntries(lists),
      datasets: declareReferences(name, grants),
      grants: grants.map((grant) => declareGrant(grant.to, `datasets/${grant.dataset}`, grant)),
    },
    existing: {
      users: people.existing,
      groups: Object.fromEntries(groups),
      keys: existingKeys(grants),
      buckets: [...new Set(grants.map(({ dataset }) => `dataset/${dataset}`))],
    },
    owns: (id) =>
      id.startsWith('team/') ||
      people.owns(id) ||
      direct.has(/^member\/([^/]+)\//.exec(id)?.[1] ?? '') ||
      aliases.has(id),
    places: [
      ...grantPlaces(grants).map(
        ([place, argument]) => [place, argument.replace('datasets', 'grants')] as const,
      ),
      ...people.places,
    ],
    // A group that exists already has members that need not be listed here.
    isForeign: (one) =>
      isAboutOwned(one) ||
      one.code.startsWith('EXISTING_KEY') ||
      (one.code === 'TEAM_EMPTY' && groups.length > 0),
  }
}
