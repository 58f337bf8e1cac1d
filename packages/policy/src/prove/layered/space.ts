import { actionOptions, actionTerm } from '../options/action-options.js'
import { Undecided, type Bounds } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import { distinct, type Dimension } from '../options/dimension.js'
import { keyDimensions } from '../options/key-dimensions.js'
import { KnownRequests } from '../options/known-requests.js'
import { principalOptions } from '../options/principal-options.js'
import type { PrincipalScope } from '../options/principal-scope.js'
import { resourceOptions, resourceTerm } from '../options/resource-options.js'
import type { SearchSpace } from '../search/solve.js'
import type { Term } from '../search/term.js'

/** All variables of a term with their options. */
export interface LayeredSpace extends SearchSpace {
  /** The last of the shared dimensions is who asks. */
  readonly hasPrincipal: boolean
}

/** `scope`: who asks; undefined where that is fixed. The resources are those that `owner` can own. */
export function layeredSpace(
  term: Term,
  scope: PrincipalScope | undefined,
  owner: string,
  catalogue: ActionCatalogue | undefined,
  bounds: Bounds,
): LayeredSpace | Undecided {
  const resourcesAsked = resourceTerm(term, bounds, owner)
  if (resourcesAsked instanceof Undecided) return resourcesAsked
  const resources = resourceOptions(resourcesAsked, bounds)
  if (resources instanceof Undecided) return resources
  const actionsAsked = actionTerm(term)
  const actions = actionOptions(actionsAsked, bounds)
  if (actions instanceof Undecided) return actions
  const shared: Dimension[] | Undecided = keyDimensions(term, bounds)
  if (shared instanceof Undecided) return shared
  const principals = scope && principalOptions(term, scope, bounds)
  if (principals instanceof Undecided) return principals
  if (principals) shared.push({ options: distinct(principals) })
  return {
    shared,
    actions: { options: distinct(actions) },
    resources: { options: distinct(resources) },
    known: catalogue && new KnownRequests(actionsAsked, resourcesAsked, catalogue, term.all, bounds),
    hasPrincipal: principals !== undefined,
  }
}
