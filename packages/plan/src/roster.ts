import type { Diagnostic } from './diagnostic.js'
import type { SourceSpan } from './plan.js'

/** Who is in the organization and in which teams, from outside of the declared file. */
export interface Roster {
  /** Shown to people: `roster.csv`, `scim`. */
  readonly source: string
  readonly people: readonly RosterPerson[]
  /** Teams that there are, those without anybody too, for sources that know of such. */
  readonly teams?: readonly string[]
  /**
   * Names of people who were not read well and have been reported, so that naming them is no second mistake; and of who
   * has left, for sources that know: naming them has no effect.
   */
  readonly broken?: ReadonlySet<string>
  /** Where a cell of a person is written, for sources that have cells. */
  readonly placeOf?: (person: RosterPerson, column: RosterColumn) => SourceSpan
}

export interface RosterPerson {
  /** The name of the member. */
  readonly name: string
  /** The immutable id of the source: a changed e-mail or name with the same id is a move. */
  readonly id?: string
  readonly email?: string
  readonly kind?: 'person' | 'service'
  readonly signIn?: 'user' | 'federation'
  /** As in the declared file: a day or an instant. */
  readonly until?: string
  /** Public keys to whom secrets are handed over. */
  readonly age?: string
  readonly pgp?: string
  readonly teams: readonly string[]
  /** CSV: the line. */
  readonly declaredAt?: SourceSpan
}

/** The columns of a roster in CSV; only `name` and `teams` have to be there. */
export const rosterColumns = [
  'name',
  'email',
  'id',
  'kind',
  'signIn',
  'until',
  'age',
  'pgp',
  'teams',
] as const

export type RosterColumn = (typeof rosterColumns)[number]

/** A roster with all that was found; where that is about single cells, `value` is the rest even if it is not `ok`. */
export type RosterResult =
  | { readonly ok: true; readonly value: Roster; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly value?: Roster; readonly diagnostics: readonly Diagnostic[] }
