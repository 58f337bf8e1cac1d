import type { Output } from '../io.js'
import type { Stage } from './probe.js'

/** Tells how far a rehearsal is. */
export interface Progress {
  /** Something else begins. */
  step(text: string): void
  /** So many of all probes are answered. */
  count(stage: Stage, done: number, total: number): void
  /** Nothing more comes. */
  end(): void
}

const STAGE_TEXTS: Readonly<Record<Stage, string>> = {
  data: 'Objects: list, get, put, delete, copy',
  platform: 'Platforms: train, deploy, invoke',
  fence: 'Attempts to change the fence',
  later: 'After each end that is declared',
}

/** Milliseconds between two updates of a line on a terminal. */
const UPDATE_MS = 80

/** On a terminal one line that is rewritten, elsewhere a line for each step; nothing where it is quiet. */
export function createProgress(output: Output, nowMs: () => number): Progress {
  let stage: Stage | undefined
  let lastMs = 0
  let open = false
  const line = (text: string) => {
    if (!output.isTTY) output.write(`${text}\n`)
    else {
      output.write(`${open ? '\r\u001b[2K' : ''}${text.slice(0, (output.columns ?? 80) - 1)}`)
      open = true
    }
  }
  return {
    step: (text) => line(text),
    count: (next, done, total) => {
      const begins = next !== stage
      stage = next
      const now = nowMs()
      if (!begins && (!output.isTTY || (now - lastMs < UPDATE_MS && done < total))) return
      lastMs = now
      line(output.isTTY ? `${STAGE_TEXTS[next]} (${done} of ${total})` : STAGE_TEXTS[next])
    },
    end: () => {
      if (open) output.write('\r\u001b[2K')
      open = false
    },
  }
}

/** Tells nobody. */
export const noProgress: Progress = { step: () => {}, count: () => {}, end: () => {} }
