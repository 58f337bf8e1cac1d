/** What was made of texts, for a while: where it becomes too much, all of it is forgotten and made anew. */
export class Remembered<Value> {
  private readonly known = new Map<string, Value>()

  constructor(private readonly most: number) {}

  get(text: string): Value | undefined {
    return this.known.get(text)
  }

  /** Gives the value back. */
  set(text: string, value: Value): Value {
    if (this.known.size >= this.most) this.known.clear()
    this.known.set(text, value)
    return value
  }
}
