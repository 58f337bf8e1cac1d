import type { Ask, PassRoleStep } from './step.js'
import { inAccount } from './step.js'

const ask = (action: string, on: string): Ask => ({ action, on })

const onInstance = (action: string): Ask => ask(action, inAccount('ec2', 'instance/*'))
const onFunction = (action: string): Ask => ask(action, inAccount('lambda', 'function:*'))
const onProject = (action: string): Ask => ask(action, inAccount('codebuild', 'project/*'))
const onStack = (action: string): Ask => ask(action, inAccount('cloudformation', 'stack/*/*'))
const onStackSet = (action: string): Ask => ask(action, inAccount('cloudformation', 'stackset/*:*'))
const onCluster = (action: string): Ask => ask(action, inAccount('ecs', 'cluster/*'))
const onTask = (action: string): Ask => ask(action, inAccount('ecs', 'task-definition/*:*'))
const onGlueJob = (action: string): Ask => ask(action, inAccount('glue', 'job/*'))
const onSagemaker = (action: string, kind: string): Ask => ask(action, inAccount('sagemaker', `${kind}/*`))
const onBatch = (action: string, kind: string): Ask => ask(action, inAccount('batch', `${kind}/*`))
const ecsService = ask('ecs:CreateService', inAccount('ecs', 'service/*/*'))
const glueTrigger = ask('glue:CreateTrigger', inAccount('glue', 'trigger/*'))
const interpreter = (action: string): Ask =>
  ask(action, inAccount('bedrock-agentcore', 'code-interpreter-custom/*'))

/** What starting an instance takes besides the instance itself. */
const launch = (action: string): readonly Ask[] => [
  onInstance(action),
  ask(action, 'arn:{partition}:ec2:*::image/*'),
  ...['network-interface', 'security-group', 'subnet', 'volume'].map((kind) =>
    ask(action, inAccount('ec2', `${kind}/*`)),
  ),
]
const onProfile = (action: string): Ask => ask(action, 'arn:{partition}:iam::{account}:instance-profile/*')
const intoProfile = onProfile('iam:AddRoleToInstanceProfile')

function passes(
  id: string,
  publicIds: readonly string[],
  services: readonly string[],
  asks: readonly Ask[],
  rest: Pick<PassRoleStep, 'instanceProfile' | 'otherProfile' | 'thing' | 'through'> = {},
): PassRoleStep {
  return { kind: 'passRole', id, publicIds, services, asks, ...rest }
}

const ec2 = ['ec2.amazonaws.com']
const ecs = ['ecs-tasks.amazonaws.com']
const glue = ['glue.amazonaws.com']
const sagemaker = ['sagemaker.amazonaws.com']
const lambda = ['lambda.amazonaws.com']
const codebuild = ['codebuild.amazonaws.com']
const cloudformation = ['cloudformation.amazonaws.com']

/**
 * Steps in which a service is handed a role. Which requests each takes is from the public paths; the resource that each
 * action is asked for is from the service authorization reference.
 */
