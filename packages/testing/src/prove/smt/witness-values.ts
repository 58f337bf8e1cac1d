/** A rational number of a model. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** What the solver gives a constant: strings and numbers as texts. */
export type ModelValue = string | boolean

/** Constants by name. */
export type RawModel = Readonly<Record<string, ModelValue>>

/** The values that a solver found for the constants of a query. */
export class Model {
  constructor(private readonly values: RawModel) {}

  has(name: string): boolean {
    return this.values[name] !== undefined
  }

  text(name: string): string {
    const value = this.values[name]
    if (typeof value !== 'string') throw new Error(`the model has no text ${name}`)
    return value
  }

  isTrue(name: string): boolean {
    const value = this.values[name]
    if (typeof value !== 'boolean') throw new Error(`the model has no boolean ${name}`)
    return value
  }

  rational(name: string): Rational {
    const [numerator = '', denominator = '1'] = this.text(name).split('/')
    return { numerator: BigInt(numerator), denominator: BigInt(denominator) }
  }

  whole(name: string): bigint {
    return BigInt(this.text(name))
  }
}

/** Nine digits behind the point are what the dates and numbers of requests are tried with. */
const SCALE = 1_000_000_000n

/** A rational number in decimal. Throws when nine digits behind the point do not tell it. */
export function printDecimal({ denominator, numerator }: Rational): string {
  const scaled = (numerator * SCALE) / denominator
  if (scaled * denominator !== numerator * SCALE)
    throw new Error(`${numerator}/${denominator} has more than nine digits`)
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -9)}${fraction === '' ? '' : `.${fraction}`}`
}

export function printIpv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 0xffn)).join('.')
}

export function printIpv6(address: bigint): string {
  const digits = address.toString(16).padStart(32, '0')
  return digits.match(/.{4}/g)!.join(':')
}
