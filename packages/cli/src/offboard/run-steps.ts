import type { IAM } from '@aws-sdk/client-iam'
import type { Step } from '@ringfence/lifecycle'

/** What says that there is nothing left to take away. */
const gone = new Set(['NoSuchEntityException', 'NoSuchEntity'])

/**
 * Sends the steps one after the other, and tells each that is done. Ends between two steps where the signal says so:
 * what is done stays done, and the same steps may be read and sent again.
 */
export async function runSteps(
  iam: IAM,
  steps: readonly Step[],
  onDone: (step: Step) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const step of steps) {
    if (signal?.aborted === true) return false
    try {
      await send(iam, step)
    } catch (error) {
      if (!(error instanceof Error && gone.has(error.name))) throw error
    }
    onDone(step)
  }
  return true
}

/** A step is named as its operation, and its input spelled as IAM's. */
async function send(iam: IAM, { operation, input }: Step): Promise<void> {
  const method = `${operation.slice(0, 1).toLowerCase()}${operation.slice(1)}` as Uncapitalize<
    Step['operation']
  >
  await (iam[method] as (input: Readonly<Record<string, string>>) => Promise<unknown>)(input)
}
