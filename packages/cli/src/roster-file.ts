import { maxRosterLength, parseRoster, type Roster } from '@ringfence/plan'
import { dirname, extname, isAbsolute, join } from 'node:path'
import type { Io } from './io.js'
import type { Finding } from './output/diagnostics.js'
import { displayPath, readTextFile, type TextResult } from './text-file.js'

/** The largest roster that is read, in bytes: 100,000 people with their keys fit. */
export const maxRosterBytes = maxRosterLength

/** A roster with all that was found; without one there are errors among the findings. */
export interface LoadedRoster {
  readonly roster?: Roster
  readonly findings: readonly Finding[]
  /** Its path and text, for code frames. */
  readonly sources: readonly (readonly [path: string, text: string])[]
}

/** Reads the roster that `members.from` of the declared file at `declaredPath` names. */
export async function loadRoster(source: string, declaredPath: string, io: Io): Promise<LoadedRoster> {
  if (source === 'scim') return (await import('./scim/scim-roster.js')).loadScimRoster(declaredPath, io)
  const loaded = await loadRosterBy(source, (path) => {
    const beside = isAbsolute(path) ? path : join(dirname(declaredPath), path)
    return { shown: displayPath(beside, io), text: readTextFile(beside, io, maxRosterBytes) }
  })
  return { ...loaded, findings: loaded.findings.map(pointedAtFile) }
}

/** Whoever did not name the roster on the command line has named it in the file. */
function pointedAtFile(finding: Finding): Finding {
  if (finding.code !== 'FILE_NOT_FOUND') return finding
  return { ...finding, hint: 'check "members.from" of the declared file' }
}

/** The same with a reader of one's own, such as one of another revision. */
export async function loadRosterBy(
  source: string,
  read: (path: string) => { readonly shown: string; readonly text: Promise<TextResult> },
): Promise<LoadedRoster> {
  if (extname(source).toLowerCase() !== '.csv') return refused(unknownKind(source))
  const { shown, text } = read(source)
  const result = await text
  if (!result.ok) return refused(savedBySpreadsheet(result.finding))
  const parsed = parseRoster({ file: shown, text: result.text })
  return {
    ...(parsed.value === undefined ? {} : { roster: parsed.value }),
    findings: parsed.diagnostics,
    sources: [[shown, result.text]],
  }
}

/** Most rosters that are no UTF-8 come from a spreadsheet, whose "CSV" and "Unicode text" are not. */
function savedBySpreadsheet(finding: Finding): Finding {
  if (finding.code !== 'FILE_NOT_UTF8') return finding
  return { ...finding, hint: 'save it as "CSV UTF-8", or check that it is the file you mean' }
}

function unknownKind(source: string): Finding {
  return {
    code: 'FILE_TYPE_UNKNOWN',
    severity: 'error',
    message:
      source === 'scim'
        ? 'members come from scim, and what they were at another time is not known'
        : `members come from ${JSON.stringify(source)}, and that is no roster`,
    hint: 'name a roster in CSV, such as roster.csv, by its path from the declared file',
  }
}

function refused(finding: Finding): LoadedRoster {
  return { findings: [finding], sources: [] }
}

/** Reads a roster in CSV that no file names. */
export async function loadRosterFile(path: string, io: Io): Promise<LoadedRoster> {
  return loadRosterBy(path, (named) => ({
    shown: displayPath(named, io),
    text: readTextFile(named, io, maxRosterBytes),
  }))
}

/** The path of the roster that `members.from` of the declared file at `declaredPath` names. */
export function rosterPathOf(source: string, declaredPath: string): string {
  return isAbsolute(source) || extname(source) === '' ? source : join(dirname(declaredPath), source)
}
