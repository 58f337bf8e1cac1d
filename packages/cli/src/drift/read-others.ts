import {
  type Organizations,
  paginateListPolicies,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations'
import { paginateListTags, type SageMaker } from '@aws-sdk/client-sagemaker'
import { canonicalText, type Fact, present, type Thing } from '@ringfence/lifecycle'
import { collect } from '../offboard/read-user.js'
import { tagsOf } from './read-iam.js'
import { type DriftScope, namesOf } from './scope.js'
import { unlessGone } from './unless-gone.js'

/** Reads the projects of these names. */
export async function readProjects(sageMaker: SageMaker, names: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = []
  for (const ProjectName of names) {
    const project = await unlessGone(sageMaker.describeProject({ ProjectName }), 'ValidationException')
    if (project === undefined || project.ProjectStatus === 'DeleteCompleted') continue
    const thing: Thing = `project/${ProjectName}`
    const pages = paginateListTags({ client: sageMaker }, { ResourceArn: project.ProjectArn })
    facts.push(
      { thing, aspect: 'exists', value: present },
      ...tagsOf(thing, await collect(pages, (page) => page.Tags)),
    )
  }
  return facts
}

/** What AWS Organizations says of ringfence's service control policies, and the ids that it gave them. */
interface GuardrailsFound {
  readonly facts: readonly Fact[]
  readonly arns: ReadonlyMap<Thing, string>
}

/**
 * Reads ringfence's service control policies, as the management account sees them. Others that are attached to the
 * account are the organization's: they take away, and give nobody anything.
 */
export async function readGuardrails(
  organizations: Organizations,
  scope: DriftScope,
): Promise<GuardrailsFound> {
  const names = new Set([...scope.guardrails, ...namesOf(scope, 'guardrail')])
  const client = { client: organizations }
  const Filter = 'SERVICE_CONTROL_POLICY'
  const listed = await collect(paginateListPolicies(client, { Filter }), (page) => page.Policies)
  const facts: Fact[] = []
  const arns = new Map<Thing, string>()
  for (const { Id: PolicyId = '', Name = '', Description = '' } of listed) {
    if (!names.has(Name)) continue
    const thing: Thing = `guardrail/${Name}`
    arns.set(thing, PolicyId)
    const { Policy } = await organizations.describePolicy({ PolicyId })
    const targets = await collect(paginateListTargetsForPolicy(client, { PolicyId }), (page) => page.Targets)
    facts.push(
      { thing, aspect: 'exists', value: present },
      { thing, aspect: 'description', value: Description },
      { thing, aspect: 'document', value: canonicalText(Policy?.Content ?? '') },
      ...targets.map(({ TargetId: name = '' }): Fact => ({ thing, aspect: 'target', name, value: present })),
    )
  }
  return { facts, arns }
}
