"""The mapping language: what the columns of files mean, as a value and as YAML."""

from tasuki.connect.mapping.reader import GATE_WORDS, read_mapping
from tasuki.connect.mapping.types import (
    Block,
    Entity,
    FileSpec,
    Gates,
    Mapping,
    MappingInvalid,
    MappingProblem,
    MappingRule,
    Source,
)
from tasuki.connect.mapping.writer import write_mapping

__all__ = [
    "GATE_WORDS",
    "Block",
    "Entity",
    "FileSpec",
    "Gates",
    "Mapping",
    "MappingInvalid",
    "MappingProblem",
    "MappingRule",
    "Source",
    "read_mapping",
    "write_mapping",
]
