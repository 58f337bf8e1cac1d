import * as fc from 'fast-check'
import { answerScim, type Directory } from './index.js'

// A naive model of a directory, and random requests that are made of both.

export type Step =
  | { readonly kind: 'join'; readonly person: number; readonly active: boolean }
  | { readonly kind: 'leave'; readonly person: number }
  | { readonly kind: 'active'; readonly person: number; readonly active: boolean; readonly dialect: number }
  | { readonly kind: 'title'; readonly person: number; readonly title: string }
  | { readonly kind: 'rename'; readonly person: number; readonly to: number }
  | { readonly kind: 'found'; readonly group: number; readonly people: readonly number[] }
  | { readonly kind: 'dissolve'; readonly group: number }
  | { readonly kind: 'call'; readonly group: number; readonly to: number; readonly dialect: number }
  | {
      readonly kind: 'add' | 'remove' | 'set'
      readonly group: number
      readonly people: readonly number[]
      readonly dialect: number
    }
  | { readonly kind: 'empty'; readonly group: number }

const one = fc.nat({ max: 5 })
const some = fc.uniqueArray(one, { maxLength: 4 })
const dialect = fc.nat({ max: 3 })

export const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ kind: fc.constant('join' as const), person: one, active: fc.boolean() }),
    fc.record({ kind: fc.constant('leave' as const), person: one }),
    fc.record({ kind: fc.constant('active' as const), person: one, active: fc.boolean(), dialect }),
    fc.record({ kind: fc.constant('title' as const), person: one, title: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('rename' as const), person: one, to: one }),
    fc.record({ kind: fc.constant('found' as const), group: one, people: some }),
    fc.record({ kind: fc.constant('dissolve' as const), group: one }),
    fc.record({ kind: fc.constant('call' as const), group: one, to: one, dialect }),
    fc.record({
      kind: fc.constantFrom('add' as const, 'remove' as const, 'set' as const),
      group: one,
      people: some,
      dialect,
    }),
    fc.record({ kind: fc.constant('empty' as const), group: one }),
  ),
  { minLength: 1, maxLength: 40 },
)

/** The same steps for the same seed, in every process. */
export function sampleOfSteps(seed: number): readonly Step[] {
  return fc.sample(steps, { seed, numRuns: 60 }).flat()
}

interface Person {
  readonly id: string
  active: boolean
  title?: string
}
interface Group {
  readonly id: string
  readonly people: Set<number>
}

export interface Model {
  readonly people: Map<number, Person>
  readonly groups: Map<number, Group>
}

export const emptyModel = (): Model => ({ people: new Map(), groups: new Map() })

