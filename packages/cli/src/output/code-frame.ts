import type * as BabelCodeFrame from '@babel/code-frame'
import { createRequire } from 'node:module'
import type { Colors } from './color.js'
import { printableInPlace } from './printable.js'

/** Loaded with the first frame: most runs have nothing to point at. */
function draw(...args: Parameters<typeof BabelCodeFrame.codeFrameColumns>): string {
  const loaded = createRequire(import.meta.url)('@babel/code-frame') as typeof BabelCodeFrame
  return loaded.codeFrameColumns(...args)
}

/** Where to point; 1-based, the end column exclusive. */
export interface FramePlace {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Characters of a line that a frame shows; of longer ones a part around the place. */
const maxLineLength = 160

/**
 * The lines around a place, with the place underlined; undefined where the source has no such line. `lines` is
 * the source split at newlines, so that many frames of one file split it once.
 */
export function codeFrame(
  lines: readonly string[],
  place: FramePlace,
  colors: Colors,
  around: { readonly above: number; readonly below: number } = { above: 1, below: 1 },
): string | undefined {
  const marked = lines[place.line - 1]
  if (marked === undefined) return undefined
  const first = Math.max(1, place.line - around.above)
  const last = Math.min(lines.length, place.line + around.below)
  const offset = cutAt(marked.length, place.column)
  const window = lines
    .slice(first - 1, last)
    .map((line) => printableInPlace(line.replace(/\r$/, '').slice(offset, offset + maxLineLength)))
  // A place of several lines is underlined on its first: the rest is in the frame or too long for one.
  const shown = window[place.line - first]?.length ?? 0
  const column = Math.min(Math.max(1, place.column - offset), shown + 1)
  const end = place.endLine > place.line ? shown + 1 : Math.min(place.endColumn - offset, shown + 1)
  const options = {
    highlightCode: false,
    linesAbove: around.above,
    linesBelow: around.below,
    // Known to @babel/code-frame since 7.25, not to its types.
    startLine: first,
  }
  const location = {
    start: { line: place.line, column },
    end: { line: place.line, column: Math.max(end, column) },
  }
  return paint(draw(window.join('\n'), location, options), colors)
}

function cutAt(length: number, column: number): number {
  if (length <= maxLineLength) return 0
  return Math.max(0, Math.min(column - maxLineLength / 2, length - maxLineLength))
}

function paint(frame: string, colors: Colors): string {
  return frame
    .split('\n')
    .map((line) =>
      line.replace(/^([> ])( *\d* \|)(.*)$/, (_, mark: string, gutter: string, text: string) => {
        const underline = /^\s*\^+$/.test(text) && !/\d/.test(gutter)
        return `${colors.red(mark)}${colors.dim(gutter)}${underline ? colors.red(text) : text}`
      }),
    )
    .join('\n')
}
