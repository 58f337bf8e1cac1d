import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBase64 } from './base64.js'
import { parseInstant } from './date.js'
import { networkContains, parseIpAddress, parseIpNetwork } from './ip.js'
import { parseNumber } from './number.js'

describe('parseInstant', () => {
  it.each([
    ['2027-03-31T00:00:00Z', Date.UTC(2027, 2, 31)],
    ['2027-03-31T02:30:00+02:30', Date.UTC(2027, 2, 31)],
    ['2027-03-30T22:00Z', Date.UTC(2027, 2, 30, 22)],
    ['2027-03', Date.UTC(2027, 2, 1)],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
    ['0099-01-01', new Date('0099-01-01T00:00:00Z').getTime()],
    ['1806451200', 1_806_451_200_000],
    ['1.5', 1500],
    ['-1', -1000],
  ])('reads %s', (text, expected) => expect(parseInstant(text)).toBe(expected))

  it.each([
    '',
    'now',
    '2027-02-29',
    '2027-13-01',
    '2027-00-01',
    '2027-1-1',
    '2027-01-01T00:00:00',
    '2027-01-01 00:00Z',
  ])('refuses %j', (text) => expect(parseInstant(text)).toBeUndefined())

  it('reads what a Date prints', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime())
      }),
    )
  })
})

describe('addresses', () => {
  it.each([
    ['::', [0, 0, 0, 0]],
    ['::1', [0, 0, 0, 1]],
    ['2001:db8::', [0x20010db8, 0, 0, 0]],
    ['::ffff:192.0.2.1', [0, 0, 0xffff, 0xc0000201]],
    ['1:2:3:4:5:6:7:8', [0x10002, 0x30004, 0x50006, 0x70008]],
    ['255.255.255.255', [0xffffffff]],
  ])('reads %s', (text, words) => expect(parseIpAddress(text)).toEqual(words))

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    ':::',
    '1:2:3:4:5:6:7',
    '::1::',
    '12345::',
    '1.2.3.4::',
  ])('refuses %j', (text) => expect(parseIpAddress(text)).toBeUndefined())

  it('holds exactly the addresses that share the prefix', () => {
    const address = fc.nat({ max: 0xffffffff })
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (base, other, prefixLength) => {
        const network = parseIpNetwork(`${dotted(base)}/${prefixLength}`)!
        const bits = (word: number) => word.toString(2).padStart(32, '0').slice(0, prefixLength)
        expect(networkContains(network, parseIpAddress(dotted(other))!)).toBe(bits(base) === bits(other))
        expect(networkContains(network, [base])).toBe(true)
      }),
    )
  })
})

function dotted(word: number): string {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.')
}

describe('parseBase64', () => {
  it('reads what Node prints', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(parseBase64(Buffer.from(bytes).toString('base64'))).toEqual([...bytes])
      }),
    )
  })

  it.each(['A', 'A===', 'QQ=', 'Q Q=', 'QQ==QQ=='])('refuses %j', (text) =>
    expect(parseBase64(text)).toBeUndefined(),
  )
})

describe('parseNumber', () => {
  it.each([
    ['10', 10],
    ['-0.5', -0.5],
    ['+3', 3],
    ['1e3', 1000],
    ['.5', 0.5],
  ])('reads %s', (text, expected) => expect(parseNumber(text)).toBe(expected))

  it.each(['', ' 1', '1 ', '0x10', 'Infinity', 'NaN', '1e999', '--1'])('refuses %j', (text) =>
    expect(parseNumber(text)).toBeUndefined(),
  )
})
