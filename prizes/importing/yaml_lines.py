"""YAML as plain text values with their lines: no dates made, no objects, no aliases."""

from collections.abc import Iterator
from typing import Any

import yaml

LARGEST = 8 * 1024 * 1024
DEEPEST = 12


class UnreadableYaml(Exception):
    """The file is no YAML that is taken; the message names the line."""


class Mapping(dict[str, Any]):
    """A mapping that knows on which line it begins, and each of its keys stands."""

    line: int
    lines: dict[str, int]


def read_records(data: bytes) -> Iterator[Mapping]:
    """The mappings of a list at the top of the file."""
    top = _compose(data)
    if top is None:
        return
    value = _plain(top, 0)
    if not isinstance(value, list):
        raise UnreadableYaml("A list of records was expected at the top of the file.")
    for record in value:
        if isinstance(record, Mapping):
            yield record
        else:
            raise UnreadableYaml(f"A record is a mapping; found: {str(record)[:60]!r}.")


def _compose(data: bytes) -> yaml.Node | None:
    if len(data) > LARGEST:
        raise UnreadableYaml(f"The file is larger than {LARGEST // 1024**2} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableYaml(f"Not UTF-8: byte {error.start}.") from error
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                line = token.start_mark.line + 1
                raise UnreadableYaml(f"Line {line}: anchors and aliases are not read.")
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise UnreadableYaml(f"{where}{problem}.") from error


def _plain(node: yaml.Node, depth: int) -> Any:
    """Scalars stay the text they are written in: "2024-02-30" is for us to judge."""
    if depth > DEEPEST:
        raise UnreadableYaml(f"Line {node.start_mark.line + 1}: nested too deeply.")
    if isinstance(node, yaml.ScalarNode):
        is_null = node.tag == "tag:yaml.org,2002:null"
        return None if is_null else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, depth + 1) for each in node.value]
    mapping = Mapping()
    mapping.line, mapping.lines = node.start_mark.line + 1, {}
    for key, value in node.value:
        name = str(key.value)
        if name in mapping:
            raise UnreadableYaml(f"Line {key.start_mark.line + 1}: {name!r} stands there twice.")
        mapping[name] = _plain(value, depth + 1)
        mapping.lines[name] = key.start_mark.line + 1
    return mapping
