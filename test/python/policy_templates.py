"""Prints the policy templates of SAM."""

import json
import sys
from pathlib import Path

import samtranslator

path = Path(samtranslator.__file__).parent / "policy_templates_data" / "policy_templates.json"
json.dump(json.loads(path.read_text())["Templates"], sys.stdout)
