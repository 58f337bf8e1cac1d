import { isDeepStrictEqual } from 'node:util'
import {
  declaredKeys,
  keptAfter,
  keptAfterRevocation,
  keptWith,
  nextStep,
  type Noted,
  runsOf,
} from '@ringfence/lifecycle'
import { startLocalAws, type LocalAws } from '@ringfence/local'
import { nothingKept, type AccessSummary, type Declaration, type Kept, type Plan } from '@ringfence/plan'
import { keptOf } from '@ringfence/pulumi/deploy'
import { sorted } from '../engine/iam-state.js'
import { Provider } from '../pulumi-resource-aws/provider.js'
import { accessKeyWith } from '../pulumi-resource-aws/iam/access-key.js'
import { resourceTypes } from '../pulumi-resource-aws/resource-types.js'
import { type AccessView, isSameView, viewOfPlan } from './access-view.js'
import { accountKeys } from './account-keys.js'
import { AccountReader } from './account-reader.js'
import { differenceOf, stateOf } from './account-state.js'
import { provisionSets } from './repair-center.js'
import { findLeftOver } from './find-left-over.js'
import { InProcessAws, Killed, type Change, type Killing } from './in-process-aws.js'
import { type PlannedState, plannedState } from './planned-state.js'
import { encryptForSomePgpKey } from './recipients.js'
import { askedBy, keyOf, type ProgramOutput } from './registrations.js'
import { type Administrators, prepareAccount } from './prepare-account.js'
import type { SeededFault } from './seeded-faults.js'
import { SmallEngine, type Pick, urnOf } from './small-engine.js'
import {
  account,
  declare,
  keyHolder,
  names,
  plannedOnce,
  printOrganization,
  vouchers,
  type SmallOrganization,
} from './small-organization.js'
import { WatchedGuardrail } from './watched-guardrail.js'
import { WatchedKeys } from './watched-keys.js'
import { mayTakeOn, nothing, whatIsAllowed, type Credential } from './what-is-allowed.js'

/** A declared file at an instant. */
interface Declared {
  readonly organization: SmallOrganization
  readonly declaration: Declaration
  /** What the file gives: nothing that is kept beside it takes away from that. */
  readonly gives: AccessView
}

/** What a program gives out: what it notes of the access that it gives, for the update after it, and more. */
interface Note {
  readonly access: Noted['access']
  readonly outputs: Readonly<Record<string, ProgramOutput>>
}

/** How an update goes: which of the steps that could be next is, and where it is killed. */
export interface Course {
  readonly pick: Pick
  readonly killing: Killing
  /** Whether keys are rotated by it. */
  readonly rotates: boolean
  /** Whether keys are revoked by it; one that was killed is made again by whatever update is the next. */
  readonly revokes: boolean
}

type Session = Credential & { readonly kind: 'session' }

const accessKey = accessKeyWith(encryptForSomePgpKey)
const types = resourceTypes.map((one) => (one.token === accessKey.token ? accessKey : one))
const region = 'eu-west-1'
const sessionMs = 3_600_000

/** An account to which files are deployed one after another, and which is looked at after every change. */
export class SmallLife {
  /** The files that an update is on its way from and to; one when it is done. */
  #inPlay: readonly Declared[] = []
  #sessions: readonly Session[] = []
  #pick: Pick = () => 0
  /** Whether keys are revoked, and the stack does not know it yet. */
  #revokes = false
  readonly #aws: InProcessAws
  readonly #engine: SmallEngine
  readonly #reader: AccountReader
  readonly #keys: WatchedKeys
  readonly #guardrail: WatchedGuardrail

  private constructor(
    private readonly local: LocalAws,
    { administrator, management }: Administrators,
    private readonly clock: { nowMs: number },
    private readonly fault: SeededFault,
    /** What was in the account before anything was deployed. */
    private readonly before: PlannedState,
  ) {
    this.#reader = new AccountReader(local, management)
    this.#aws = new InProcessAws(local, administrator, (change) => this.#after(change), management)
    // Looked at as who deploys, also once that one is killed.
    this.#keys = new WatchedKeys(local, new InProcessAws(local, administrator, async () => {}))
    this.#guardrail = new WatchedGuardrail(local, management)
    this.#engine = new SmallEngine(new Provider(types, [], this.#aws), account, () => clock.nowMs)
  }

