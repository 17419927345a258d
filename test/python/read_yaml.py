"""Reads a list of YAML texts with PyYAML. All scalars are text; a text that can't be read is null."""

import json
import sys

import yaml


class Loader(yaml.BaseLoader):
    pass


def short_form(loader, name, node):
    if isinstance(node, yaml.ScalarNode):
        content = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        content = loader.construct_sequence(node, deep=True)
    else:
        content = loader.construct_mapping(node, deep=True)
    return {"Ref" if name == "Ref" else f"Fn::{name}": content}


Loader.add_multi_constructor("!", short_form)


def read(text):
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError:
        return None


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
