import type { SourceSpan } from '@ringfence/plan'
import { awsCommand, namesOf, requestWords } from '@ringfence/check'
import { isAbsolute } from 'node:path'
import { version } from '../version.js'
import type { ChangeLine, Sides } from './change-lines.js'
import { actionsText } from './print-changes.js'

const RULES = [
  {
    id: 'new-access',
    change: 'gains',
    level: 'warning',
    text: 'Somebody can do what they could not do before.',
  },
  {
    id: 'lost-access',
    change: 'loses',
    level: 'note',
    text: 'Somebody can no longer do what they could do before.',
  },
  {
    id: 'undecided-access',
    change: 'unknown',
    level: 'warning',
    text: 'Whether somebody gains or loses access is not decided.',
  },
] as const

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
/** GitHub takes at most 25,000 results of one run. */
const maxResults = 25_000

/** The changes as SARIF 2.1.0. [OASIS, Static Analysis Results Interchange Format 2.1.0] */
export function changesSarif(changes: readonly ChangeLine[], sides: Sides, file: string): unknown {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ringfence',
            semanticVersion: version,
            rules: RULES.map(({ id, level, text }) => ({
              id,
              shortDescription: { text },
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: changes.slice(0, maxResults).map((change) => result(change, sides, file)),
      },
    ],
  }
}

function result(change: ChangeLine, { newer, older }: Sides, file: string): unknown {
  const ruleIndex = RULES.findIndex((rule) => rule.change === change.change)
  const { id, level } = RULES[ruleIndex]!
  const side = change.change === 'loses' ? older : newer
  const { example } = change
  return {
    ruleId: id,
    ruleIndex,
    level,
    message: { text: message(change) },
    // What is lost stood in the old file: the new one has no line for it.
    locations:
      change.change === 'gains' && change.lines.length > 0 ? change.lines.map(location) : [start(file)],
    ...(example === undefined
      ? {}
      : {
          properties: {
            request: example,
            inWords: requestWords(example, namesOf(side.account)),
            command: awsCommand(example, side.account.region),
          },
        }),
  }
}

function message({ actions, already, can, change, on, reasons, when, who }: ChangeLine): string {
  const doing = actions.every((action) => can.includes(action)) ? can : `${can} (${actionsText(actions)})`
  if (change === 'unknown') return `${who}: ${doing} on ${on} is not decided: ${reasons.join('; ')}`
  const rest = already.length === 0 ? '' : `; ${change === 'gains' ? 'before' : 'now'}: ${already.join('; ')}`
  return `${who} ${change}: ${doing} on ${on}, ${when.join('; or ')}${rest}`
}

function location({ column, endColumn, endLine, file, line }: SourceSpan): unknown {
  return physical(file, { startLine: line, startColumn: column, endLine, endColumn })
}

function start(file: string): unknown {
  return physical(file, { startLine: 1 })
}

/** A path of this checkout as a relative reference, without the revision in front of it. */
function physical(file: string, region: object): unknown {
  const path = file
    .replace(/^[^:/\\]{2,}:/, '')
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')
  const uri = path.split('/').map(encodeURIComponent).join('/')
  return {
    physicalLocation: { artifactLocation: { uri: isAbsolute(path) ? `file://${uri}` : uri }, region },
  }
}