  /** An empty account but for who deploys and the identity providers. */
  static async start(nowMs: number, fault: SeededFault = {}): Promise<SmallLife> {
    const clock = { nowMs }
    const local = await startLocalAws({ account, region, nowMs: () => clock.nowMs })
    const administrators = await prepareAccount(local, nowMs)
    const root = new InProcessAws(local, local.root, async () => {}, administrators.management)
    const before = await stateOf(root)
    const life = new SmallLife(local, administrators, clock, fault, before)
    await life.#reader.read()
    return life
  }

  get nowMs(): number {
    return this.clock.nowMs
  }

  wait(milliseconds: number): void {
    this.clock.nowMs += milliseconds
  }

  /**
   * Deploys a file as `up` does: closes what was left open, and has a second run where somebody leaves a role. Gives how
   * many changing calls it took, and whether it came to its end. Throws where somebody has what no file in play gives.
   */
  async deploy(
    organization: SmallOrganization,
    { killing, pick, revokes, rotates }: Course,
  ): Promise<{ readonly isDone: boolean; readonly calls: number }> {
    const target = this.#declared(organization)
    this.#inPlay = [...this.#inPlay.filter((one) => one !== target), target]
    this.#pick = pick
    this.#aws.arm(killing)
    this.#revokes ||= revokes
    try {
      if (this.#revokes) await this.#deactivateKeys()
      await this.#up(target, rotates)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      this.#mustBeRight(this.#keys.inTheClear(this.#engine.clear), () => 'an update that was killed')
      return { isDone: false, calls: this.#aws.calls }
    }
    if (this.#aws.isKilled) throw new Error('an update went on after it was killed')
    this.#inPlay = [target]
    this.#revokes = false
    await this.#guardrail.look()
    this.#mustBeRight(await this.#wrongKeys(target), () => 'the update')
    const view = this.#reader.view()
    this.#nobodyHasMore(view, () => 'the update')
    this.#everybodyHasAll(view, target)
    return { isDone: true, calls: this.#aws.calls }
  }

  /**
   * Throws where the account is not as it would be if it had only ever seen the last file, or not as it was seen after
   * each change.
   */
  async compare(): Promise<void> {
    this.#aws.arm(() => undefined)
    const seen = this.#reader.view()
    if (!isSameView(seen, await this.#reader.read()))
      throw new Error(`a change was overlooked:\n${this.#files()}`)
    this.#mustBeSame('deployed and planned', await stateOf(this.#aws), this.#planned(this.#lastPlan()))
  }

  /** Throws where a fresh account to which the last file is deployed is not as `compare` takes it to be. */
  async compareFresh(): Promise<void> {
    const plan = this.#lastPlan()
    const nowMs = () => this.nowMs
    const local = await startLocalAws({ account, region, nowMs })
    try {
      const { administrator, management } = await prepareAccount(local, this.nowMs)
      const aws = new InProcessAws(local, administrator, async () => {}, management)
      const engine = new SmallEngine(new Provider(types, [], aws), account, nowMs)
      const { registrations } = await askedBy(plan)
      await engine.update(registrations, undefined, () => 0)
      // A guardrail keeps root from looking at secrets.
      this.#mustBeSame('fresh and planned', await stateOf(aws), this.#planned(plan))
    } finally {
      await local.close()
    }
  }

  async #wrongKeys({ declaration }: Declared): Promise<string | undefined> {
    const { clear, noted, resources } = this.#engine
    const outputs = (await this.#engine.tell((noted as Note).outputs)) as Note['outputs']
    return this.#keys.inTheClear(clear) ?? (await this.#keys.wrongAfter(declaration, { outputs, resources }))
  }

  /** A file that is in play already, and in which nothing has ended since, is the same one. */
  #declared(organization: SmallOrganization): Declared {
    const declaration = declare(organization, this.nowMs)
    const known = this.#inPlay.find((one) => isDeepStrictEqual(one.declaration, declaration))
    return known ?? { organization, declaration, gives: viewOfPlan(plannedOnce(declaration, nothingKept)) }
  }

  #lastPlan(): Plan {
    const file = this.#inPlay.at(-1)
    if (file === undefined) throw new Error('nothing was deployed')
    return plannedOnce(file.declaration, this.#kept())
  }

  /** What was there before anything was deployed, and what a plan makes. */
  #planned(plan: Plan): PlannedState {
    const planned = plannedState(plan)
    const users = sorted({ ...this.before.users, ...planned.users })
    return { ...planned, users, policies: sorted({ ...this.before.policies, ...planned.policies }) }
  }

  #mustBeSame(which: string, one: PlannedState, other: PlannedState): void {
    if (!isDeepStrictEqual(one, other))
      throw new Error(`${differenceOf(one, other)}, ${which}:\n${this.#files()}`)
  }

  close(): Promise<void> {
    return this.local.close()
  }

  async #up(target: Declared, rotates: boolean): Promise<void> {
    const known = new Set(this.#engine.resources.map(({ id }) => id))
    if (this.fault.leaves !== 'unprovisionedSets') await provisionSets(this.#engine.state, this.#aws)
    await this.#engine.repair((resource) => findLeftOver(resource, known, this.#aws, this.fault))
    const note = (this.#engine.noted ?? {}) as Partial<Note>
    const kept = await this.#keptFor(target.declaration, rotates)
    const resources = this.#engine.resources
    const planOfRun = (one: Declaration) => plannedOnce(one, kept)
    const { noted = (access) => access } = this.fault
    const told = (access: AccessSummary | undefined) => access && noted(access, planOfRun(target.declaration))
    const notes = { access: told(note.access), kept, resources }
    const runs = runsOf(target.declaration, notes, planOfRun)
    for (const run of this.fault.runs?.(runs) ?? runs) {
      const keptNow = { ...this.#kept(), accessKeys: kept.accessKeys }
      await this.#run(plannedOnce(run.declaration, keptWith(keptNow, run, this.#nextSecond())))
    }
  }

  async #run(plan: Plan): Promise<void> {
    const { registration = (asked) => asked } = this.fault
    const { outputs, registrations: asked } = await askedBy(this.fault.plan?.(plan) ?? plan)
    const recorded = new Map(this.#engine.resources.map(({ inputs, urn }) => [urn, inputs]))
    const registrations = asked.map((one) =>
      registration(one, recorded.get(urnOf(keyOf(one.type, one.name)))),
    )
    const note: Note = { access: plan.access, outputs }
    await this.#engine.update(registrations, note, this.#pick)
  }

  /** What the state says is kept beside the file. */
  #kept(): Kept {
    return keptOf(this.#engine.state, 'lab')
  }

  /** By IAM itself and before anything else, as `keys revoke` has it. */
  async #deactivateKeys(): Promise<void> {
    this.#keys.areEnded()
    const iam = await this.#aws.iam()
    for (const { id: AccessKeyId } of await accountKeys(this.local))
      await iam.updateAccessKey({ UserName: keyHolder, AccessKeyId, Status: 'Inactive' })
  }

  /** What is to be kept once keys are revoked, or every rotation has taken its next step: `keys revoke`, `keys rotate`. */
  async #keptFor(declaration: Declaration, rotates: boolean): Promise<Kept> {
    const kept = this.#kept()
    if (!this.#revokes && !rotates) return kept
    const stack = { declaration, kept, resources: this.#engine.resources }
    const onAws = await accountKeys(this.local)
    if (this.#revokes) {
      const revoked = declaredKeys(stack, onAws).map(({ keys, member }) => {
        const generations = keys.flatMap((key) => (key.onAws === undefined ? [] : [key.generation]))
        return [member, keptAfterRevocation(keys, generations, this.#nextSecond())] as const
      })
      return { ...kept, accessKeys: { ...kept.accessKeys, ...Object.fromEntries(revoked) } }
    }
    const nowMs = this.nowMs
    const rotate = this.fault.rotation ?? keptAfter
    const { keys: known = (keys) => keys } = this.fault
    const changed = declaredKeys(stack, onAws).flatMap(({ leftover, member, rules, undeclared, ...of }) => {
      const keys = known(of.keys)
      const question = { keys, leftover, undeclared: undeclared.length, rules, nowMs, force: false }
      const step = nextStep({ ...question, begin: 'always' })
      return step.kind === 'step' ? [[member, rotate(keys, step, this.#nextSecond())] as const] : []
    })
    return { ...kept, accessKeys: { ...kept.accessKeys, ...Object.fromEntries(changed) } }
  }

  /** A second passes, and people who may take on a role do so now and then. */
  async #after(change: Change): Promise<void> {
    this.clock.nowMs += 1000
    const inPlay = this.#inPlay.map(({ declaration }) => declaration)
    this.#mustBeRight(await this.#keys.wrongSince(change, inPlay), () => change.operation)
    if (change.service === 'organizations') {
      const plans = inPlay.map((file) => plannedOnce(file, nothingKept))
      this.#mustBeRight(await this.#guardrail.wrongSince(plans), () => change.operation)
    }
    const view = await this.#reader.readAfter(change)
    const couldBegin = this.#sessionsFromNow(view)
    this.#nobodyHasMore(view, () => `${change.operation} ${JSON.stringify(change.input)}`, couldBegin)
    for (const session of couldBegin) if (this.#pick(4) === 0) this.#keep(session)
  }

  /** Those that people would have if they took on a role now. */
  #sessionsFromNow({ roles }: AccessView): readonly Session[] {
    const [issuedAtMs, endsAtMs] = [this.nowMs, this.nowMs + sessionMs]
    return [...roles.values()].flatMap((role) =>
      [...vouchers.values()]
        .filter((voucher) => mayTakeOn(role, voucher, this.nowMs))
        .map(({ name }): Session => ({
          kind: 'session',
          name,
          role: role.name,
          roleId: role.uniqueId,
          issuedAtMs,
          endsAtMs,
        })),
    )
  }

  /** Of the sessions that somebody has of a role, the first and the last one tell all. */
  #keep(session: Session): void {
    const { name, role } = session
    const first = this.#sessions.find((one) => one.name === name && one.role === role)
    const others = this.#sessions.filter((one) => one === first || one.name !== name || one.role !== role)
    this.#sessions = [...others, session]
  }

  /** Nobody may be allowed what none of the files in play allows them at this instant. */
  #nobodyHasMore(view: AccessView, when: () => string, couldBegin: readonly Session[] = []): void {
    const now = this.nowMs
    this.#sessions = this.#sessions.filter(
      ({ endsAtMs, role, roleId }) => endsAtMs > now && view.roles.get(role)?.uniqueId === roleId,
    )
    const users = names.map((name): Credential => ({ kind: 'user', name }))
    for (const credential of [...users, ...this.#sessions, ...couldBegin]) {
      const had = whatIsAllowed(view, credential, now)
      if (had.size === 0) continue
      const given = this.#inPlay.map(({ gives }) => givenBy(gives, credential, now))
      if (given.includes(had)) continue
      const more = [...had].filter((request) => !given.some((one) => one.has(request)))
      if (more.length > 0)
        throw new Error(
          `after ${when()}, ${JSON.stringify(credential)} may ${more.join(', ')}, which no file gives:\n${this.#files()}`,
        )
    }
  }

  /** Once an update is done, users and new sessions have all that the file gives. */
  #everybodyHasAll(view: AccessView, { gives }: Declared): void {
    const now = this.nowMs + 1000
    const credentials = [
      ...names.map((name): Credential => ({ kind: 'user', name })),
      ...[...gives.roles.values()].flatMap(({ name: role }) =>
        [...vouchers.keys()].map((name): Credential => ({
          kind: 'session',
          name,
          role,
          roleId: view.roles.get(role)?.uniqueId,
          issuedAtMs: now,
          endsAtMs: now + sessionMs,
        })),
      ),
    ]
    for (const credential of credentials) {
      const given = givenBy(gives, credential, now)
      if (given.size === 0) continue
      const had = whatIsAllowed(view, credential, now)
      const lacking = [...given].filter((request) => !had.has(request))
      if (lacking.length > 0)
        throw new Error(`${JSON.stringify(credential)} may not ${lacking.join(', ')}:\n${this.#files()}`)
    }
  }

  #mustBeRight(wrong: string | undefined, when: () => string): void {
    if (wrong !== undefined) throw new Error(`after ${when()}, ${wrong}:\n${this.#files()}`)
  }

  #files(): string {
    return this.#inPlay.map(({ organization }) => printOrganization(organization)).join('---\n')
  }

  /** The end of the second, as `up` has it: sessions tell their time of issue in whole ones. */
  #nextSecond(): string {
    return `${new Date(Math.floor(this.nowMs / 1000) * 1000 + 1000).toISOString().slice(0, 19)}Z`
  }
}

/** What a file gives somebody at an instant; in a session only to whom the file lets take on the role. */
function givenBy(gives: AccessView, credential: Credential, nowMs: number): ReadonlySet<string> {
  if (credential.kind === 'session') {
    const role = gives.roles.get(credential.role)
    const voucher = vouchers.get(credential.name)
    if (role === undefined || voucher === undefined || !mayTakeOn(role, voucher, nowMs)) return nothing
  }
  return whatIsAllowed(gives, credential, nowMs)
}