/** Who is here and in which teams, as the model says. */
export function expectedRoster({ people, groups }: Model): readonly object[] {
  return [...people]
    .filter(([, { active }]) => active)
    .map(([person, { id }]) => ({
      name: `p${person}x`,
      id,
      email: userName(person),
      teams: [...groups]
        .flatMap(([group, of]) => (of.people.has(person) ? [`team-g${group}x`] : []))
        .toSorted(),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const userName = (person: number): string => `P${person}x@acme.example`
const displayName = (group: number): string => `Team G${group}x`
const missing = '00000000-0000-7000-8000-000000000000'

/** Makes one request of the directory and of the model; gives the status that was answered and the one expected. */
export function perform(step: Step, directory: Directory, model: Model): readonly [number, number] {
  const { people, groups } = model
  const send = (method: string, path: string, body?: unknown) =>
    answerScim(
      {
        method,
        path: path.split('/'),
        query: new URLSearchParams(),
        client: 'model',
        base: '',
        ...(body === undefined ? {} : { body }),
      },
      directory,
      0,
    )
  const patch = (path: string, ...Operations: readonly object[]) => send('PATCH', path, { Operations }).status
  switch (step.kind) {
    case 'join': {
      const { status, body } = send('POST', 'Users', { userName: userName(step.person), active: step.active })
      if (people.has(step.person)) return [status, 409]
      people.set(step.person, { id: (body as { id: string }).id, active: step.active })
      return [status, 201]
    }
    case 'found': {
      const known = step.people.every((person) => people.has(person))
      const members = step.people.map((person) => ({ value: people.get(person)?.id ?? missing }))
      const { status, body } = send('POST', 'Groups', { displayName: displayName(step.group), members })
      if (groups.has(step.group)) return [status, 409]
      if (!known) return [status, 400]
      groups.set(step.group, { id: (body as { id: string }).id, people: new Set(step.people) })
      return [status, 201]
    }
    case 'leave':
    case 'active':
    case 'title':
    case 'rename':
      return performOnPerson(step, model, send, patch)
    default:
      return performOnGroup(step, model, send, patch)
  }
}

type Send = (method: string, path: string, body?: unknown) => { readonly status: number }
type Patch = (path: string, ...operations: readonly object[]) => number

function performOnPerson(
  step: Extract<Step, { readonly kind: 'leave' | 'active' | 'title' | 'rename' }>,
  { people, groups }: Model,
  send: Send,
  patch: Patch,
): readonly [number, number] {
  const person = people.get(step.person)
  const path = `Users/${person?.id ?? missing}`
  const known = person === undefined ? 404 : 200
  switch (step.kind) {
    case 'leave': {
      people.delete(step.person)
      for (const group of groups.values()) group.people.delete(step.person)
      return [send('DELETE', path).status, person === undefined ? 404 : 204]
    }
    case 'active': {
      if (person !== undefined) person.active = step.active
      const text = step.active ? 'True' : 'False'
      const dialects = [
        { op: 'replace', value: { active: step.active } },
        { op: 'Replace', path: 'active', value: text },
        { op: 'Add', path: 'ACTIVE', value: text },
        { op: 'replace', value: { Active: text } },
      ]
      return [patch(path, dialects[step.dialect] ?? {}), known]
    }
    case 'title':
      return [patch(path, { op: 'replace', path: 'title', value: step.title }), known]
    case 'rename': {
      const status = patch(path, { op: 'replace', value: { userName: userName(step.to) } })
      if (person === undefined) return [status, 404]
      if (step.to !== step.person && people.has(step.to)) return [status, 409]
      people.delete(step.person)
      people.set(step.to, person)
      for (const group of groups.values()) if (group.people.delete(step.person)) group.people.add(step.to)
      return [status, 200]
    }
  }
}

function performOnGroup(
  step: Extract<Step, { readonly kind: 'dissolve' | 'call' | 'add' | 'remove' | 'set' | 'empty' }>,
  { people, groups }: Model,
  send: Send,
  patch: Patch,
): readonly [number, number] {
  const group = groups.get(step.group)
  const path = `Groups/${group?.id ?? missing}`
  switch (step.kind) {
    case 'dissolve':
      groups.delete(step.group)
      return [send('DELETE', path).status, group === undefined ? 404 : 204]
    case 'empty':
      return [patch(path, { op: 'remove', path: 'members' }), group === undefined ? 404 : 400]
    case 'call': {
      const name = displayName(step.to)
      const status =
        step.dialect === 0
          ? send('PUT', path, { displayName: name }).status
          : patch(path, { op: 'replace', value: { id: group?.id, displayName: name } })
      if (group === undefined) return [status, 404]
      if (step.to !== step.group && groups.has(step.to)) return [status, 409]
      groups.delete(step.group)
      groups.set(step.to, group)
      return [status, step.dialect === 0 ? 200 : 204]
    }
    default: {
      const ids = step.people.map((person) => people.get(person)?.id ?? missing)
      const value = ids.map((id) => ({ value: id }))
      const filtered = ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
      const isFiltered = step.kind === 'remove' && step.dialect % 2 === 0 && ids.length > 0
      const op = step.kind === 'set' ? 'Replace' : step.kind
      const status = patch(path, ...(isFiltered ? filtered : [{ op, path: 'members', value }]))
      if (group === undefined) return [status, 404]
      const strangers = step.people.some((person) => !people.has(person))
      if (strangers && step.kind !== 'remove') return [status, 400]
      if (step.kind === 'set') group.people.clear()
      for (const person of step.people) {
        if (step.kind === 'remove') group.people.delete(person)
        else group.people.add(person)
      }
      return [status, 204]
    }
  }
}
