import { OutsideSubset } from './outside-subset.js'
import type { Term } from './regular.js'

/** A decimal number as a term of sort Real. */
export function realTerm(text: string): Term {
  const [, sign, whole, fraction = '0'] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined) throw new OutsideSubset(`the number ${text} is not encoded`)
  const digits = `${BigInt(whole)}.${fraction}`
  return sign === '-' ? `(- ${digits})` : digits
}

/** An instant, as seconds since 1970: epoch seconds, or a date with or without a time that has a zone. */
export function instantTerm(text: string): Term {
  if (/^-?\d{5,}(?:\.\d+)?$/.test(text)) return realTerm(text)
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d))?$/.test(text))
    throw new OutsideSubset(`the date ${text} is not encoded`)
  const milliseconds = Date.parse(text)
  if (Number.isNaN(milliseconds)) throw new OutsideSubset(`${text} is no date`)
  const thousandths = String(Math.abs(milliseconds)).padStart(4, '0')
  return realTerm(`${milliseconds < 0 ? '-' : ''}${thousandths.slice(0, -3)}.${thousandths.slice(-3)}`)
}

/** A network: its version, and the bits that its addresses begin with. */
export interface Network {
  readonly bits: 32 | 128
  readonly prefix: string
}

/** Reads a network, or one address. IPv6 is read in its full and its shortened form, without IPv4 in it. */
export function networkOf(text: string): Network {
  const [address = '', length] = text.split('/')
  const bits = address.includes(':') ? 128 : 32
  const whole = bits === 32 ? bitsOf(address.split('.'), 10, 8) : bitsOf(groupsOf(address), 16, 16)
  const prefixLength = length === undefined ? bits : Number(length)
  if (whole.length !== bits || !(prefixLength >= 0 && prefixLength <= bits))
    throw new OutsideSubset(`the network ${text} is not encoded`)
  return { bits, prefix: whole.slice(0, prefixLength) }
}

const bitsOf = (parts: readonly string[], base: number, width: number): string =>
  parts.map((part) => Number.parseInt(part, base).toString(2).padStart(width, '0')).join('')

const split = (groups: string): readonly string[] => (groups === '' ? [] : groups.split(':'))

function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::')
  if (tail === undefined) return split(head)
  const zeros = Array.from({ length: 8 - split(head).length - split(tail).length }, () => '0')
  return [...split(head), ...zeros, ...split(tail)]
}

/** Whether the address, a bit vector of that width, lies in the network. */
export function inNetwork(address: Term, { bits, prefix }: Network): Term {
  if (prefix === '') return 'true'
  return `(= ((_ extract ${bits - 1} ${bits - prefix.length}) ${address}) #b${prefix})`
}
