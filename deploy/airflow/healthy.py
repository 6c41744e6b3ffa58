#!/usr/local/bin/python
"""Health check of the containers: healthy URL [PART].

Exits 0 when the address answers with 2xx and, if one is named, the part of its JSON
answer is healthy; Airflow's API server reports its scheduler and DAG processor that way.
"""

import json
import sys
import urllib.request

url, *parts = sys.argv[1:]
with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - http, our own
    body = answer.read()
for part in parts:
    status = json.loads(body)[part]["status"]
    if status != "healthy":
        sys.exit(f"{part}: {status}")
