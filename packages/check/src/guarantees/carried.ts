/** What one check has asked for, left to the next; what it did not ask for is forgotten when it ends. */
export class Carried<Value> {
  private readonly entries = new Map<string, Entry<Value>>()
  private check = 0

  get(key: string): Value | undefined {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    entry.check = this.check
    return entry.value
  }

  set(key: string, value: Value): void {
    this.entries.set(key, { value, check: this.check })
  }

  get size(): number {
    return this.entries.size
  }

  endCheck(): void {
    for (const [key, entry] of this.entries) if (entry.check !== this.check) this.entries.delete(key)
    this.check++
  }
}

interface Entry<Value> {
  readonly value: Value
  /** The last one that asked for it. */
  check: number
}

/** A number for each text, the same in every check that has the text since the one before had it. */
export class Numbers {
  private readonly known = new Carried<number>()
  private next = 1

  of(text: string): number {
    let number = this.known.get(text)
    if (number === undefined) this.known.set(text, (number = this.fresh()))
    return number
  }

  /** One that no text has. */
  fresh(): number {
    return this.next++
  }

  endCheck(): void {
    this.known.endCheck()
  }
}
