import type { KeysOfStack } from '@ringfence/lifecycle'
import type { Session } from '../deploy/session.js'

export function keysOfStack({ declaration, kept, state }: Session): KeysOfStack {
  return { declaration, kept, resources: state?.deployment.resources ?? [] }
}
