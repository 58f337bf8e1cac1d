import type { Numbers } from './numbers.js'
import type { Canonical } from './canonical-text.js'

/** A text as far as it is like others: what it says, and the names in it. */
export interface Said {
  /** The same for the same text without its names. */
  readonly outline: number
  /** A number for each name, in the order in which they come first. */
  readonly names: readonly number[]
  /** Whether a name in it may be any other one. */
  readonly isNameFree: boolean
}

/** Keys of what is said, which are the same where it differs in nothing but names. Texts are looked through once. */
export class Likeness {
  private readonly ofObjects = new Map<object, Said>()
  private readonly ofTexts = new Map<string, Said>()
  private readonly scope: number

  constructor(
    private readonly canonical: Canonical,
    private readonly numbers: Numbers,
  ) {
    this.scope = numbers.of(canonical.scope)
  }

  said(text: string): Said {
    let said = this.ofTexts.get(text)
    if (said === undefined) this.ofTexts.set(text, (said = this.lookInto(text)))
    return said
  }

  private lookInto(text: string): Said {
    const outline = this.canonical.outlineOf(text)
    if (outline === undefined) return { outline: this.numbers.of(text), names: [], isNameFree: false }
    return {
      outline: this.numbers.of(outline.text),
      names: outline.names.map((name) => this.numbers.of(name)),
      isNameFree: true,
    }
  }

  /** The same of an object that always says the same. */
  saidBy(object: object, textOf: () => string): Said {
    let said = this.ofObjects.get(object)
    if (said === undefined) this.ofObjects.set(object, (said = this.said(textOf())))
    return said
  }

  /**
   * Texts one after the other, with the names numbered through all of them: two keys are the same where the texts
   * written together would be. Where one of them tells names apart, all names stay what they are.
   */
  keyOf(parts: readonly Said[]): string {
    if (!parts.every((part) => part.isNameFree)) return this.exactKeyOf(parts)
    const numbers = new Map<number, number>()
    let key = `${this.scope}`
    for (const { names, outline } of parts) {
      key += `|${outline}`
      for (const name of names) {
        let number = numbers.get(name)
        if (number === undefined) numbers.set(name, (number = numbers.size))
        key += ` ${number}`
      }
    }
    return key
  }

  /** The same only where the texts are. */
  exactKeyOf(parts: readonly Said[]): string {
    let key = `=${this.scope}`
    for (const { names, outline } of parts) key += `|${outline} ${names.join(' ')}`
    return key
  }
}
