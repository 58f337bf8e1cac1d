import type { Platform } from '@ringfence/plan'
import type { Actor } from './actor.js'
import { denied, undeclaredMay, type Expectations } from './expectations.js'
import type { Expectation, Observation, Probe } from './probe.js'
import { namesOf, TEAM_TAG, type Setting } from './setting.js'
import { endpointConfiguration, model, RUNNING, STOPPABLE, trainingJob } from './work-requests.js'

/** What one actor is asked to do on one platform at one instant. */
export interface PlatformRound {
  readonly setting: Setting
  readonly expectations: Expectations
  readonly actor: Actor
  readonly platform: Platform
  readonly atMs: number
  /** Gives a name that no other probe of this rehearsal has: what is made must be new. */
  readonly freshName: () => string
}

export type PlatformCapability = 'train' | 'deploy' | 'invoke'

/** A team that no file can declare by accident: whoever is in no team of that name has nothing there. */
export const NOBODYS_TEAM = 'nobodys-team'

/**
 * Whose work an actor is asked to touch on a platform: that of their own teams and grants, that of one other
 * who may work there (or else any other team), and nobody's where anything there is granted to them.
 */
function ownersFor({ setting, expectations, actor, platform }: PlatformRound): readonly string[] {
  const { teams, grants } = setting.declaration
  const self = actor.kind === 'member' ? actor.name : ''
  const own = teams.filter(({ members }) => members.includes(self)).map(({ name }) => name)
  const holders = grants
    .filter(({ on }) => on.kind === 'platform' && on.name === platform.name)
    .map(({ to }) => to.name)
  const isOwn = (name: string) => name === self || own.includes(name)
  const other = [...holders, ...teams.map(({ name }) => name)].find((name) => !isOwn(name)) ?? NOBODYS_TEAM
  const granted = expectations
    .accessOf(actor)
    .some(({ on }) => on.kind === 'platform' && on.name === platform.name)
  return [
    ...new Set([
      ...own,
      ...holders.filter((name) => name === self),
      other,
      ...(granted ? [NOBODYS_TEAM] : []),
    ]),
  ]
}

/**
 * Train, deploy and invoke as the actor's own teams, as one other that may work there, and as nobody's; and the
 * granted ones again with one thing wrong.
 */
export function platformProbes(round: PlatformRound): readonly Probe[] {
  return ownersFor(round).flatMap((owner) =>
    trainProbes(round, owner).concat(deployProbes(round, owner), invokeProbe(round, owner)),
  )
}

function trainProbes(round: PlatformRound, owner: string): readonly Probe[] {
  const may = mayAs(round, 'train', owner)
  const mayHandle = handles(round, 'train', owner)
  const where = `${owner}'s training job on ${round.platform.name}`
  const running = namesOf(round.setting.declaration).work(round.platform.name, owner, RUNNING)
  return [
    startProbe(round, owner, 'train'),
    probe(round, `stop ${where}`, 'sagemaker', 'StopTrainingJob', {
      input: { TrainingJobName: mayHandle.expected === 'allowed' ? freshRunning(round, owner) : running },
      expectation: mayHandle,
    }),
    describeProbe(round, owner),
    ...(may.expected === 'allowed' ? wrongTrainProbes(round, owner) : []),
  ]
}

/** Looks at an owner's job; who may look at nobody's administers the platform. */
export function describeProbe(round: PlatformRound, owner: string): Probe {
  const { platform } = round
  return probe(
    round,
    `describe ${owner}'s training job on ${platform.name}`,
    'sagemaker',
    'DescribeTrainingJob',
    {
      input: { TrainingJobName: namesOf(round.setting.declaration).work(platform.name, owner, RUNNING) },
      expectation: handles(round, 'train', owner),
      ...(owner === NOBODYS_TEAM
        ? {
            observes: {
              on: { kind: 'platform', name: platform.name },
              capability: 'administer',
              under: '',
            } as const,
          }
        : {}),
    },
  )
}

function handles(round: PlatformRound, capability: 'train' | 'deploy', owner: string): Expectation {
  const { expectations, actor, platform, atMs } = round
  return expectations.mayHandleWork(actor, capability, platform.name, owner, atMs)
}

/** One start of a training job, or creation of a model, under an owner's name, tag and role. */
export function startProbe(round: PlatformRound, owner: string, capability: 'train' | 'deploy'): Probe {
  const expectation = mayAs(round, capability, owner)
  const observes = observation(round, capability, owner)
  if (capability === 'train')
    return probe(
      round,
      `start ${owner}'s training job on ${round.platform.name}`,
      'sagemaker',
      'CreateTrainingJob',
      {
        input: trainingJob(round.setting, round.platform, owner, round.freshName()),
        expectation,
        ...observes,
      },
    )
  return probe(round, `make ${owner}'s model on ${round.platform.name}`, 'sagemaker', 'CreateModel', {
    input: model(round.setting, round.platform, owner, round.freshName()),
    expectation,
    ...observes,
  })
}

/** A granted start with one thing wrong: the tag missing, another team's, another name, another role. */
function wrongTrainProbes(round: PlatformRound, owner: string): readonly Probe[] {
  const { setting, platform } = round
  const job = () => trainingJob(setting, platform, owner, round.freshName())
  const wrong = (what: string, input: Readonly<Record<string, unknown>>): Probe =>
    probe(
      round,
      `start ${owner}'s training job on ${platform.name} ${what}`,
      'sagemaker',
      'CreateTrainingJob',
      {
        input,
        expectation: denied(
          [...mayAs(round, 'train', owner).because, platform.declaredAt],
          `a job of ${owner} carries its name, its tag and the platform's own role`,
        ),
      },
    )
  const { Tags: _tags, ...untagged } = job()
  const names = namesOf(setting.declaration)
  return [
    wrong('without its tag', untagged),
    wrong("with nobody's tag", { ...job(), Tags: [{ Key: TEAM_TAG, Value: NOBODYS_TEAM }] }),
    wrong('outside of its names', {
      ...job(),
      TrainingJobName: `${platform.name}-${owner}-${round.freshName()}`,
    }),
    ...otherRoles(round).map((role) =>
      wrong(`with the role ${role}`, { ...job(), RoleArn: names.roleArn(role) }),
    ),
  ]
}

