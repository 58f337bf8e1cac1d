import { actionTerm, unnamedService, type ActionTerm } from '../options/action-term.js'
import { Budget, Undecided, type Bounds } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import {
  distinct,
  type ActionValue,
  type Dimension,
  type Option,
  type ResourceValue,
} from '../options/dimension.js'
import { sliceOf } from './goal-slice.js'
import { keyDimensions } from '../options/key-dimensions.js'
import { KnownActions } from '../options/known-actions.js'
import { ACTION_NAMES } from '../texts/language.js'
import { partitionTexts } from '../texts/partition.js'
import { principalOptions } from '../options/principal-options.js'
import type { PrincipalScope } from '../options/principal-scope.js'
import { ResourceFinder } from '../options/resource-finder.js'
import { resourceTerm } from '../options/resource-options.js'
import { optionsOf, strikeOut, type Choice, type Difference, type Goal, type Point } from './solve.js'
import type { Term } from './term.js'

/** What all goals of a search have in common. */
export interface Asked {
  /** Who asks; undefined where that is fixed. */
  readonly scope: PrincipalScope | undefined
  /** 12 digits: only what this account, or AWS, can own. */
  readonly owner?: string
  /** The requests of the known world are looked for too. */
  readonly catalogue: ActionCatalogue | undefined
  readonly bounds: Bounds
}

/**
 * Looks for a point of one of the goals, each by itself: among the statements that matter to it, and only as far
 * as it takes to find one. Known requests are among all requests, so that they are looked through only where these
 * have a point.
 */
export function searchGoals(goals: Iterable<Goal>, term: Term, asked: Asked): Difference {
  const { catalogue } = asked
  let { bounds } = asked
  const budget = new Budget(
    bounds.combinations,
    'combinations of classes',
    'compare fewer statements at a time',
  )
  let open: Point | undefined
  let openUndecided: Undecided | undefined
  let knownUndecided: Undecided | undefined
  for (const goal of goals) {
    const slice = sliceOf(term, goal)
    if (!slice) continue
    const search = prepare(slice.term, slice.goal, { ...asked, bounds }, budget)
    const anywhere = search instanceof GoalSearch ? search.open() : search
    if (anywhere instanceof Undecided) {
      openUndecided ??= anywhere
      // Others may still be found, but all the searches together are bounded too.
      bounds = halved(bounds)
    }
    if (!anywhere || !(search instanceof GoalSearch) || anywhere instanceof Undecided) continue
    open ??= anywhere
    if (!catalogue) break
    const found = search.known(catalogue)
    if (found instanceof Undecided) knownUndecided ??= found
    else if (found) return { open: found, known: found }
  }
  return { open: open ?? openUndecided, known: knownUndecided ?? openUndecided }
}

function halved({ classes, combinations, states }: Bounds): Bounds {
  return { classes, combinations: combinations >> 1, states: states >> 1 }
}

/** Settles keys and who asks, of which nothing else hangs on; undefined where they make the goal impossible. */
function prepare(
  term: Term,
  goal: Goal,
  { bounds, owner, scope }: Asked,
  budget: Budget,
): GoalSearch | undefined | Undecided {
  const shared: Dimension[] | Undecided = keyDimensions(term, goal, bounds)
  if (shared instanceof Undecided) return shared
  const principals = scope && principalOptions(term, scope, bounds)
  if (principals instanceof Undecided) return principals
  if (principals) shared.push({ options: distinct(principals) })
  const front = strikeOut(goal, shared, budget)
  if (front instanceof Undecided) return front
  if (front.length === 0) return undefined
  const resources = resourceTerm(term, bounds, owner)
  if (resources instanceof Undecided) return resources
  const finder = new ResourceFinder(resources, term.all + 1n, bounds)
  return new GoalSearch(goal, front, principals !== undefined, actionTerm(term), finder, bounds, budget)
}

class GoalSearch {
  constructor(
    private readonly goal: Goal,
    private readonly front: readonly Choice[],
    private readonly hasPrincipal: boolean,
    private readonly actions: ActionTerm,
    private readonly resources: ResourceFinder,
    private readonly bounds: Bounds,
    private readonly budget: Budget,
  ) {}

  open(): Point | undefined | Undecided {
    let undecided: Undecided | undefined
    for (const action of this.openActions()) {
      if (action instanceof Undecided) return action
      const found = this.withResource(action.mask, action.value, [undefined])
      if (found instanceof Undecided) undecided ??= found
      else if (found) return found
    }
    return undecided
  }

  known(catalogue: ActionCatalogue): Point | undefined | Undecided {
    const { required } = this.goal
    let undecided: Undecided | undefined
    const groups = new KnownActions(this.actions, catalogue).groups((every, some) => {
      const left = every & this.resources.always
      return (some & required) === required && this.front.some(({ mask }) => (mask & left) === 0n)
    })
    for (const { action, forms, mask } of groups) {
      const found = this.withResource(mask, action, forms)
      if (found instanceof Undecided) undecided ??= found
      else if (found) return found
    }
    return undecided
  }

  /** Actions with the required bits, in a world in which any service may have an action of any name. */
  private *openActions(): Generator<Option<ActionValue> | Undecided> {
    const { everything, negated, services } = this.actions
    const { required } = this.goal
    const others = everything ^ negated
    if ((others & required) === required)
      yield { mask: others, value: { service: unnamedService(services), name: 'a' } }
    const needed = required & ~negated & ~everything
    for (const [service, { patterns }] of services) {
      const options = { language: ACTION_NAMES, bounds: this.bounds, what: `the actions of ${service}` }
      const classes = partitionTexts(patterns, {
        ...options,
        required: needed,
        forbidden: required & negated,
      })
      if (classes instanceof Undecided) yield classes
      else
        for (const { atoms, text } of classes) {
          const mask = (atoms | everything) ^ negated
          if ((mask & required) === required) yield { mask, value: { service, name: text } }
        }
    }
  }

  /** With one of these forms of resources; `undefined` is any resource, and no form that there is none. */
  private withResource(
    actionMask: bigint,
    action: ActionValue,
    forms: readonly (string | undefined)[],
  ): Point | undefined | Undecided {
    const { required } = this.goal
    let undecided: Undecided | undefined
    const { always, bare } = this.resources
    for (const choice of this.front) {
      const rest = choice.mask & actionMask
      if ((rest & always) !== 0n) continue
      if (!this.budget.spend()) return this.budget.exhausted()
      const point = (resource: Option<ResourceValue>): Point => {
        const asked = { action, resource: resource.value, ties: resource.ties ?? [] }
        return { shared: optionsOf(choice), asked, hasPrincipal: this.hasPrincipal }
      }
      const withoutArn = forms.length === 0 || forms[0] === undefined
      const none = withoutArn
        ? bare.find(({ mask }) => (mask & required) === required && (mask & rest) === 0n)
        : undefined
      if (none) return point(none)
      for (const form of forms) {
        const resource = this.resources.arn(required, rest, form)
        if (resource instanceof Undecided) undecided ??= resource
        else if (resource) return point(resource)
      }
    }
    return undecided
  }
}
