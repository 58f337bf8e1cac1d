"""Runs the checks of scim2-tester against a SCIM server, and prints what they say as JSON lines."""

import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

url, token = sys.argv[1:3]
with Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as http:
    for result in check_server(SyncSCIMClient(http)):
        print(
            json.dumps(
                {
                    "status": result.status.name,
                    "title": result.title,
                    "resourceType": result.resource_type,
                    "reason": result.reason,
                }
            )
        )
