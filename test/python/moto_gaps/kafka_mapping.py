"""Event source mappings for Amazon MSK, which moto rejects because it has no MSK clusters."""

from moto.awslambda.models import EventSourceMapping, LambdaBackend

create = LambdaBackend.create_event_source_mapping


class KafkaMapping(EventSourceMapping):
    # Plain values replace properties that support only other event sources.
    event_source_arn = None
    batch_size = None


def create_event_source_mapping(self, spec):
    if spec["EventSourceArn"].split(":")[2] != "kafka":
        return create(self, spec)
    fn = self.get_function(spec["FunctionName"])
    location = {"RegionName": self.region_name, "AccountId": self.account_id}
    mapping = KafkaMapping({**spec, **location, "FunctionArn": fn.function_arn})
    self._event_source_mappings[mapping.uuid] = mapping
    return mapping


LambdaBackend.create_event_source_mapping = create_event_source_mapping
