import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { DifferenceQueries, DifferenceQuery } from './difference-query.js'
import type { RawModel } from './witness-values.js'

const root = join(import.meta.dirname, '..', '..', '..', '..', '..')

/** Where `scripts/install-solvers.sh` puts cvc5 and z3. */
export const SOLVER_PYTHON = join(root, '.ringfence', 'solvers', 'bin', 'python')

/** What the processes run; as a source, because no build copies it. */
const SOLVE_QUERIES = join(root, 'packages', 'testing', 'src', 'prove', 'smt', 'solve_queries.py')

/** What a solver says of one query. */
export interface SolverAnswer {
  readonly result: 'sat' | 'unsat' | 'unknown'
  /** Of a satisfiable query, by cvc5 alone. */
  readonly model: RawModel | null
  /** Milliseconds of CPU time, with parsing. */
  readonly milliseconds: number
}

export type Solver = 'cvc5' | 'z3'

/** Steps of a solver, of its own kind, after which its answer is `unknown`: so no answer hangs on the machine. */
const LIMITS: Readonly<Record<Solver, number>> = { cvc5: 60_000, z3: 5_000_000 }
/** A query that takes longer than any does: the solver hangs. */
const HANG_MS = 120_000

/** A Python process that decides one query after the other. */
class SolverWorker {
  private readonly child: ChildProcessWithoutNullStreams
  private readonly lines: AsyncIterator<string>
  private readonly reader: Interface
  private stderr = ''

  constructor(private readonly solver: Solver) {
    if (!existsSync(SOLVER_PYTHON))
      throw new Error('the SMT solvers are not installed.\nTry: bash scripts/install-solvers.sh')
    this.child = spawn(SOLVER_PYTHON, [SOLVE_QUERIES])
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.reader = createInterface({ input: this.child.stdout })
    this.lines = this.reader[Symbol.asyncIterator]()
  }

  /** Decides one query over all requests that count. */
  async decide(query: DifferenceQuery): Promise<SolverAnswer> {
    // What z3 decides has no model here, so that it cannot tell whether it is one of a request.
    if (this.solver === 'z3') return await this.solve(query.exactly)
    const first = await this.solve(query.nearly)
    if (first.result === 'unsat' || (first.model && query.isRequest(first.model))) return first
    const second = await this.solve(query.exactly)
    return { ...second, milliseconds: first.milliseconds + second.milliseconds }
  }

  private async solve(text: string): Promise<SolverAnswer> {
    const hang = setTimeout(() => this.child.kill('SIGKILL'), HANG_MS)
    this.child.stdin.write(`${JSON.stringify({ solver: this.solver, text, limit: LIMITS[this.solver] })}\n`)
    const line = await this.lines.next()
    clearTimeout(hang)
    if (line.done === true) throw new Error(`${this.solver} ended: ${this.stderr}\n${text}`)
    return JSON.parse(line.value) as SolverAnswer
  }

  close(): void {
    this.reader.close()
    this.child.kill()
  }
}

/**
 * Decides both directions of each pair in turn by a solver, so many processes at a time, and hands over the answers.
 * Rejects when a process ends or hangs, and with what `onAnswers` throws.
 */
export async function decideAll<Pair extends { readonly queries: DifferenceQueries }>(
  pairs: Iterable<Pair>,
  { processes, solver }: { readonly processes: number; readonly solver: Solver },
  onAnswers: (pair: Pair, answers: readonly [forth: SolverAnswer, back: SolverAnswer]) => void,
): Promise<void> {
  const source = pairs[Symbol.iterator]()
  const work = async (): Promise<void> => {
    const worker = new SolverWorker(solver)
    try {
      for (let next = source.next(); next.done !== true; next = source.next()) {
        const { back, forth } = next.value.queries
        onAnswers(next.value, [await worker.decide(forth), await worker.decide(back)])
      }
    } catch (cause) {
      // The others end with the pair that they have.
      source.return?.()
      throw cause
    } finally {
      worker.close()
    }
  }
  await Promise.all(Array.from({ length: processes }, work))
}
