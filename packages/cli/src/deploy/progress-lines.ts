import type { ChangeKind, DeployEvent } from '@ringfence/pulumi/deploy'
import type { Output } from '../io.js'
import { colorsOf } from '../output/color.js'
import { printable } from '../output/printable.js'
import { printResource } from './print-resources.js'

/** Tells how far a run of the engine is. */
export interface DeployProgress {
  readonly onEvent: (event: DeployEvent) => void
  /** Nothing more comes: a live line is taken away. */
  end(): void
}

/** Milliseconds between two updates of the live line. */
const updateMs = 80

const doing: Readonly<Record<ChangeKind, string>> = {
  create: 'creating',
  update: 'updating',
  replace: 'replacing',
  delete: 'deleting',
}
const did: Readonly<Record<ChangeKind, string>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
}

/**
 * On a terminal one live line with what is going on, elsewhere a line for each resource that is done. `total`: how
 * many are expected; undefined if nobody knows. What fails is told as it happens.
 */
export function createDeployProgress(
  output: Output,
  nowMs: () => number,
  total: number | undefined,
): DeployProgress {
  const colors = colorsOf(output)
  let done = 0
  let lastMs = 0
  let open = false
  const clear = (): void => {
    if (open) output.write('\r\u001b[2K')
    open = false
  }
  const line = (text: string): void => {
    clear()
    output.write(`${text}\n`)
  }
  const live = (text: string): void => {
    const now = nowMs()
    if (now - lastMs < updateMs) return
    lastMs = now
    output.write(`\r\u001b[2K${text.slice(0, (output.columns ?? 80) - 1)}`)
    open = true
  }
  const onEvent = (event: DeployEvent): void => {
    if (event.kind === 'warning') line(`${colors.yellow('warning')}: ${printable(event.message)}`)
    else if (event.kind === 'failed') {
      if (event.failure.id !== 'pulumi') line(`${colors.red('failed')} ${printable(event.failure.id)}`)
    } else if (event.kind !== 'planned' && !event.resource.provider) {
      if (event.kind === 'done') done += 1
      const counted = total === undefined ? `${done}` : `${done} of ${total}`
      const { change } = event.resource
      if (output.isTTY) live(`${counted}  ${doing[change]} ${printResource(event.resource)}`)
      else if (event.kind === 'done') line(`${did[change]} ${printResource(event.resource)}`)
    }
  }
  return { onEvent, end: clear }
}
