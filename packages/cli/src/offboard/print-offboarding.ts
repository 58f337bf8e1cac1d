import { describeStep, type Residual, residualOf } from '@ringfence/lifecycle'
import { describeStack, printStack } from '../deploy/preview-stack.js'
import { printAccessChange } from '../deploy/print-access.js'
import { accessBefore } from '../deploy/revoke-leavers.js'
import type { Io } from '../io.js'
import { type Colors, colorsOf } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import type { FileEdit } from './file-edit.js'
import type { Offboarding } from './leaver.js'
import { describeLock } from './permission-set-lock.js'

/** What will be done, for people. */
export function printOffboarding(offboarding: Offboarding, edit: FileEdit, io: Io): string {
  const colors = colorsOf(io.stdout)
  const { name, session, steps, roles, access } = offboarding
  const before = accessBefore(session)
  const locks = locksOf(offboarding)
  const lines = [
    `${printStack(session, colors)}\n\n${colors.bold('Offboard')} ${printable(name)}\n`,
    printAccessChange(access, before, session.plan.access, colors),
    `\n${colors.bold('At once')}: ${count(steps.length, 'call')} of IAM\n`,
    ...steps.map((step) => `  ${printable(describeStep(step))}\n`),
    ...locks.map((lock) => `  ${lock}, by Identity Center\n`),
    ...roles.map(({ role }) => `  for good: sessions of ${role} that were issued until then are refused\n`),
    ...(edit.removed.length === 0
      ? []
      : [`${colors.bold('Then')}: ${edit.file} without ${edit.removed.map(printable).join(', ')}\n`]),
    ...printByHand(edit, colors),
    `${colors.bold('Then')}: the same as \`ringfence up\` with a file that does not name them\n`,
  ]
  return lines.join('')
}

function locksOf({ roles }: Offboarding): readonly string[] {
  return roles.flatMap(({ permissionSet, role }) => (permissionSet === undefined ? [] : [describeLock(role)]))
}

function printByHand({ byHand }: FileEdit, colors: Colors): readonly string[] {
  return byHand.map(
    (what) =>
      `${colors.yellow('to do')}: ${printable(what)}; until then the next update gives the access again\n`,
  )
}

/** What AWS lets live on, for people. */
export function printResidual(residual: readonly Residual[], colors: Colors): string {
  const lines = residual.map(
    ({ what, until }) => `  ${what}${until === undefined ? '' : `: until ${until}`}\n`,
  )
  return `\n${colors.bold('What goes on')}\n${lines.join('')}`
}

/** For `--json`. */
export function describeOffboarding(offboarding: Offboarding, edit: FileEdit, nowMs: number) {
  const { name, session, steps, roles, access } = offboarding
  return {
    ...describeStack(session),
    member: name,
    access,
    steps: [
      ...steps.map((step) => ({ operation: step.operation as string, does: describeStep(step) })),
      ...locksOf(offboarding).map((does) => ({ operation: 'PutInlinePolicyToPermissionSet', does })),
    ],
    revoked: roles.map(({ role }) => role),
    file: { path: edit.file, removed: edit.removed, byHand: edit.byHand },
    residual: residualOf(offboarding, nowMs),
  }
}
