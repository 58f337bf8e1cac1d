import type { Answer } from './answer.js'
import type { Probe, Stage } from './probe.js'

/** A probe with what AWS answered. */
export interface Result {
  readonly probe: Probe
  readonly answer: Answer
}

export interface RunOptions {
  /** Sends one probe; never rejects but for defects. */
  readonly send: (probe: Probe) => Promise<Answer>
  /** Called before the probes of each instant, with all others answered. */
  readonly moveClock: (atMs: number, batch: readonly Probe[]) => Promise<void>
  /** How many are under way at once. */
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly onProgress?: (stage: Stage, done: number, total: number) => void
}

/**
 * Sends all probes, stage by stage and instant by instant, in the order given; answers come in that order
 * too. Ends early, with what there is, when `signal` is aborted.
 */
export async function runProbes(probes: readonly Probe[], options: RunOptions): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const batch of batchesOf(probes)) {
    if (options.signal.aborted) break
    const [first] = batch
    if (first === undefined) continue
    await options.moveClock(first.atMs, batch)
    results.push(...(await runBatch(batch, options, results.length, probes.length)))
  }
  return results
}

/** Runs of probes with the same stage and clock. */
function batchesOf(probes: readonly Probe[]): readonly (readonly Probe[])[] {
  const batches: Probe[][] = []
  for (const probe of probes) {
    const last = batches.at(-1)
    if (last?.[0]?.stage === probe.stage && last[0].atMs === probe.atMs) last.push(probe)
    else batches.push([probe])
  }
  return batches
}

async function runBatch(
  batch: readonly Probe[],
  options: RunOptions,
  before: number,
  total: number,
): Promise<readonly Result[]> {
  const answers: (Result | undefined)[] = batch.map(() => undefined)
  let next = 0
  let done = before
  const work = async (): Promise<void> => {
    while (next < batch.length && !options.signal.aborted) {
      const index = next
      next += 1
      const probe = batch[index] as Probe
      answers[index] = { probe, answer: await options.send(probe) }
      done += 1
      options.onProgress?.(probe.stage, done, total)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return answers.filter((result) => result !== undefined)
}
