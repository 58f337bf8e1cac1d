import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import type { Declaration, Plan } from '@ringfence/plan'
import { actorId, actorsOf, type Actor } from './actor.js'
import { asDeclared, readAnswer, readSignIn, type Answer } from './answer.js'
import { createClientPool } from './client-pool.js'
import type { Clients } from './clients.js'
import { createClock, type Clock } from './clock.js'
import { createCredentialDesk, type ActorCredentials, type CredentialDesk } from './credentials.js'
import { explain, linesOfPlan, type Authorizations, type Surprise } from './explain.js'
import { buildMatrix, type Matrix } from './matrix.js'
import { notesOf } from './notes.js'
import {
  findKeyIds,
  makeSeedWork,
  makeStranger,
  makeUndeclaredUser,
  outsidersOf,
  putSeedObjects,
  sendAs,
  targetOf,
} from './prepare.js'
import type { Probe } from './probe.js'
import { buildProbes, type ProbeList } from './probes.js'
import { noProgress, type Progress } from './progress.js'
import { runProbes, type Result } from './run-probes.js'
import { seedObjects, seedWork } from './seeds.js'
import type { Setting } from './setting.js'

export interface RehearsalOptions {
  /** The clock at the start and its pace. Epoch milliseconds. */
  readonly nowMs: () => number
  /** Whose probes are sent. Default: everybody's. */
  readonly only?: (actor: Actor) => boolean
  /**
   * Brings the plan into the account, and gives the keys that it issued, by member. Default: `local.load(plan)`;
   * a deployment by other means is rehearsed too, with the very keys that it hands over.
   */
  readonly deploy?: (local: LocalAws) => Promise<ReadonlyMap<string, LocalCredentials>>
  /** Puts further objects into the buckets, after the plan is loaded and before the probes. */
  readonly putData?: (local: LocalAws) => Promise<void>
  /** Ends the rehearsal early, with the answers so far. */
  readonly signal?: AbortSignal
  readonly progress?: Progress
  /** How many requests are under way at once. Default 8. */
  readonly concurrency?: number
}

/** What a rehearsal found. */
export interface Rehearsal {
  readonly organization: string
  /** True when it was ended before its last probe. */
  readonly cancelled: boolean
  readonly results: readonly Result[]
  readonly surprises: readonly Surprise[]
  readonly matrix: Matrix
  /** What a reader has to know to judge the result: what was left out, what cannot hold without a guardrail. */
  readonly notes: readonly string[]
}

/** A rehearsal whose local AWS still runs, its clock back at the present. */
export interface OpenRehearsal {
  readonly rehearsal: Rehearsal
  readonly local: LocalAws
  readonly desk: CredentialDesk
  readonly setting: Setting
  close(): Promise<void>
}

/** Tries a plan out against the declaration that it was made from, and takes everything down again. */
export async function rehearse(
  declaration: Declaration,
  plan: Plan,
  options: RehearsalOptions,
): Promise<Rehearsal> {
  const open = await openRehearsal(declaration, plan, options)
  await open.close()
  return open.rehearsal
}

