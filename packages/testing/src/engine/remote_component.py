"""Deploys components of ringfence from Python, as a program that knows only their types; JSON in, JSON out."""

import json
import sys

import pulumi
from pulumi import automation

given = json.load(sys.stdin)


class Remote(pulumi.ComponentResource):
    """A component by type and values; its outputs become attributes."""

    def __init__(self, kind, name, args, outputs, provider):
        unset = {output: None for output in outputs}
        options = pulumi.ResourceOptions(providers={"aws": provider})
        super().__init__(f"ringfence:index:{kind}", name, {**args, **unset}, options, True)


def as_configuration(value):
    """Values of providers are texts; all others are JSON in a text."""
    return value if isinstance(value, str) else json.dumps(value)


def program():
    settings = {key: as_configuration(value) for key, value in given["provider"].items()}
    aws = pulumi.ProviderResource("aws", "aws", settings)
    organization = Remote("Organization", "snakes", given["organization"], ["bucketNames"], aws)
    member = Remote("ProvisionedMember", "bot", given["member"], ["userName", "secretAccessKey"], aws)
    pulumi.export("bucket_names", organization.bucketNames)
    pulumi.export("user_name", member.userName)
    pulumi.export("secret", member.secretAccessKey)


stack = automation.create_or_select_stack(
    stack_name="python", project_name="from-python", program=program, work_dir=given["workDir"]
)
tell = {"on_output": lambda text: print(text, file=sys.stderr)}
first = stack.up(**tell).outputs
second = stack.up(**tell).summary.resource_changes
stack.destroy(**tell)
left = stack.export_stack().deployment.get("resources") or []
json.dump(
    {
        "outputs": {
            "bucket_names": first["bucket_names"].value,
            "user_name": first["user_name"].value,
            "secret_is_secret": first["secret"].secret and len(first["secret"].value) == 40,
        },
        "second": sorted(second),
        "left": len(left),
    },
    sys.stdout,
)
