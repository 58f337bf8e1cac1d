import type { Declaration } from '@ringfence/plan'
import { memberActors } from './actor.js'
import type { Surprise } from './explain.js'
import type { Selection } from './selection.js'

/** What a reader has to know beside matrix and surprises, in full sentences. */
export function notesOf(
  declaration: Declaration,
  selection: Selection,
  surprises: readonly Surprise[],
): readonly string[] {
  return [
    ...guardrailNotes(declaration),
    ...leftOutNotes(selection),
    ...memberNotes(declaration),
    ...fenceNotes(surprises),
  ]
}

function guardrailNotes({ guardrail }: Declaration): readonly string[] {
  if (guardrail === 'serviceControlPolicy') return []
  return [
    'Without `guardrail: serviceControlPolicy`, a user of the account with AdministratorAccess whom the file ' +
      'does not mention can change IAM: give out keys for members, change roles, and so reach what those ' +
      'reach. The data, the buckets and the keys themselves stay closed to them.',
  ]
}

function leftOutNotes({ ownOnly, storesLeftOut, stores }: Selection): readonly string[] {
  return [
    ...(ownOnly.length === 0
      ? []
      : [
          `${ownOnly.length} of the members and platforms were probed for their own grants only, because ` +
            'others with the same grants, or enough others, stand for them.',
        ]),
    ...(storesLeftOut === 0
      ? []
      : [
          `Of the datasets and models, ${stores.length} were probed for what must be refused; on ` +
            `${storesLeftOut} others only what is granted was tried.`,
        ]),
  ]
}

function memberNotes(declaration: Declaration): readonly string[] {
  const cut = declaration.members
    .filter(({ name }) => memberActors(declaration, name).length === 0)
    .map(({ name }) => name)
  if (cut.length === 0) return []
  return [`In no team, and so without a way to sign in by federation: ${cut.join(', ')}.`]
}

function fenceNotes(surprises: readonly Surprise[]): readonly string[] {
  const changed = surprises.filter(
    ({ probe, answer }) => probe.stage === 'fence' && answer.outcome === 'allowed',
  )
  if (changed.length === 0) return []
  return [
    `${changed.length} probes that should have been refused changed the fence or who may do what; surprises ` +
      'after them may follow from that.',
  ]
}
