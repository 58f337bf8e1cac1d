import { isSameDocument } from './same-document.js'

/**
 * By name, what one check has found out of something, left to the next for as long as what it hangs on stays the same.
 * What a check did not ask for is forgotten when it ends.
 */
export class Carried<Value> {
  private readonly entries = new Map<string, Entry<Value>>()
  private check = 0

  /** `content`: JSON of all that the value hangs on, but the name. It has to stay as it is. */
  get(name: string, content?: unknown): Value | undefined {
    const entry = this.entries.get(name)
    if (entry === undefined || !isSameDocument(entry.content, content)) return undefined
    entry.check = this.check
    return entry.value
  }

  set(name: string, value: Value, content?: unknown): void {
    this.entries.set(name, { value, content, check: this.check })
  }

  get size(): number {
    return this.entries.size
  }

  endCheck(): void {
    this.entries.forEach((entry, name) => {
      if (entry.check !== this.check) this.entries.delete(name)
    })
    this.check++
  }
}

interface Entry<Value> {
  readonly value: Value
  readonly content: unknown
  /** The last one that asked for it. */
  check: number
}

/** The same by kinds of things, so that names do not have to be told apart. */
export class CarriedByKind<Value> {
  private readonly kinds = new Map<string, Carried<Value>>()

  of(kind: string): Carried<Value> {
    let carried = this.kinds.get(kind)
    if (carried === undefined) this.kinds.set(kind, (carried = new Carried()))
    return carried
  }

  get size(): number {
    return [...this.kinds.values()].reduce((sum, { size }) => sum + size, 0)
  }

  endCheck(): void {
    this.kinds.forEach((carried) => carried.endCheck())
  }
}

/** Numbers that are the same in every check that has the same since the one before had it. */
export class Numbers {
  private readonly texts = new Carried<number>()
  private readonly contents = new CarriedByKind<number>()
  private next = 1

  /** One for each text. */
  of(text: string): number {
    let number = this.texts.get(text)
    if (number === undefined) this.texts.set(text, (number = this.fresh()))
    return number
  }

  /** One for what something is made of: another one as soon as that changes. */
  ofContent(kind: string, name: string, content: unknown): number {
    const carried = this.contents.of(kind)
    let number = carried.get(name, content)
    if (number === undefined) carried.set(name, (number = this.fresh()), content)
    return number
  }

  /** One that nothing has. */
  fresh(): number {
    return this.next++
  }

  endCheck(): void {
    this.texts.endCheck()
    this.contents.endCheck()
  }
}
