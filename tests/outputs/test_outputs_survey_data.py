"""survey.json: what other programs may count on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from desk import Made

from agent.cli.main import cli
from agent.errors import OutputError
from agent.outputs.survey_files import plan_of, read_survey
from agent.records import Survey, to_json

EVIDENCE = {"key", "part", "page", "sentence", "start", "end", "text"}
CLAIM = {
    "id",
    "text",
    "kind",
    "citations",
    "evidence",
    "scope",
    "absent",
    "near",
    "verdict",
    "judged",
    "by",
    "problems",
}
FINDING = {"text", "evidence"}
KEYS: dict[str, set[str]] = {
    "survey": {"format", "title", "topic", "date", "made_from", "engine", "flow", "themes", "frame", "outliers", "missing",
               "dropped", "summaries", "papers", "ledger", "usage", "files"},
    "engine": {"name", "models", "version", "prompts", "verify"},
    "flow": {"read", "rejected", "duplicates", "excluded", "outliers", "cited", "uncited", "missing"},
    "theme": {"id", "title", "description", "papers", "paragraphs", "tables"},
    "frame": {"introduction", "comparison", "outlook"},
    "paragraph": {"heading", "claims"},
    "claim": CLAIM,
    "problem": {"code", "message", "where"},
    "evidence": EVIDENCE,
    "table": {"caption", "columns", "rows"},
    "column": {"id", "title"},
    "row": {"key", "cells"},
    "cell": {"text", "evidence"},
    "outlier": {"key", "reason"},
    "summary": {"kind", "also", "task", "problem", "names", "approach", "findings", "results", "data", "models", "hardware",
                "compared_with", "limitations", "links"},
    "finding": FINDING,
    "result": {"metric", "value", "baseline", "setting", "evidence"},
    "paper": {"key", "aliases", "title", "authors", "year", "date", "type", "venue", "doi", "arxiv_id", "url", "links", "texts",
              "title_original", "abstract_original", "sources", "collections", "notes", "keywords", "files", "ids", "version",
              "retracted", "fields"},
    "texts": {"title", "abstract"},
    "source": {"source", "position", "fields"},
    "ledger": {"source", "position", "key", "title", "status", "where", "reason"},
    "usage": {"calls", "input_tokens", "output_tokens", "cost"},
    "file": {"sha256", "written_as"},
}  # fmt: skip
Found = Iterator[tuple[str, dict[str, Any]]]


def objects(data: dict[str, Any]) -> Found:
    """Every object of a survey with the name of its kind."""
    yield "survey", data
    yield from ((name, data[name]) for name in ("engine", "flow", "frame", "usage"))
    for name, listed in (
        ("outlier", data["outliers"]),
        ("ledger", data["ledger"]),
        ("file", data["files"].values()),
    ):
        yield from ((name, item) for item in listed)
    yield from (("theme", theme) for theme in data["themes"])
    for part in [*data["themes"], *(part for part in data["frame"].values() if part)]:
        for paragraph in part["paragraphs"]:
            yield "paragraph", paragraph
            for claim in paragraph["claims"]:
                yield from claim_objects(claim)
        for table in part["tables"]:
            yield "table", table
            yield from (("column", column) for column in table["columns"])
            for row in table["rows"]:
                yield "row", row
                for cell in row["cells"]:
                    yield "cell", cell
                    yield from (("evidence", evidence) for evidence in cell["evidence"])
    for dropped in data["dropped"]:
        yield from claim_objects(dropped["claim"])
    for paper in data["papers"].values():
        yield "paper", paper
        yield "texts", paper["texts"]
        yield from (("source", source) for source in paper["sources"])
    for summary in data["summaries"].values():
        yield "summary", summary
        one = [summary[name] for name in ("problem", "approach") if summary[name]]
        for finding in [*one, *summary["findings"], *summary["limitations"]]:
            yield "finding", finding
            yield from (("evidence", evidence) for evidence in finding["evidence"])
        for result in summary["results"]:
            yield "result", result
            yield from (("evidence", evidence) for evidence in result["evidence"])


def claim_objects(claim: dict[str, Any]) -> Found:
    yield "claim", claim
    yield from (("evidence", evidence) for evidence in claim["evidence"])
    yield from (("problem", problem) for problem in claim["problems"])
    if claim["near"]:
        yield "evidence", claim["near"]


def all_of(made: Made, name: str) -> list[dict[str, Any]]:
    return [item for kind, item in objects(made.data()) if kind == name]


def schema(name: str) -> dict[str, Any]:
    shown = CliRunner().invoke(cli, ["schema", name], catch_exceptions=False)
    assert shown.exit_code == 0
    loaded: dict[str, Any] = json.loads(shown.stdout)
    return loaded


@pytest.mark.parametrize("name", ["survey", "plan", "paper", "add"])
def test_what_is_written_fits_the_schema_that_is_shipped(mixed: Made, name: str, tmp_path: Path) -> None:
    """`litreview schema NAME` is a JSON Schema, and what the program writes is valid by it, and a typo is not."""
    wanted = schema(name)
    jsonschema.Draft202012Validator.check_schema(wanted)
    added = CliRunner().invoke(
        cli, ["--workspace", str(tmp_path), "add", "--json", str(mixed.folder.parent / "in" / "mixed.jsonl")]
    )
    data = {
        "survey": [mixed.data()],
        "plan": [json.loads(mixed.text("plan.json"))],
        "paper": list(mixed.data()["papers"].values()),
        "add": [json.loads(added.stdout)],
    }[name]
    check = jsonschema.Draft202012Validator(wanted)
    assert [error.message for item in data for error in check.iter_errors(item)] == []
    assert not check.is_valid({**data[0], "no_such_field": 1})


def test_the_sample_fits_the_schema(sample: Made) -> None:
    """The survey of the sample papers is valid by the schema that is shipped."""
    jsonschema.validate(sample.data(), schema("survey"), jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", KEYS)
def test_every_object_has_all_its_fields(made: Made, name: str) -> None:
    """Each field of the contract is there in each object; what is unknown is null, and not left out."""
    found = all_of(made, name)
    assert found or name in ("outlier", "problem", "dropped")
    for item in found:
        assert KEYS[name] <= set(item), KEYS[name] - set(item)


def test_the_file_is_as_people_read_it(made: Made) -> None:
    """UTF-8, sorted keys, two spaces, a final newline, and no letter written as a number."""
    text = made.text("survey.json")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_evidence_is_verbatim(made: Made) -> None:
    """Every piece of evidence is exactly what stands at its offsets in its paper; the title is sentence 0."""
    data = made.data()
    found = all_of(made, "evidence")
    assert len(found) > 20
    for item in found:
        text = data["papers"][item["key"]]["texts"][item["part"]]
        assert item["text"] == text[item["start"] : item["end"]]
        assert item["text"].strip()
        assert (item["sentence"] == 0) == (item["part"] == "title")
        assert item["page"] is None


def test_citations_are_the_keys_of_the_evidence(made: Made) -> None:
    """In order, once each; a fact has some, and every key is a paper of the survey."""
    papers = made.data()["papers"]
    for claim in all_of(made, "claim"):
        assert claim["citations"] == list(dict.fromkeys(item["key"] for item in claim["evidence"]))
        assert set(claim["citations"]) <= set(papers)
        assert claim["citations"] or claim["kind"] != "fact"


def test_verdicts_are_only_where_they_belong(made: Made) -> None:
    """An own sentence has none, what is shown is supported or weak, and no model judged here."""
    data = made.data()
    dropped = {item["claim"]["id"] for item in data["dropped"]}
    for claim in all_of(made, "claim"):
        wanted = (
            {None}
            if claim["kind"] == "own"
            else {"unsupported"}
            if claim["id"] in dropped
            else {"supported", "weak"}
        )
        assert claim["verdict"] in wanted or (claim["kind"] == "own" and claim["id"] in dropped)
        assert (claim["judged"], claim["by"]) == (False, "engine")


def test_claim_ids_say_where_they_stand(made: Made) -> None:
    """An id is the place of its claim, and no id stands twice."""
    data = made.data()
    parts = {theme["id"]: theme for theme in data["themes"]}
    parts.update({name: part for name, part in data["frame"].items() if part})
    ids = [claim["id"] for claim in all_of(made, "claim")]
    assert len(set(ids)) == len(ids)
    for name, part in parts.items():
        for number, paragraph in enumerate(part["paragraphs"], start=1):
            assert all(claim["id"].startswith(f"{name}.p{number}.c") for claim in paragraph["claims"])


def test_every_paper_is_in_one_place(made: Made) -> None:
    """Themes and outliers together are the papers, each once."""
    data = made.data()
    placed = [key for theme in data["themes"] for key in theme["papers"]] + [
        o["key"] for o in data["outliers"]
    ]
    assert sorted(placed) == sorted(data["papers"])


def test_the_flow_is_the_ledger_counted(made: Made) -> None:
    """Read is the sum of the rest, and each count is that of its rows."""
    data = made.data()
    flow = data["flow"]
    assert flow["read"] == sum(count for name, count in flow.items() if name != "read") == len(data["ledger"])
    names = {"duplicate": "duplicates", "outlier": "outliers"}
    for status in ("cited", "uncited", "outlier", "excluded", "duplicate", "missing", "rejected"):
        rows = [row for row in data["ledger"] if row["status"] == status]
        assert flow[names.get(status, status)] == len(rows)


def test_the_ledger_says_where_or_why(made: Made) -> None:
    """A cited record names its claims, which cite it; any other says why not."""
    data = made.data()
    cited_by = {claim["id"]: claim["citations"] for claim in all_of(made, "claim")}
    for row in data["ledger"]:
        if row["status"] == "cited":
            assert row["where"]
            assert all(row["key"] in cited_by[where] for where in row["where"])
        else:
            assert row["reason"]
        assert (row["key"] is None) == (row["status"] == "rejected")


def test_the_digests_are_those_of_the_files(made: Made) -> None:
    """Each file of the set is named with the SHA-256 of what stands in it."""
    files = made.data()["files"]
    assert set(files) == {"survey.md", "evidence.md", "references.bib", "ledger.csv", "plan.json", "plan.md"}
    for name, file in files.items():
        assert file["written_as"] == name
        assert file["sha256"] == hashlib.sha256((made.folder / name).read_bytes()).hexdigest()


def test_the_plan_is_the_survey_s(made: Made) -> None:
    """plan.json is what the survey was written to."""
    assert json.loads(made.text("plan.json")) == json.loads(to_json(plan_of(made.survey)))


def test_without_a_model_nothing_was_used(made: Made) -> None:
    """No call was made, so that tokens and money are known to be none, and no model is named."""
    data = made.data()
    assert data["usage"] == {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cost": 0}
    assert (data["engine"]["name"], data["engine"]["models"], data["engine"]["verify"]) == (
        "extractive",
        {},
        "code",
    )


def test_a_survey_is_read_back(made: Made) -> None:
    """From the file or from its folder, the same survey."""
    assert read_survey(made.folder) == read_survey(made.folder / "survey.json") == made.survey


def _without(name: str) -> bytes:
    return json.dumps({"format": "litreview/survey@1", "title": "x", name: 1}).encode()


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe\x00", b"# text", b"{}", _without("themes"), b'{"format": "litreview/survey@2"}',
     b'{"format": "litreview/plan@1", "topic": "x"}', b"[" * 100_000, b'{"title": NaN}', None],
)  # fmt: skip
def test_what_is_no_survey_is_said_to_be_none(tmp_path: Path, data: bytes | None) -> None:
    """A missing, cut or foreign file is an OutputError that names it and says what is wanted."""
    file = tmp_path / "survey.json"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(OutputError) as error:
        read_survey(file)
    assert str(file) in error.value.message
    assert error.value.hint


def test_a_cut_survey_is_none(made: Made, tmp_path: Path) -> None:
    """Half of a file is no survey."""
    text = made.text("survey.json")
    (tmp_path / "survey.json").write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(OutputError):
        read_survey(tmp_path)


def test_a_survey_with_evidence_that_was_tampered_with_still_has_its_type(made: Made) -> None:
    """The schema is that of the record: a survey goes through the record unchanged."""
    assert Survey.model_validate(made.data()).model_dump(mode="json") == made.data()
