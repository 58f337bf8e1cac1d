"""Derives constraints.json from the service models of botocore (Apache-2.0).

Usage: python derive-constraints.py operations.json > constraints.json
where operations.json maps each service to the operations that the local AWS has. The SDK's schemas tell names
and types only; lengths, patterns, enumerations and required members are in the models.
"""

import gzip
import json
import pathlib
import sys

import botocore


def load(service):
    folder = pathlib.Path(botocore.__file__).parent / "data" / service
    version = sorted(path for path in folder.iterdir() if path.name[0] == "2")[-1]
    with gzip.open(version / "service-2.json.gz") as model:
        return json.load(model)


def derive(service, operations):
    model = load(service)
    shapes, used = model["shapes"], {}

    def limits(name, seen):
        if name in seen:
            return False
        shape, seen = shapes[name], seen | {name}
        if any(key in shape for key in ("min", "max", "pattern", "enum")) or shape.get("required"):
            return True
        if shape["type"] == "structure":
            return any(limits(member["shape"], seen) for member in shape.get("members", {}).values())
        return shape["type"] == "list" and limits(shape["member"]["shape"], seen)

    def visit(name):
        if name in used:
            return
        shape, entry = shapes[name], {}
        used[name] = entry
        for key in ("min", "max", "pattern", "enum", "required"):
            if shape.get(key):
                entry[key] = shape[key]
        if shape["type"] == "structure":
            entry["members"] = {}
            for member, target in shape.get("members", {}).items():
                if limits(target["shape"], set()):
                    entry["members"][member] = target["shape"]
                    visit(target["shape"])
        elif shape["type"] == "list" and limits(shape["member"]["shape"], set()):
            entry["item"] = shape["member"]["shape"]
            visit(shape["member"]["shape"])

    inputs = {}
    for operation in operations:
        if "input" in model["operations"][operation]:
            inputs[operation] = model["operations"][operation]["input"]["shape"]
            visit(inputs[operation])
    return {"operations": inputs, "shapes": used}


wanted = json.loads(pathlib.Path(sys.argv[1]).read_text())
services = {service: derive(service, sorted(operations)) for service, operations in sorted(wanted.items())}
source = f"botocore {botocore.__version__}, Apache-2.0; see derive-constraints.py"
json.dump({"source": source, "services": services}, sys.stdout, separators=(",", ":"))
