import { codePointName } from './characters.js'
import type { Locator, Path } from './locator.js'
import type { Reporter } from './reporter.js'
import { createReporter } from './reporter.js'
import { findSecrets } from './secrets.js'

/** Locates by offsets: the path is [start, end]. */
export function textLocator(file: string, text: string): Locator {
  const place = (offset: number): { line: number; column: number } => {
    // From -1 the search would begin at 0.
    const before = offset === 0 ? -1 : text.lastIndexOf('\n', offset - 1)
    let line = 1
    for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
    return { line, column: offset - before }
  }
  const span = (path: Path) => {
    const from = place(Number(path[0]))
    const to = place(Number(path[1]))
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
  }
  return { file, value: span, key: span, written: () => undefined, suffix: () => '' }
}

/** What is wrong with a text whatever it says: secrets and characters that deceive. */
export function reportText(file: string, text: string): Reporter {
  const secrets = findSecrets(text)
  const reporter = createReporter(textLocator(file, text), secrets.length > 0)
  for (const secret of secrets) {
    reporter.error('SECRET_IN_FILE', [secret.start, secret.end], `the file holds ${secret.kind}`, {
      sensitive: true,
      hint: 'Remove it and rotate it: whoever can read the file, or its history, has it.',
    })
  }
  checkCharacters(text, reporter)
  return reporter
}

/** Characters that make a text read otherwise than it is: bidirectional controls, NUL and other controls. */
const deceptive = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu

function checkCharacters(text: string, reporter: Reporter): void {
  let count = 0
  for (const match of text.matchAll(deceptive)) {
    reporter.error(
      'CHARACTER_NOT_ALLOWED',
      [match.index, match.index + match[0].length],
      `the file holds the invisible character ${codePointName(match[0])}`,
      {
        hint: 'Remove it: the file must mean what it looks like.',
      },
    )
    count += 1
    if (count >= 100) return
  }
}
