import type { Action } from '../authorize/action.js'
import { compileMatcher, globParts } from '../match/glob.js'
import type { ActionPattern, Statement } from '../policy.js'

/** Patterns of one service that hold wildcards. */
interface ServicePatterns {
  /** `Get*` by its prefix, one table a length, so that an action is looked up once a length. */
  readonly prefixes: Map<number, Map<string, number[]>>
  readonly others: { readonly matches: (name: string) => boolean; readonly statement: number }[]
}

/**
 * Finds the statements whose Action or NotAction takes an action without trying every pattern: names without
 * wildcards by hash, prefixes by hash a length, and only what remains one by one, within its service.
 */
export class ActionIndex {
  private readonly exact = new Map<string, number[]>()
  private readonly services = new Map<string, ServicePatterns>()
  private readonly everything: number[] = []
  private readonly negated: Uint8Array

  constructor(statements: readonly Statement[]) {
    this.negated = Uint8Array.from(statements, (statement) => (statement.action.negated ? 1 : 0))
    for (const [position, statement] of statements.entries())
      for (const pattern of statement.action.patterns) this.add(pattern, position)
  }

  /** Positions of the statements that take the action, ascending. */
  find(action: Action): number[] {
    const matched = new Uint8Array(this.negated.length)
    const mark = (positions: readonly number[] | undefined): void => {
      if (positions) for (const position of positions) matched[position] = 1
    }
    mark(this.everything)
    mark(this.exact.get(action.id))
    const service = this.services.get(action.service)
    if (service) {
      for (const [length, table] of service.prefixes)
        if (length <= action.name.length) mark(table.get(action.name.slice(0, length)))
      for (const other of service.others)
        if (matched[other.statement] === 0 && other.matches(action.name)) matched[other.statement] = 1
    }
    const found: number[] = []
    for (let position = 0; position < matched.length; position++)
      if (matched[position] !== this.negated[position]) found.push(position)
    return found
  }

  private add(pattern: ActionPattern, position: number): void {
    const { name, service } = pattern
    if (service === '*') {
      this.everything.push(position)
      return
    }
    if (!/[*?]/.test(name)) {
      append(this.exact, `${service}:${name}`, position)
      return
    }
    let patterns = this.services.get(service)
    if (!patterns) this.services.set(service, (patterns = { prefixes: new Map(), others: [] }))
    const prefix = /^([^*?]*)\*$/.exec(name)?.[1]
    if (prefix === undefined) {
      patterns.others.push({ matches: compileMatcher(globParts(name)), statement: position })
      return
    }
    let table = patterns.prefixes.get(prefix.length)
    if (!table) patterns.prefixes.set(prefix.length, (table = new Map()))
    append(table, prefix, position)
  }
}

function append(table: Map<string, number[]>, key: string, position: number): void {
  const positions = table.get(key)
  if (!positions) table.set(key, [position])
  else if (positions.at(-1) !== position) positions.push(position)
}
