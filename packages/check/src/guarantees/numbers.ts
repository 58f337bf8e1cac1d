import { Remembered } from '@ringfence/policy'

/** A number for each text, the same in every check that shares them. One that has been forgotten gets another one. */
export class Numbers {
  private readonly ofTexts = new Remembered<number>(262_144)
  private next = 1

  of(text: string): number {
    return this.ofTexts.get(text) ?? this.ofTexts.set(text, this.next++)
  }
}
