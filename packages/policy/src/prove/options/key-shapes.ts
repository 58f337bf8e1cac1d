/** What AWS sends for a condition key. */
export interface KeyShape {
  /** `any`: not known, so texts that the operators cannot read may come too. */
  readonly type:
    'any' | 'text' | 'arn' | 'account' | 'organization' | 'boolean' | 'number' | 'instant' | 'address'
  /** In every request. */
  readonly always: boolean
  /** A list; undefined where it is not known. */
  readonly many: boolean | undefined
}

const shape = (type: KeyShape['type'], always = false, many = false): KeyShape => ({ type, always, many })

/**
 * The global keys that are not simply texts which may be missing. Keys that follow from principal and resource
 * are not among them: those are not free. [reference_policies_condition-keys, "Availability"]
 */
const GLOBAL_SHAPES: ReadonlyMap<string, KeyShape> = new Map([
  ['aws:assumedroot', shape('boolean')],
  ['aws:calledvia', shape('text', false, true)],
  ['aws:chatbotsourcearn', shape('arn')],
  ['aws:ec2instancesourcevpc', shape('text')],
  ['aws:ec2instancesourceprivateipv4', shape('address')],
  ['aws:multifactorauthage', shape('number')],
  ['aws:multifactorauthpresent', shape('boolean')],
  ...['principal', 'resource', 'source', 'vpce'].map(
    (of) => [`aws:${of}orgid`, shape('organization')] as const,
  ),
  ['aws:principalorgpaths', shape('text', false, true)],
  ['aws:principalservicenameslist', shape('text', false, true)],
  ['aws:requestedregion', shape('text', true)],
  ['aws:resourceorgpaths', shape('text', false, true)],
  ['aws:securetransport', shape('boolean', true)],
  ['aws:sourceaccount', shape('account')],
  ['aws:sourcearn', shape('arn')],
  ['aws:sourceip', shape('address')],
  ['aws:sourceorgpaths', shape('text', false, true)],
  ['aws:tagkeys', shape('text', false, true)],
  ['aws:tokenissuetime', shape('instant')],
  ['aws:viaawsservice', shape('boolean', true)],
  ['aws:vpceaccount', shape('account')],
  ['aws:vpceorgpaths', shape('text', false, true)],
  ['aws:vpcsourceip', shape('address')],
])

const TEXT = shape('text')
const UNKNOWN: KeyShape = { type: 'any', always: false, many: undefined }

/** The shape of a key, by its name in lower case. */
export function keyShape(name: string): KeyShape {
  return GLOBAL_SHAPES.get(name) ?? (name.startsWith('aws:') ? TEXT : UNKNOWN)
}

/** The instant of the request, in two writings. Always sent. */
export const CLOCK_KEYS: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime'])

/** Keys that follow from who asks. */
export const PRINCIPAL_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:username',
  'aws:userid',
  'aws:principalisawsservice',
  'aws:principalservicename',
])

/** Keys that follow from what is asked for. */
export const RESOURCE_KEYS: ReadonlySet<string> = new Set(['aws:resourceaccount'])