/** The other platforms' roles and the first team role: none of them may be passed to this platform's jobs. */
function otherRoles({ setting, platform }: PlatformRound): readonly string[] {
  const { declaration, plan } = setting
  const names = namesOf(declaration)
  const others = declaration.platforms
    .filter(({ name }) => name !== platform.name)
    .map(({ name }) => names.executionRole(name))
  const team = declaration.teams
    .map(({ name }) => names.teamRole(name))
    .find((role) => plan.resources.some((one) => one.type === 'iam.Role' && one.name === role))
  return team === undefined ? others : [...others, team]
}

function deployProbes(round: PlatformRound, owner: string): readonly Probe[] {
  const { setting, platform } = round
  const expectation = mayAs(round, 'deploy', owner)
  const names = namesOf(setting.declaration)
  const Tags = [{ Key: TEAM_TAG, Value: owner }]
  const running = names.work(platform.name, owner, RUNNING)
  return [
    startProbe(round, owner, 'deploy'),
    probe(
      round,
      `make ${owner}'s endpoint configuration on ${platform.name}`,
      'sagemaker',
      'CreateEndpointConfig',
      {
        input: endpointConfiguration(names.work(platform.name, owner, round.freshName()), running, Tags),
        expectation,
      },
    ),
    probe(round, `make ${owner}'s endpoint on ${platform.name}`, 'sagemaker', 'CreateEndpoint', {
      input: {
        EndpointName: names.work(platform.name, owner, round.freshName()),
        EndpointConfigName: running,
        Tags,
      },
      expectation,
    }),
    probe(round, `describe ${owner}'s endpoint on ${platform.name}`, 'sagemaker', 'DescribeEndpoint', {
      input: { EndpointName: running },
      expectation: handles(round, 'deploy', owner),
    }),
  ]
}

/** One call of an owner's endpoint. No container answers it here, so an allowed call ends in ModelError. */
export function invokeProbe(round: PlatformRound, owner: string): Probe {
  const expectation = mayAs(round, 'invoke', owner)
  return probe(
    round,
    `invoke ${owner}'s endpoint on ${round.platform.name}`,
    'sagemaker-runtime',
    'InvokeEndpoint',
    {
      input: {
        EndpointName: namesOf(round.setting.declaration).work(round.platform.name, owner, RUNNING),
        Body: '{}',
        ContentType: 'application/json',
      },
      expectation,
      pastAuthorization: ['ModelError'],
      ...observation(round, 'invoke', owner),
    },
  )
}

function mayAs(round: PlatformRound, capability: PlatformCapability, owner: string): Expectation {
  const { expectations, actor, platform, atMs } = round
  return expectations.mayOnPlatform(actor, capability, platform.name, owner, atMs)
}

/** What is done under nobody's name says nothing about what an actor can do on the platform. */
function observation(
  round: PlatformRound,
  capability: PlatformCapability,
  owner: string,
): { readonly observes?: Observation } {
  if (owner === NOBODYS_TEAM) return {}
  const on = { kind: 'platform', name: round.platform.name } as const
  // Whoever may invoke may invoke everybody's endpoints: it ends for all of them at once.
  const whose = capability === 'invoke' ? {} : { as: owner }
  return { observes: { on, capability, under: '', ...whose } }
}

/**
 * The way to data through a job: whoever may pass an execution role can have its data read. AdministratorAccess
 * passes every role of the account, and handles every job and endpoint, unless the organization's guardrail stands
 * against it.
 */
export function undeclaredWorkProbes(round: PlatformRound): readonly Probe[] {
  const { declaration } = round.setting
  const expectation = undeclaredMay(declaration)
  const { name } = round.platform
  const running = namesOf(round.setting.declaration).work(name, NOBODYS_TEAM, RUNNING)
  return [
    probe(round, `describe a training job on ${name}`, 'sagemaker', 'DescribeTrainingJob', {
      input: { TrainingJobName: running },
      expectation,
    }),
    probe(round, `describe an endpoint on ${name}`, 'sagemaker', 'DescribeEndpoint', {
      input: { EndpointName: running },
      expectation,
    }),
    probe(round, `start a training job with ${name}'s execution role`, 'sagemaker', 'CreateTrainingJob', {
      input: trainingJob(round.setting, round.platform, NOBODYS_TEAM, round.freshName()),
      expectation,
    }),
    probe(round, `make a model with ${name}'s execution role`, 'sagemaker', 'CreateModel', {
      input: model(round.setting, round.platform, NOBODYS_TEAM, round.freshName()),
      expectation,
    }),
  ]
}

/** The name of a job that is made for this one probe, because a job can be stopped once. */
function freshRunning(round: PlatformRound, owner: string): string {
  return namesOf(round.setting.declaration).work(
    round.platform.name,
    owner,
    `${STOPPABLE}${round.freshName()}`,
  )
}

function probe(
  round: PlatformRound,
  description: string,
  service: Probe['service'],
  operation: string,
  rest: Pick<Probe, 'input' | 'expectation' | 'observes' | 'pastAuthorization'>,
): Probe {
  return {
    actor: round.actor,
    stage: 'platform',
    description,
    service,
    operation,
    transport: 'tls',
    atMs: round.atMs,
    ...rest,
  }
}