/** The same, leaving the local AWS to the caller, who closes it. */
export async function openRehearsal(
  declaration: Declaration,
  plan: Plan,
  options: RehearsalOptions,
): Promise<OpenRehearsal> {
  const clock = createClock(options.nowMs)
  const authorizations = new Map<string, Authorizations>()
  options.progress?.step('Starting a local AWS')
  const local = await startLocalAws({
    account: declaration.account,
    region: declaration.region,
    nowMs: clock.nowMs,
    onEvent: ({ requestID, additionalEventData }) => {
      const decisions = additionalEventData?.authorization
      if (decisions !== undefined) authorizations.set(requestID, decisions)
    },
  })
  const clients = createClientPool()
  const close = async (): Promise<void> => {
    await clients.close()
    await local.close()
  }
  try {
    const run = { declaration, plan, options, clock, local, clients, authorizations }
    return { ...(await runRehearsal(run)), local, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Run {
  readonly declaration: Declaration
  readonly plan: Plan
  readonly options: RehearsalOptions
  readonly clock: Clock
  readonly local: LocalAws
  readonly clients: Clients
  readonly authorizations: ReadonlyMap<string, Authorizations>
}

async function runRehearsal(run: Run): Promise<Pick<OpenRehearsal, 'rehearsal' | 'desk' | 'setting'>> {
  const { declaration, plan, options, clock } = run
  const { setting, desk, list } = await prepare(run)
  const results = await runProbes(list.probes, {
    send: (probe) => sendProbe(run, desk, probe),
    moveClock: async (atMs, batch) => {
      if (atMs === setting.startMs) return
      await signInBefore(run, desk, atMs, batch)
      clock.set(atMs)
      run.clients.reset()
      desk.endSessions()
    },
    concurrency: options.concurrency ?? 8,
    signal: options.signal ?? new AbortController().signal,
    onProgress: (stage, done, total) => options.progress?.count(stage, done, total),
  })
  options.progress?.end()
  clock.set(options.nowMs())
  run.clients.reset()
  desk.endSessions()
  const linesOf = linesOfPlan(plan)
  const surprises = results
    .filter(({ probe, answer }) => !asDeclared(probe, answer))
    .map(({ probe, answer }) =>
      explain(probe, answer, run.authorizations.get(answer.requestId ?? ''), linesOf),
    )
  const rehearsal: Rehearsal = {
    organization: declaration.organization,
    cancelled: results.length < list.probes.length,
    results,
    surprises,
    matrix: buildMatrix(declaration, results),
    notes: notesOf(declaration, list.selection, surprises),
  }
  return { rehearsal, desk, setting }
}

/** Loads the plan, makes the outsiders, builds the probes, and puts what they will ask for. */
async function prepare(
  run: Run,
): Promise<{ readonly setting: Setting; readonly desk: CredentialDesk; readonly list: ProbeList }> {
  const { declaration, plan, options, clock, local, clients } = run
  const progress = options.progress ?? noProgress
  progress.step(`Loading the plan: ${plan.resources.length} resources`)
  const issued = (await (options.deploy?.(local) ?? local.load(plan))) ?? new Map<string, LocalCredentials>()
  const asRoot = sendAs(clients, targetOf(local, 'root', local.root, clock.nowMs))
  const outsideBucket = `ringfence-rehearsal-${declaration.account}`
  const { undeclared, stranger } = outsidersOf({ declaration })
  await makeUndeclaredUser(asRoot, undeclared)
  const strangersKey = await makeStranger(local, clients, stranger, outsideBucket, clock.nowMs)
  const setting: Setting = {
    declaration,
    plan,
    outsideBucket,
    keyIds: await findKeyIds(asRoot, plan),
    startMs: clock.nowMs(),
  }
  const actors = actorsOf(declaration)
  const list = buildProbes(setting, actors.filter(options.only ?? (() => true)))
  progress.step(`Preparing ${list.probes.length} probes`)
  await options.putData?.(local)
  await putSeedObjects(local, seedObjects(list.probes, outsideBucket))
  const issuedKeys = actors.flatMap((actor) => {
    const key = actor.kind === 'member' ? issued.get(actor.name) : undefined
    return key === undefined ? [] : [[actorId(actor), key] as const]
  })
  const desk = createCredentialDesk(
    local,
    setting,
    new Map([[actorId(stranger), strangersKey], ...issuedKeys]),
  )
  const asAdministrator = sendAs(clients, await administratorTarget(run, desk))
  await makeSeedWork(asAdministrator, seedWork(setting, list.probes))
  return { setting, desk, list }
}

/** The guardrail keeps even the account's root from passing execution roles; the administrators may. */
async function administratorTarget({ declaration, local, clock }: Run, desk: CredentialDesk) {
  const actor = actorsOf(declaration).find(({ kind }) => kind === 'administrator')
  if (actor === undefined) throw new Error('a declaration has at least one administrator')
  return targetOf(local, `${actorId(actor)} before`, await desk.of(actor), clock.nowMs)
}

/** How long before a probe the session began that it is sent with, milliseconds; an hour is the longest of all. */
const SESSION_AGE_MS = 600_000

/** Lets those sign in whose sessions have to be from before an instant. */
async function signInBefore(
  { clock }: Run,
  desk: CredentialDesk,
  atMs: number,
  batch: readonly Probe[],
): Promise<void> {
  const actors = new Map(
    batch.flatMap(({ actor, signedInBefore }) =>
      signedInBefore === true ? [[actorId(actor), actor] as const] : [],
    ),
  )
  if (actors.size === 0) return
  clock.set(atMs - SESSION_AGE_MS)
  desk.endSessions()
  for (const actor of actors.values()) await desk.signIn(actor)
}

/** Sends one probe as its actor; whatever goes wrong is the answer. */
async function sendProbe(run: Run, desk: CredentialDesk, probe: Probe): Promise<Answer> {
  const { local, clients, clock } = run
  let credentials: ActorCredentials
  try {
    credentials = await (probe.signedInBefore === true ? desk.before(probe.actor) : desk.of(probe.actor))
  } catch (error) {
    return readSignIn(probe, error)
  }
  try {
    if (probe.service === 'trust') {
      await local.issueRoleSession(probe.input as unknown as Parameters<LocalAws['issueRoleSession']>[0])
      return readAnswer(probe, { output: undefined })
    }
    const id = `${actorId(probe.actor)}${probe.signedInBefore === true ? ' before' : ''}`
    const target = targetOf(local, id, credentials, clock.nowMs, probe.transport)
    const output = await clients.send(target, probe.service, probe.operation, probe.input)
    return readAnswer(probe, { output })
  } catch (error) {
    return readAnswer(probe, { error })
  }
}
