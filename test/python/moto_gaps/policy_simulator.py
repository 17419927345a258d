"""SimulatePrincipalPolicy, which moto lacks. Supports roles, without permissions boundaries and conditions."""

import json

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.responses import IamResponse


def policies_of(role, backend):
    # moto's CloudFormation keeps the inline policies of a role as objects.
    inline = [each if isinstance(each, str) else json.dumps(each) for each in role.policies.values()]
    return [*role.managed_policies.values(), *inline]


def decision(policies, action):
    results = [IAMPolicy(policy).is_action_permitted(action) for policy in policies]
    if PermissionResult.DENIED in results:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in results else "implicitDeny"


def simulate_principal_policy(self):
    role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
    policies = policies_of(role, self.backend)
    results = [
        {"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": decision(policies, action)}
        for action in self._get_param("ActionNames")
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


IamResponse.simulate_principal_policy = simulate_principal_policy
