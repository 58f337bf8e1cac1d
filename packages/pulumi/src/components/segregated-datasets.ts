import * as pulumi from '@pulumi/pulumi'
import { componentTypes } from '../component-types.js'
import { registerResources } from '../register/register-plan.js'
import { toOutput } from '../register/registered-plan.js'
import { declareGrant } from './dataset-grant.js'
import { People, isAboutOwned, refuseOwned } from './people.js'
import type { Piece, PieceArgs } from './piece.js'
import { organizationOf, planPiece } from './piece.js'
import { readPrincipal } from './principal-arn.js'
import { accountProvider } from './providers.js'
import { warn } from './refuse.js'

/** A team and its dataset. */
export interface SegregatedTeam {
  /** Names of members, who become IAM users, and ARNs of IAM users that exist already. */
  readonly members: string[]
  /** What they may do with their dataset: `read`, `write`, `delete`, `administer`. Default: `read`. */
  readonly can?: string[]
  /** ARN of an IAM group that exists already, instead of one that is made. */
  readonly group?: string
  /** Name of the dataset; default: the team's with `-data`. */
  readonly dataset?: string
  /** Name of the bucket; default: organization, dataset and suffix. */
  readonly bucket?: string
  /** `s3`, or `kms` for a key of its own. Default `s3`. */
  readonly encryption?: string
  /** Whether taking the dataset down may delete its objects. Default: no, and AWS refuses while there are any. */
  readonly destroyWithObjects?: boolean
}

/** Arguments of `SegregatedDatasets`. */
export interface SegregatedDatasetsArgs extends PieceArgs {
  /** The teams, by name. */
  readonly teams: { [name: string]: SegregatedTeam }
}

/**
 * One dataset a team, each with a fence that lets in that team alone; a member of two teams is refused. Outputs are
 * by team.
 */
export class SegregatedDatasets extends pulumi.ComponentResource {
  /** Names of the buckets, by team. */
  readonly bucketNames: pulumi.Output<Record<string, string>>
  /** `https://BUCKET.s3.REGION.amazonaws.com/`, by team; for signed requests, nothing is public. */
  readonly bucketUrls: pulumi.Output<Record<string, string>>
  /** Names of the IAM groups that the component makes, by team. */
  readonly groupNames: pulumi.Output<Record<string, string>>
  /** ARNs of the IAM users that the component makes, by member. */
  readonly userArns: pulumi.Output<Record<string, string>>

  constructor(name: string, args: SegregatedDatasetsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, warnings } = planPiece(name, args, () => describe(name, args))
    super(componentTypes.segregatedDatasets, name, {}, opts)
    warn(this, warnings)
    const outputs = registerResources(plan, {
      name,
      parent: this,
      provider: accountProvider(this, name, plan),
    })
    const byTeam = (list: ReadonlyMap<string, pulumi.Output<string>>) =>
      toOutput(
        new Map(
          Object.entries(args.teams).flatMap(([team, { dataset }]) => {
            const value = list.get(datasetOf(team, dataset))
            return value === undefined ? [] : [[team, value] as const]
          }),
        ),
      )
    this.bucketNames = byTeam(outputs.bucketNames)
    this.bucketUrls = byTeam(outputs.bucketUrls)
    this.groupNames = toOutput(outputs.groupNames)
    this.userArns = toOutput(outputs.userArns)
    const { bucketNames, bucketUrls, groupNames, userArns } = this
    this.registerOutputs({ bucketNames, bucketUrls, groupNames, userArns })
  }
}

const datasetOf = (team: string, dataset: string | undefined): string => dataset ?? `${team}-data`

function describe(name: string, args: SegregatedDatasetsArgs): Piece {
  const teams = Object.entries(args.teams)
  const people = new People(name, organizationOf(name, args))
  const places: [string, string][] = []
  const groups: [string, string][] = []
  const lists = teams.map(([team, { members, group, dataset }], index) => {
    places.push(
      [`teams.${team}`, `teams.${team}.members`],
      [`datasets.${datasetOf(team, dataset)}`, `teams.${team}`],
      [`grants[${index}]`, `teams.${team}`],
      ['guarantees[0]', 'teams'],
    )
    if (group !== undefined) {
      refuseOwned(name, `teams.${team}.group`, readPrincipal(name, `teams.${team}.group`, group, ['group']))
      groups.push([team, group])
    }
    return [team, members.map((entry, at) => people.add(entry, `teams.${team}.members[${at}]`))]
  })
  return {
    sections: {
      members: people.members,
      teams: Object.fromEntries(lists),
      datasets: Object.fromEntries(
        teams.map(([team, { dataset, bucket, encryption, destroyWithObjects }]) => [
          datasetOf(team, dataset),
          {
            owner: team,
            ...(bucket === undefined ? {} : { bucket }),
            ...(encryption === undefined ? {} : { encryption }),
            ...(destroyWithObjects === undefined ? {} : { destroyWithObjects }),
          },
        ]),
      ),
      grants: teams.map(([team, { can = ['read'], dataset }]) =>
        declareGrant(`teams/${team}`, `datasets/${datasetOf(team, dataset)}`, { can }),
      ),
      guarantees: [{ separate: teams.map(([team, { dataset }]) => `datasets/${datasetOf(team, dataset)}`) }],
    },
    existing: { users: people.existing, groups: Object.fromEntries(groups) },
    owns: (id) => id.startsWith('dataset/') || id.startsWith('team/') || people.owns(id),
    places: [...places, ...people.places],
    isForeign: isAboutOwned,
  }
}
