import type { Splice } from './splice.js'

/** Codes of what stands in the way of an edit; the command's page explains each. */
export const editCodes = ['EDIT_NOT_FOUND', 'EDIT_AMBIGUOUS', 'EDIT_IMPOSSIBLE'] as const
export type EditCode = (typeof editCodes)[number]

/** Why a text was not edited. */
export interface EditProblem {
  readonly code: EditCode
  readonly message: string
  readonly hint?: string
  /** Lines of the text (from 1) that it is about, with words for each. */
  readonly related?: readonly { readonly line: number; readonly message: string }[]
}

/** The edited text and the splices that made it, or why there is none. Nothing to change is no problem. */
export type Edited =
  | { readonly ok: true; readonly text: string; readonly splices: readonly Splice[] }
  | { readonly ok: false; readonly problem: EditProblem }

/** What is said of a text that is not read, whatever the edit. */
export function unreadable(): { readonly ok: false; readonly problem: EditProblem } {
  return refused('EDIT_IMPOSSIBLE', 'the file is not one YAML mapping without errors', {
    hint: '"ringfence plan FILE" tells where they are.',
  })
}

export function refused(
  code: EditCode,
  message: string,
  more: Partial<EditProblem> = {},
): { readonly ok: false; readonly problem: EditProblem } {
  return { ok: false, problem: { ...more, code, message } }
}
