"""The mapping language: read back as written, every mistake at once."""

from pathlib import Path

import pytest

from tasuki.connect.mapping import MappingInvalid, MappingRule, read_mapping, write_mapping
from tests.connect.filing import MAPPING
from tests.connect.test_importing import FACTS

OLIST = Path(__file__).parent.parent.parent / "examples" / "olist.yaml"


@pytest.mark.parametrize("text", [MAPPING, FACTS, OLIST.read_text("utf-8")])
def test_a_mapping_is_read_back_as_it_was_written(text: str) -> None:
    mapping = read_mapping(text)

    assert read_mapping(write_mapping(mapping)) == mapping


def test_every_mistake_is_told_at_once() -> None:
    text = """\
currency: YEN
time_zone: Mars
gates: perhaps
colour: red
files: {leads: leads.csv, deals: {name: x}}
records:
  - {entity: acount, from: leads, fields: {}}
  - {entity: account, from: lead, fields: {nmae: company}}
  - {entity: person, from: leads, fields: {title: x}}
  - {entity: user, from: leads, fields: {email: deals.mail, family_name: {column: a, value: b}},
     stages: {MQL: x}}
  - {entity: journey, from: leads, fields: {account: "{broken"}, owners: {sales: x}}
"""
    with pytest.raises(MappingInvalid) as invalid:
        read_mapping(text)

    told = {(problem.path, problem.rule) for problem in invalid.value.problems}
    assert told >= {
        ("source", MappingRule.MISSING),
        ("currency", MappingRule.WRONG_VALUE),
        ("time_zone", MappingRule.WRONG_VALUE),
        ("gates", MappingRule.UNKNOWN_NAME),
        ("colour", MappingRule.UNKNOWN_NAME),
        ("files.deals.file", MappingRule.MISSING),
        ("files.deals.key", MappingRule.MISSING),
        ("records[0].entity", MappingRule.UNKNOWN_NAME),
        ("records[1].from", MappingRule.UNKNOWN_NAME),
        ("records[1].fields.nmae", MappingRule.UNKNOWN_NAME),
        ("records[1].fields.name", MappingRule.MISSING),
        ("records[2].fields.full_name", MappingRule.MISSING),
        ("records[3].fields.family_name", MappingRule.TWO_SOURCES),
        ("records[3].stages", MappingRule.UNKNOWN_NAME),
        ("records[4].fields.account.template", MappingRule.WRONG_VALUE),
        ("records[4].owners.sales", MappingRule.UNKNOWN_NAME),
    }
    assert all(p.message.ja and p.message.en for p in invalid.value.problems)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: [", MappingRule.NOT_YAML),
        ("- a", MappingRule.WRONG_SHAPE),
        ("source: x\nfiles: {a: b.csv}\nrecords: x", MappingRule.WRONG_SHAPE),
        ("source: {a: b}\nfiles: {a: b.csv}\nrecords: []", MappingRule.WRONG_SHAPE),
    ],
)
def test_what_is_no_mapping_is_refused(text: str, rule: MappingRule) -> None:
    with pytest.raises(MappingInvalid) as invalid:
        read_mapping(text)
    assert invalid.value.problems[0].rule is rule


def test_texts_stay_texts() -> None:
    text = MAPPING.replace("size}", "{column: size, map: {no: 0120, yes: 1}}}")

    assert read_mapping(text).blocks[0].fields["employees"].translate == {"no": "0120", "yes": "1"}
