import { createJiti } from 'jiti'
import type { SourceSpan } from '@ringfence/plan'
import type { CliCode } from './codes.js'
import type { Finding } from './output/diagnostics.js'

/** How long a module may take to be evaluated, in milliseconds. */
const timeLimitMs = 30_000

/** What a module declares, still unchecked, or why there is nothing. */
export type ModuleResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly finding: Finding }

export interface ModuleFile {
  /** Absolute. */
  readonly path: string
  /** As findings name it. */
  readonly shown: string
  readonly text: string
  /**
   * Modules that the file may import wherever it lies, installed beside it or not: the same instances that
   * run here.
   */
  readonly provided: Readonly<Record<string, unknown>>
}

/**
 * Evaluates a TypeScript or JavaScript module and takes its default export, or else its export
 * `organization`. Running it runs the code that it holds, as with any module.
 */
export async function readModule(file: ModuleFile): Promise<ModuleResult> {
  const jiti = createJiti(file.path, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { ...file.provided },
  })
  try {
    const exported = await withinTime(jiti.import<Readonly<Record<string, unknown>>>(file.path))
    const value = exported['default'] ?? exported['organization']
    if (value !== undefined) return { ok: true, value }
    return failure('MODULE_WITHOUT_ORGANIZATION', `${file.shown} exports no organization`, {
      hint: 'write `export default defineOrganization({ … })`',
    })
  } catch (error) {
    const span = placeOf(error, file)
    return failure('MODULE_FAILED', describe(error, file), span === undefined ? {} : { span })
  }
}

async function withinTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it was not done after ${timeLimitMs / 1000} seconds`)),
      timeLimitMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function describe(error: unknown, file: ModuleFile): string {
  if (!(error instanceof Error)) return `${file.shown} threw ${String(error)}`
  // The first line: what follows are places on this machine.
  const first = error.message.split('\n')[0]?.trim()
  return `${file.shown} cannot be evaluated: ${first === undefined || first === '' ? error.name : first}`
}

/** The last place in the file that a parser's message or a stack names. */
function placeOf(error: unknown, file: ModuleFile): SourceSpan | undefined {
  if (!(error instanceof Error)) return undefined
  const text = `${error.message}\n${error.stack ?? ''}`
  const at = text.indexOf(`${file.path}:`)
  const match = at === -1 ? null : /^:(\d+):(\d+)/.exec(text.slice(at + file.path.length))
  if (match === null) return undefined
  const line = Number(match[1])
  const column = Number(match[2])
  return { file: file.shown, line, column, endLine: line, endColumn: column + 1 }
}

function failure(code: CliCode, message: string, rest: Partial<Finding>): ModuleResult {
  return { ok: false, finding: { code, severity: 'error', message, ...rest } }
}
