"""The first questions about a weekly report, answered from its document.

Did it work, what changed, is the model better, what should I do.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Outcome = Literal["ok", "failed", "incomplete"]
Document = Mapping[str, Any]


def outcome_of(document: Document) -> Outcome:
    """Return whether the week's work is done, failed, or not finished yet."""
    if _failed(document):
        return "failed"
    return "ok" if document["published"] and document["model"] else "incomplete"


def answer_questions(document: Document) -> list[dict[str, Any]]:
    """Return the four answers, each with a question, a short answer and its details.

    `tone` is good, bad, warning or plain; `details` are sentences with commands between
    backticks.
    """
    return [
        _did_it_work(document),
        _what_changed(document),
        _is_the_model_better(document),
        _what_should_i_do(document),
    ]


def _answer(
    question: str, answer: str, tone: str, details: Sequence[str]
) -> dict[str, Any]:
    return {
        "question": question,
        "answer": answer,
        "tone": tone,
        "details": [detail for detail in details if detail],
    }


def _did_it_work(document: Document) -> dict[str, Any]:
    question = "Did it work?"
    checks = _checks(document)
    outcome = outcome_of(document)
    if outcome == "failed":
        failed = _failed(document)
        answer = f"No: {failed[0]['name']} failed"
        return _answer(question, answer, "bad", [_what_is_published(document), checks])
    if outcome == "incomplete":
        missing = "trained on" if document["published"] else "built"
        answer = "Not finished"
        return _answer(
            question,
            answer,
            "warning",
            [f"The batch is loaded, but has not been {missing}.", checks],
        )
    seconds = sum(step["seconds"] for step in document["steps"])
    duration = f"All steps finished in {seconds:,.0f} s." if document["steps"] else ""
    return _answer(question, "Yes", "good", [duration, checks])


def _what_is_published(document: Document) -> str:
    if document["published"]:
        return "The batch was published before the failure."
    if document["audited"]:
        return "Some marts have this batch, others not: the next build completes them."
    return "Nothing from this batch is published: the marts are unchanged."


def _what_changed(document: Document) -> dict[str, Any]:
    load = document["load"]
    changes = [
        f"{load[key]:,} {word}"
        for key, word in (("updated", "changed"), ("deleted", "withdrawn"))
        if load[key]
    ]
    products = load["inserted"] if document["published"] else load["rows_added"]
    kind = "products" if document["published"] else "rows"
    # A correction adds no products, so its changes are shown.
    first = f"+{products:,} {kind}" if products or not changes else changes.pop(0)
    details = [f"{', '.join(changes)}." if changes else ""]
    before = load["percentage_before"]
    details.append(
        f"{load['total_rows']:,} rows are loaded, {load['percentage']:g} % of the"
        f" catalogue{'' if before is None else f' ({before:g} % before)'}."
    )
    shift = document["drift"]["classes"]
    if shift:
        verdict = (
            "within chance"
            if shift["verdict"] == "within noise"
            else f"{shift['verdict']} change"
        )
        details.append(f"Class shares: {verdict} (PSI {shift['psi']:.3f}).")
    return _answer("What changed?", first, "plain", details)


def _is_the_model_better(document: Document) -> dict[str, Any]:
    question = "Is the model better?"
    model = document["model"]
    if model is None:
        champion = document["champion"]
        serving = f"Version {champion} stays champion." if champion else ""
        return _answer(question, "No new model", "plain", [serving])
    score = f"Weighted F1 {model['weighted_f1']:.4f}"
    rows = f"on {model['validation_rows']:,} held-out rows"
    if model["champion_f1"] is None:
        if not model["promoted"]:
            return _answer(question, "Not compared", "warning", [model["reason"]])
        serving = f"{score} {rows}. Version {model['model_version']} is the champion."
        if document["champion_before"] is None:
            return _answer(question, "First model", "good", [serving])
        return _answer(question, "Not compared", "plain", [serving, model["reason"]])
    change = model["weighted_f1"] - model["champion_f1"]
    before = document["champion_before"]
    other = "the previous champion" if model["promoted"] else "the champion"
    against = f"{score}; {other} has {model['champion_f1']:.4f}" + (
        f" (version {before})" if before else ""
    )
    word = "Yes" if model["promoted"] else "No" if change <= 0 else "Not enough"
    answer = f"{word}: {change:+.4f}".replace("-", "\N{MINUS SIGN}")
    serving = (
        f"Version {model['model_version']} is the new champion."
        if model["promoted"]
        else f"Version {document['champion']} stays champion."
    )
    tone = "good" if model["promoted"] else "plain"
    return _answer(question, answer, tone, [f"{against}, both {rows}.", serving])


def _what_should_i_do(document: Document) -> dict[str, Any]:
    question = "What should I do?"
    outcome = outcome_of(document)
    if outcome == "failed":
        return _answer(question, "Correct and rerun", "bad", _after_failure(document))
    if outcome == "incomplete":
        details = [_how_to_complete(document)]
        return _answer(question, "Run it again", "warning", details)
    advice = _advice(document)
    following = (
        "The whole catalogue is loaded."
        if document["load"]["percentage"] >= 100
        else "`make weekly` loads the next slice."
    )
    sample = (
        "These are sample rows; see data/raw/README.md to load your own."
        if document["load"]["synthetic_sample"]
        else ""
    )
    answer = "Review" if advice else "Nothing"
    return _answer(
        question, answer, "plain", [*advice, following, _doubtful(document), sample]
    )


def _how_to_complete(document: Document) -> str:
    """Return a sentence for both causes: a week that stopped, and a load by hand."""
    if document["load"]["percentage"] < 100:
        return (
            "`make weekly` completes it: a week that stopped before another slice is"
            " loaded, a batch that was loaded by hand together with the next slice."
        )
    if document["published"]:
        return (
            "`make weekly` completes a week that stopped; after a build by hand, run"
            " `make balance train review report`."
        )
    return "`make weekly` completes it."


def _after_failure(document: Document) -> list[str]:
    again = "Then run `make weekly`: it continues with the step that failed."
    if document["published"]:
        return ["The message is under Steps.", again]
    cause = "Correct the rows named under Checks, or the cause named under Steps."
    if document["audited"]:
        return [cause, again]
    reject = f"`python -m loaders reject {document['batch']}`"
    return [cause, again, f"{reject} rejects the batch instead."]


def _advice(document: Document) -> list[str]:
    checks, drift = document["checks"], document["drift"]["classes"]
    advice = []
    if checks and checks["warned"]:
        advice.append(f"Read the {_count(checks['warned'], 'warning')} under Checks.")
    if drift and drift["verdict"] in {"moderate", "large"}:
        advice.append("Look at the classes with the largest change of share.")
    conflicting = document["duplicates"]["conflicting"]
    if conflicting:
        advice.append(
            f"Read the mart `data_issues`: {_count(conflicting, 'text')} with products"
            " in more than one class."
        )
    return advice


def _doubtful(document: Document) -> str:
    labels = document["labels"]
    if not labels or not labels.get("open"):
        return ""
    return f"The label review has {_count(labels['open'], 'doubtful label')}."


def _checks(document: Document) -> str:
    checks = document["checks"]
    if not checks:
        return "The results of the checks were not recorded."
    if checks["failed"]:
        return f"{checks['failed']} of {_count(checks['run'], 'check')} failed."
    warned = f", {checks['warned']} with a warning" if checks["warned"] else ""
    return f"{checks['passed']} of {_count(checks['run'], 'check')} passed{warned}."


def _failed(document: Document) -> list[Mapping[str, Any]]:
    return [step for step in document["steps"] if step["status"] == "failed"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
