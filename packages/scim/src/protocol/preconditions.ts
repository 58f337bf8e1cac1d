import { ScimError } from '../scim-error.js'
import type { ScimRequest } from './request.js'

/** Refuses a change of something that is not any more what the client has seen (RFC 7644, section 3.14). */
export function requireMatch({ ifMatch }: ScimRequest, version: string): void {
  if (ifMatch === undefined || names(ifMatch, version)) return
  throw new ScimError(412, undefined, `this is version ${version} now; read it again before changing it`)
}

/** Whether the client has the newest version already. */
export function isUnchanged({ ifNoneMatch }: ScimRequest, version: string): boolean {
  return ifNoneMatch !== undefined && names(ifNoneMatch, version)
}

/** Compared weakly, since all of ours are weak (RFC 9110, section 8.8.3.2). */
function names(header: string, version: string): boolean {
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(version))
}

function bare(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
