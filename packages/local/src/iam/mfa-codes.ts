import { createHmac, randomBytes } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import type { MfaDeviceRecord } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey } from './tables.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const stepMs = 30_000

/** A new seed for one-time codes: 64 characters of base32, as AWS's virtual devices have. */
export function newMfaSeed(): string {
  return [...randomBytes(64)].map((byte) => alphabet[byte & 31]).join('')
}

/** The six digits of a counter (RFC 4226; RFC 6238 with SHA-1 and 30 seconds). */
export function mfaCode(seed: string, counter: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', decodeBase32(seed)).update(message).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** The counter whose code this is, one step early or late allowed; `undefined` for a wrong code. */
export function mfaCounter(seed: string, code: string, timeMs: number): number | undefined {
  const now = Math.floor(timeMs / stepMs)
  return [now, now - 1, now + 1].find((counter) => mfaCode(seed, counter) === code)
}

/** The calling user's device with the counter of the code that was given; AccessDenied otherwise. */
export function checkMfaCode(
  tables: IamTables,
  call: Call,
  serial: string | undefined,
  code: string | undefined,
): { readonly device: MfaDeviceRecord; readonly counter: number } {
  const { account, principal } = call.caller
  const user = tables.users.get(nameKey(account, principal.slice(principal.lastIndexOf('/') + 1)))
  const device =
    serial === undefined || serial.length > 256 ? undefined : tables.mfaDevices.get([account, serial])
  const own = user !== undefined && user.arn === principal && device?.user === user.name
  const counter =
    device === undefined || code === undefined ? undefined : mfaCounter(device.seed, code, call.timeMs)
  if (!own || device === undefined || counter === undefined || counter <= (device.lastCounter ?? -1)) {
    throw new AwsError(
      'AccessDenied',
      'MultiFactorAuthentication failed with invalid MFA one time pass code.',
      403,
    )
  }
  return { device, counter }
}

/** Remembers that a code was used: none is taken twice. Inside a transaction. */
export function takeMfaCode(
  tables: IamTables,
  { device, counter }: { readonly device: MfaDeviceRecord; readonly counter: number },
): void {
  tables.mfaDevices.put([device.account, device.serial], { ...device, lastCounter: counter })
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const character of text) {
    value = (value << 5) | alphabet.indexOf(character)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >>> bits) & 255)
    value &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}
