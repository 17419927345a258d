"""
Stack updates in dependency order. moto adds resources before it changes others, so a new version would have the
old configuration of its function. It also does not update resources that refer to a replaced one.
"""

import json

from moto.cloudformation.parsing import ResourceMap, parse_and_update_resource

update_in_moto = ResourceMap.update


def update(self, template, parameters=None):
    before = self._resource_json_map
    after = template["Resources"]
    functions = changed("AWS::Lambda::Function", before, after)
    update_in_moto(self, {**template, "Resources": {**before, **functions}}, parameters)
    update_in_moto(self, template, parameters)
    replaced = changed("AWS::Lambda::Version", before, after)
    for logical_id, resource in after.items():
        if resource["Type"] == "AWS::Lambda::Alias" and refers_to(resource, replaced):
            self._parsed_resources[logical_id] = parse_and_update_resource(
                logical_id, resource, self, self._account_id, self._region_name
            )


def changed(resource_type, before, after):
    return {
        logical_id: resource
        for logical_id, resource in after.items()
        if resource["Type"] == resource_type
        and logical_id in before
        and before[logical_id] != resource
    }


def refers_to(resource, others):
    return any(f'"{logical_id}"' in json.dumps(resource) for logical_id in others)


ResourceMap.update = update
