import type { SourceSpan } from './plan.js'

/** Keys and positions from the root of the file to a value. */
export type Path = readonly (string | number)[]

/** Finds where in the file a value or key is written. */
export interface Locator {
  readonly file: string
  value(path: Path): SourceSpan
  /** The key that introduces the value at `path`; for items of lists the value itself. */
  key(path: Path): SourceSpan
  /** A scalar exactly as it is written, where that is known. */
  written(path: Path): string | undefined
  /** What to add to a message when the span cannot show the place, such as ` (at grants[2].to)`. */
  suffix(path: Path): string
}

/** `grants[2].to` */
export function printPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}

/** For values that come from a program instead of a text: the file's first line, and the path in words. */
export function programLocator(file: string): Locator {
  const span: SourceSpan = { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
  return {
    file,
    value: () => span,
    key: () => span,
    written: () => undefined,
    suffix: (path) => (path.length === 0 ? '' : ` (at ${printPath(path)})`),
  }
}
