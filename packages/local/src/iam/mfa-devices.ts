import { AwsError } from '../aws-error.js'
import { alreadyExists, deleteConflict, noSuchEntity } from './errors.js'
import { iamArn } from './identifiers.js'
import { mfaCounter, newMfaSeed } from './mfa-codes.js'
import type { IamOperations } from './operation.js'
import { getUser, namedOrCalling, putUser, required } from './operation.js'
import { page } from './pages.js'
import type { MfaDeviceRecord } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'
import { readTags, tagList } from './tags.js'

/** MFA devices of one user (IAM quotas). */
const maximumDevices = 8

/** Virtual devices (RFC 6238); the seed is told once, at creation. */
export const mfaDeviceOperations = {
  CreateVirtualMFADevice(input, call, { tables, write }) {
    const { account } = call.caller
    const serial = iamArn(
      account,
      `mfa${input.Path ?? '/'}${required(input.VirtualMFADeviceName, 'virtualMFADeviceName')}`,
    )
    return write(() => {
      if (tables.mfaDevices.get([account, serial]) !== undefined) {
        throw alreadyExists('MFADevice entity at the same path and name already exists.')
      }
      const device: MfaDeviceRecord = { account, serial, seed: newMfaSeed(), tags: readTags(input.Tags) }
      tables.mfaDevices.put([account, serial], device)
      const Base32StringSeed = new TextEncoder().encode(device.seed)
      return { VirtualMFADevice: { SerialNumber: serial, Base32StringSeed, Tags: tagList(device.tags) } }
    })
  },

  EnableMFADevice(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const user = getUser(tables, account, required(input.UserName, 'userName'))
      const device = getDevice(tables, account, input.SerialNumber)
      if (device.user !== undefined) throw alreadyExists(`MFA Device is already in use.`)
      if (user.mfa.length >= maximumDevices) {
        throw new AwsError(
          'LimitExceeded',
          `Cannot exceed quota for MFADevicesPerUser: ${maximumDevices}`,
          409,
        )
      }
      const lastCounter = checkTwoCodes(device, input, call.timeMs)
      const enabledMs = call.timeMs
      tables.mfaDevices.put([account, device.serial], { ...device, user: user.name, enabledMs, lastCounter })
      putUser(tables, { ...user, mfa: [...user.mfa, { serial: device.serial, enabledMs }] })
      return {}
    })
  },

  ResyncMFADevice(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const device = getDevice(tables, account, input.SerialNumber)
      if (device.user !== input.UserName) throw noDevice(input.SerialNumber)
      const lastCounter = checkTwoCodes(device, input, call.timeMs)
      tables.mfaDevices.put([account, device.serial], { ...device, lastCounter })
      return {}
    })
  },

  DeactivateMFADevice(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const user = getUser(tables, account, namedOrCalling(input.UserName, call))
      const device = getDevice(tables, account, input.SerialNumber)
      if (device.user !== user.name) throw noDevice(input.SerialNumber)
      const { user: _u, enabledMs: _e, lastCounter: _l, ...free } = device
      tables.mfaDevices.put([account, device.serial], free)
      putUser(tables, { ...user, mfa: user.mfa.filter(({ serial }) => serial !== device.serial) })
      return {}
    })
  },

  DeleteVirtualMFADevice(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const device = getDevice(tables, account, input.SerialNumber)
      if (device.user !== undefined) {
        throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.')
      }
      tables.mfaDevices.delete([account, device.serial])
      return {}
    })
  },

  ListMFADevices(input, call, { tables }) {
    const user = getUser(tables, call.caller.account, namedOrCalling(input.UserName, call))
    const { items, ...rest } = page(user.mfa, input, ({ serial }) => serial)
    const MFADevices = items.map(({ serial, enabledMs }) => ({
      UserName: user.name,
      SerialNumber: serial,
      EnableDate: new Date(enabledMs),
    }))
    return { MFADevices, ...rest }
  },

  ListVirtualMFADevices(input, call, { tables }) {
    const { account } = call.caller
    const status = input.AssignmentStatus ?? 'Any'
    const devices = [...under(tables.mfaDevices, [account])]
      .map(({ value }) => value)
      .filter(({ user }) => status === 'Any' || (user !== undefined) === (status === 'Assigned'))
    const { items, ...rest } = page(devices, input, ({ serial }) => serial)
    const VirtualMFADevices = items.map((device) => {
      const user = device.user === undefined ? undefined : getUser(tables, account, device.user)
      if (user === undefined) return { SerialNumber: device.serial }
      const { name, path, id, arn, createdMs } = user
      const User = { UserName: name, Path: path, UserId: id, Arn: arn, CreateDate: new Date(createdMs) }
      return { SerialNumber: device.serial, User, EnableDate: new Date(device.enabledMs ?? 0) }
    })
    return { VirtualMFADevices, ...rest }
  },

  GetMFADevice(input, call, { tables }) {
    const device = getDevice(tables, call.caller.account, input.SerialNumber)
    if (device.user === undefined || (input.UserName ?? device.user) !== device.user) {
      throw noDevice(input.SerialNumber)
    }
    return {
      UserName: device.user,
      SerialNumber: device.serial,
      EnableDate: new Date(device.enabledMs ?? 0),
    }
  },
} satisfies IamOperations

function getDevice(tables: IamTables, account: string, serial: string | undefined): MfaDeviceRecord {
  const device = tables.mfaDevices.get([account, required(serial, 'serialNumber')])
  if (device === undefined) throw noDevice(serial)
  return device
}

function noDevice(serial: string | undefined): AwsError {
  return noSuchEntity(`VirtualMFADevice with serial number ${serial} does not exist.`)
}

/** Two codes in a row prove that the device has the seed and the time; gives the second one's counter. */
function checkTwoCodes(
  device: MfaDeviceRecord,
  input: {
    readonly AuthenticationCode1: string | undefined
    readonly AuthenticationCode2: string | undefined
  },
  timeMs: number,
): number {
  const first = mfaCounter(device.seed, input.AuthenticationCode1 ?? '', timeMs)
  const second = mfaCounter(device.seed, input.AuthenticationCode2 ?? '', timeMs)
  if (first !== undefined && second === first + 1) return second
  throw new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403)
}
