"""
What moto 5.2.5 leaves out, and deployments of traced functions need: a gap a file. What its own API can do, these have
its CloudFormation do too. Importing the package fills them all.
"""

from . import (  # noqa: F401
    alias,
    global_table,
    kafka_mapping,
    managed_policies,
    policy_simulator,
    tracing_config,
    update,
    version,
)
