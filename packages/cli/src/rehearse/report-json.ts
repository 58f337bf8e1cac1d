import { actorId } from './actor.js'
import type { Surprise } from './explain.js'
import type { Rehearsal } from './rehearse.js'

/** What a rehearsal found, for programs: one JSON document, newline included. */
export function printRehearsalJson(rehearsal: Rehearsal): string {
  const { organization, results, surprises, matrix, notes, cancelled } = rehearsal
  const document = {
    formatVersion: 1,
    organization,
    cancelled,
    probes: {
      total: results.length,
      asDeclared: results.length - surprises.length,
      surprises: surprises.length,
    },
    matrix: {
      columns: matrix.columns,
      rows: matrix.rows.map(({ kind, name, cells }) => ({ kind, name, cells })),
    },
    surprises: surprises.map(surpriseJson),
    notes,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function surpriseJson({ probe, answer, decidedBy }: Surprise): object {
  const { actor, description, service, operation, input, transport, atMs, expectation } = probe
  return {
    actor: actorId(actor),
    description,
    request: { service, operation, input, transport, at: new Date(atMs).toISOString() },
    expected: expectation.expected,
    reason: expectation.reason,
    because: expectation.because,
    answer: {
      outcome: answer.outcome,
      ...(answer.code === undefined ? {} : { code: answer.code }),
      ...(answer.message === undefined ? {} : { message: answer.message }),
      ...(answer.httpStatus === undefined ? {} : { httpStatus: answer.httpStatus }),
    },
    decidedBy,
  }
}
