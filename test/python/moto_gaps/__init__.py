"""
Features that moto 5.2.5 lacks and deployments of traced functions need, one per file. Most add to moto's CloudFormation
what its API supports. Importing the package adds all of them.
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
