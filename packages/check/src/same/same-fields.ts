import { isSameDocument } from './same-document.js'

/** Whether two things have the same in all fields but some; one that is not there is one that is undefined. */
export function isSameBut(apart: ReadonlySet<string>, one: object, other: object): boolean {
  if (one === other) return true
  const [left, right] = [one as Fields, other as Fields]
  for (const field in left) if (!apart.has(field) && !isSameDocument(left[field], right[field])) return false
  for (const field in right)
    if (right[field] !== undefined && left[field] === undefined && !apart.has(field)) return false
  return true
}

type Fields = Readonly<Record<string, unknown>>
