import type { Who } from '@ringfence/policy'
import type { Layered } from '../account/layers-of.js'
import { namingProviders } from '../account/signed-in.js'
import { SIGN_IN } from './doings.js'
import { actionsAskedFor, type Shape } from './region.js'

/**
 * What an identity provider is a principal of: that it vouches for somebody who signs in, with tags and a source
 * identity for the session. [STS API, AssumeRoleWithSAML; IAM User Guide, "Pass session tags in AWS STS"]
 */
const BY_PROVIDERS: readonly string[] = [...SIGN_IN.actions, 'sts:SetSourceIdentity', 'sts:TagSession']

/** Those requests of a shape that principals of a kind can make at all; undefined where there are none. */
export function askedBy(kind: Who['kind'], shape: Shape): Shape | undefined {
  return kind === 'provider' ? ofSignIn(shape) : withoutSignIn(shape)
}

function ofSignIn(shape: Shape): Shape | undefined {
  const actions = actionsAskedFor(shape, BY_PROVIDERS)
  return actions.length === 0 ? undefined : { ...shape, actions }
}

/** Nobody signs these requests: an identity provider vouches for them. */
export function withoutSignIn(shape: Shape): Shape {
  const own = shape.actions.filter((action) => !isSignIn(action))
  return own.length === 0 ? shape : { ...shape, actions: own }
}

/**
 * Where only signing in is asked about, of principals that no provider is: none of them is let in for a provider by which
 * a session of theirs has come about before.
 */
export function withoutProviders(layered: Layered, { actions }: Shape): Layered {
  const { layers, who } = layered.question
  if (who.kind === 'provider' || layers.resourcePolicy === undefined || !actions.every(isSignIn))
    return layered
  const resourcePolicy = namingProviders(layers.resourcePolicy, () => false)
  return { ...layered, question: { ...layered.question, layers: { ...layers, resourcePolicy } } }
}

function isSignIn(action: string): boolean {
  return /^sts:AssumeRoleWith[\w*?]+$/i.test(action)
}
