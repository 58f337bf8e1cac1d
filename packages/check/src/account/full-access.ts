import type { NamedPolicy } from './account.js'

const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

/** A policy that allows everything: AWS's own FullAWSAccess, and whatever may say anything. */
export function fullAccessOf(name: string): NamedPolicy {
  return { name, document }
}
