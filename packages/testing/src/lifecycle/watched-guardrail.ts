import type { LocalAws, LocalCredentials } from '@ringfence/local'
import type { Plan } from '@ringfence/plan'

/** The service control policy of an account, looked at after every change. What is wrong is told in words. */
export class WatchedGuardrail {
  /** Whether the last update that was done left it attached. */
  #wasAttached = false

  /** `management`: of the account that governs the other one. */
  constructor(
    private readonly local: Pick<LocalAws, 'account' | 'call'>,
    private readonly management: LocalCredentials,
  ) {}

  /** After an update that is done. */
  async look(): Promise<void> {
    this.#wasAttached = await this.#isAttached()
  }

  /** After a change of the organization, with the plans of the files in play: between two that have one it stays. */
  async wrongSince(plans: readonly Plan[]): Promise<string | undefined> {
    const isWanted = plans.every(({ resources }) =>
      resources.some(({ type }) => type === 'organizations.Policy'),
    )
    if (!this.#wasAttached || !isWanted || (await this.#isAttached())) return undefined
    return 'the guardrail is detached'
  }

  async #isAttached(): Promise<boolean> {
    const { account: TargetId, call } = this.local
    const Filter = 'SERVICE_CONTROL_POLICY'
    const input = { Filter, TargetId } as const
    const { Policies = [] } = await call(this.management, 'organizations', 'ListPoliciesForTarget', input)
    return Policies.some(({ AwsManaged }) => AwsManaged !== true)
  }
}