export const stepsThatPassRoles: readonly PassRoleStep[] = [
  passes(
    'apprunner-service',
    ['apprunner-001'],
    ['tasks.apprunner.amazonaws.com'],
    [ask('apprunner:CreateService', inAccount('apprunner', 'service/*/*'))],
  ),
  passes(
    'code-interpreter',
    ['bedrock-001'],
    ['bedrock-agentcore.amazonaws.com'],
    [
      ask('bedrock-agentcore:CreateCodeInterpreter', '*'),
      interpreter('bedrock-agentcore:StartCodeInterpreterSession'),
      interpreter('bedrock-agentcore:InvokeCodeInterpreter'),
    ],
  ),
  passes(
    'agent-runtime',
    [],
    ['bedrock-agentcore.amazonaws.com'],
    [
      ask('bedrock-agentcore:CreateAgentRuntime', '*'),
      ask('bedrock-agentcore:InvokeAgentRuntime', inAccount('bedrock-agentcore', 'runtime/*')),
    ],
  ),
  passes('new-stack', ['cloudformation-001'], cloudformation, [onStack('cloudformation:CreateStack')]),
  passes('new-stack-by-change-set', [], cloudformation, [
    onStack('cloudformation:CreateChangeSet'),
    onStack('cloudformation:ExecuteChangeSet'),
  ]),
  passes('changed-stack-with-role', [], cloudformation, [onStack('cloudformation:UpdateStack')], {
    thing: 'a stack',
  }),
  passes(
    'new-stack-set',
    ['cloudformation-003'],
    cloudformation,
    [ask('cloudformation:CreateStackSet', '*'), onStackSet('cloudformation:CreateStackInstances')],
    { through: true },
  ),
  passes(
    'changed-stack-set',
    ['cloudformation-004'],
    cloudformation,
    [onStackSet('cloudformation:UpdateStackSet')],
    { through: true, thing: 'a stack set with instances in the account' },
  ),
  passes('new-build', ['codebuild-001'], codebuild, [
    onProject('codebuild:CreateProject'),
    onProject('codebuild:StartBuild'),
  ]),
  passes('new-batch-build', ['codebuild-004'], codebuild, [
    onProject('codebuild:CreateProject'),
    onProject('codebuild:StartBuildBatch'),
  ]),
  passes(
    'changed-build',
    [],
    codebuild,
    [onProject('codebuild:UpdateProject'), onProject('codebuild:StartBuild')],
    { thing: 'a build project' },
  ),
  passes(
    'data-pipeline',
    ['datapipeline-001'],
    ['datapipeline.amazonaws.com', 'elasticmapreduce.amazonaws.com'],
    [
      ask('datapipeline:CreatePipeline', '*'),
      ask('datapipeline:PutPipelineDefinition', inAccount('datapipeline', 'pipeline/*')),
      ask('datapipeline:ActivatePipeline', inAccount('datapipeline', 'pipeline/*')),
    ],
  ),
  passes('new-instance', ['ec2-001'], ec2, launch('ec2:RunInstances'), { instanceProfile: true }),
  passes('new-instance-and-profile', [], ec2, [
    ...launch('ec2:RunInstances'),
    onProfile('iam:CreateInstanceProfile'),
    intoProfile,
  ]),
  passes('new-instance-and-filled-profile', [], ec2, [...launch('ec2:RunInstances'), intoProfile], {
    thing: 'an instance profile without a role',
  }),
  passes(
    'new-instance-and-changed-profile',
    [],
    ec2,
    [...launch('ec2:RunInstances'), onProfile('iam:RemoveRoleFromInstanceProfile'), intoProfile],
    { otherProfile: true },
  ),
  passes(
    'spot-instance',
    ['ec2-003'],
    ec2,
    [ask('ec2:RequestSpotInstances', inAccount('ec2', 'spot-instances-request/*'))],
    { instanceProfile: true },
  ),
  passes(
    'instance-group',
    [],
    ec2,
    [
      ask(
        'autoscaling:CreateLaunchConfiguration',
        inAccount('autoscaling', 'launchConfiguration:*:launchConfigurationName/*'),
      ),
      ask(
        'autoscaling:CreateAutoScalingGroup',
        inAccount('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/*'),
      ),
    ],
    { instanceProfile: true },
  ),
  passes('profile-on-instance', [], ec2, [onInstance('ec2:AssociateIamInstanceProfile')], {
    instanceProfile: true,
    thing: 'an instance without a role that the caller can sign in to',
  }),
  passes('other-profile-on-instance', [], ec2, [onInstance('ec2:ReplaceIamInstanceProfileAssociation')], {
    instanceProfile: true,
    thing: 'an instance with a role that the caller can sign in to',
  }),
  passes('new-cluster-and-service', ['ecs-001'], ecs, [
    onCluster('ecs:CreateCluster'),
    onTask('ecs:RegisterTaskDefinition'),
    ecsService,
  ]),
  passes('new-cluster-and-task', ['ecs-002'], ecs, [
    onCluster('ecs:CreateCluster'),
    onTask('ecs:RegisterTaskDefinition'),
    onTask('ecs:RunTask'),
  ]),
  passes('new-service', ['ecs-003'], ecs, [onTask('ecs:RegisterTaskDefinition'), ecsService], {
    thing: 'an ECS cluster',
  }),
  passes('new-task', ['ecs-004'], ecs, [onTask('ecs:RegisterTaskDefinition'), onTask('ecs:RunTask')], {
    thing: 'an ECS cluster',
  }),
  passes(
    'new-task-on-instance',
    ['ecs-005'],
    ecs,
    [onTask('ecs:RegisterTaskDefinition'), onTask('ecs:StartTask')],
    { thing: 'an ECS cluster with a container instance' },
  ),
  passes('task-with-other-role', [], ecs, [onTask('ecs:RunTask')], {
    thing: 'an ECS cluster and a task definition that runs what it is told to',
  }),
  passes(
    'batch-job',
    [],
    ecs,
    [
      onBatch('batch:RegisterJobDefinition', 'job-definition'),
      onBatch('batch:SubmitJob', 'job-definition'),
      onBatch('batch:SubmitJob', 'job-queue'),
    ],
    { thing: 'a job queue of AWS Batch' },
  ),
  passes('new-dev-endpoint', ['glue-001'], glue, [ask('glue:CreateDevEndpoint', '*')]),
  passes('new-glue-job', ['glue-003'], glue, [onGlueJob('glue:CreateJob'), onGlueJob('glue:StartJobRun')]),
  passes('new-glue-job-and-trigger', ['glue-004'], glue, [onGlueJob('glue:CreateJob'), glueTrigger]),
  passes(
    'changed-glue-job',
    ['glue-005'],
    glue,
    [onGlueJob('glue:UpdateJob'), onGlueJob('glue:StartJobRun')],
    { thing: 'a Glue job' },
  ),
  passes('changed-glue-job-and-trigger', ['glue-006'], glue, [onGlueJob('glue:UpdateJob'), glueTrigger], {
    thing: 'a Glue job',
  }),
  passes('glue-session', [], glue, [
    ask('glue:CreateSession', inAccount('glue', 'session/*')),
    ask('glue:RunStatement', inAccount('glue', 'session/*')),
  ]),
  passes('new-function', ['lambda-001'], lambda, [
    onFunction('lambda:CreateFunction'),
    onFunction('lambda:InvokeFunction'),
  ]),
  passes(
    'new-function-on-events',
    ['lambda-002'],
    lambda,
    [onFunction('lambda:CreateFunction'), ask('lambda:CreateEventSourceMapping', '*')],
    { thing: 'a queue, stream or table with a stream that the role may read' },
  ),
  passes('new-function-for-others', ['lambda-006'], lambda, [
    onFunction('lambda:CreateFunction'),
    onFunction('lambda:AddPermission'),
  ]),
  passes('function-with-other-role', [], lambda, [onFunction('lambda:UpdateFunctionConfiguration')], {
    thing: 'a function that something else invokes',
  }),
  passes('new-notebook', ['sagemaker-001'], sagemaker, [
    onSagemaker('sagemaker:CreateNotebookInstance', 'notebook-instance'),
  ]),
  passes(
    'studio-user',
    [],
    sagemaker,
    [
      onSagemaker('sagemaker:CreateUserProfile', 'user-profile'),
      onSagemaker('sagemaker:CreatePresignedDomainUrl', 'user-profile'),
    ],
    { thing: 'a domain of SageMaker Studio' },
  ),
  passes('training-cluster', [], sagemaker, [onSagemaker('sagemaker:CreateCluster', 'cluster')]),
  passes('monitoring-schedule', [], sagemaker, [
    onSagemaker('sagemaker:CreateMonitoringSchedule', 'monitoring-schedule'),
  ]),
  passes('training-job', ['sagemaker-002'], sagemaker, [
    onSagemaker('sagemaker:CreateTrainingJob', 'training-job'),
  ]),
  passes('processing-job', ['sagemaker-003'], sagemaker, [
    onSagemaker('sagemaker:CreateProcessingJob', 'processing-job'),
  ]),
  passes('tuning-job', [], sagemaker, [
    onSagemaker('sagemaker:CreateHyperParameterTuningJob', 'hyper-parameter-tuning-job'),
  ]),
  passes('model-endpoint', [], sagemaker, [
    onSagemaker('sagemaker:CreateModel', 'model'),
    onSagemaker('sagemaker:CreateEndpointConfig', 'endpoint-config'),
    onSagemaker('sagemaker:CreateEndpoint', 'endpoint'),
  ]),
  passes('transform-job', [], sagemaker, [
    onSagemaker('sagemaker:CreateModel', 'model'),
    onSagemaker('sagemaker:CreateTransformJob', 'transform-job'),
  ]),
  passes('sagemaker-pipeline', [], sagemaker, [
    onSagemaker('sagemaker:CreatePipeline', 'pipeline'),
    onSagemaker('sagemaker:StartPipelineExecution', 'pipeline'),
  ]),
  passes(
    'state-machine',
    [],
    ['states.amazonaws.com'],
    [
      ask('states:CreateStateMachine', inAccount('states', 'stateMachine:*')),
      ask('states:StartExecution', inAccount('states', 'stateMachine:*')),
    ],
  ),
  passes(
    'changed-state-machine',
    [],
    ['states.amazonaws.com'],
    [
      ask('states:UpdateStateMachine', inAccount('states', 'stateMachine:*')),
      ask('states:StartExecution', inAccount('states', 'stateMachine:*')),
    ],
    { thing: 'a state machine' },
  ),
  passes(
    'schedule',
    [],
    ['scheduler.amazonaws.com'],
    [ask('scheduler:CreateSchedule', inAccount('scheduler', 'schedule/*/*'))],
  ),
  passes(
    'automation',
    [],
    ['ssm.amazonaws.com'],
    [ask('ssm:StartAutomationExecution', inAccount('ssm', 'automation-execution/*'))],
  ),
  passes(
    'delivery-pipeline',
    [],
    ['codepipeline.amazonaws.com'],
    [ask('codepipeline:CreatePipeline', inAccount('codepipeline', '*'))],
  ),
  passes(
    'serverless-emr-job',
    [],
    ['emr-serverless.amazonaws.com'],
    [ask('emr-serverless:StartJobRun', inAccount('emr-serverless', '/applications/*'))],
  ),
  passes('emr-cluster', [], ec2, [ask('elasticmapreduce:RunJobFlow', '*')], { instanceProfile: true }),
]
