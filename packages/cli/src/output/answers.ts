import type { CaseAnswer } from '../simulate/decide-cases.js'
import type { Colors } from './color.js'
import { printable } from './printable.js'

/** The answers of `simulate` for people: the decision, the request and the reasons of each case. */
export function printAnswers(
  cases: readonly unknown[],
  answers: readonly CaseAnswer[],
  colors: Colors,
): string {
  const paint = {
    allow: colors.green,
    explicitDeny: colors.red,
    implicitDeny: colors.red,
    error: colors.yellow,
  }
  return answers
    .map((answer, index) => {
      const number = answers.length === 1 ? '' : `${index + 1}. `
      const head =
        `${number}${paint[answer.decision](answer.decision)}  ${describeRequest(cases[index])}`.trimEnd()
      return `${[head, ...answer.because.map((reason) => `  ${printable(reason)}`)].join('\n')}\n`
    })
    .join('\n')
}

/** What is asked, as far as the case says it; it may be anything. */
function describeRequest(value: unknown): string {
  const request = (value as { readonly request?: Readonly<Record<string, unknown>> } | null)?.request
  const { action, resource, principal } = request ?? {}
  if (typeof action !== 'string' || typeof resource !== 'string' || typeof principal !== 'string') return ''
  return printable(`${action} on ${resource} for ${principal}`)
}
