"""Answers are kept: a question is asked again only when its answer has grown too old."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone

from papers.enrichment import http
from papers.enrichment.hosts import Service
from papers.models import ServiceAnswer

MISSING_FOR = timedelta(days=1)  # what a service does not know today it may know tomorrow
KEPT_FOR = timedelta(days=90)


def ask(
    service: Service, path: str, query: Mapping[str, str] | None = None, *, max_age: timedelta
) -> bytes | None:
    """The answer, kept or new; None where the service knows no such thing."""
    question = path if not query else f"{path}?{json.dumps(dict(query), sort_keys=True)}"
    kept = ServiceAnswer.objects.filter(pk=digest_of(service, question)).first()
    if kept is not None and _is_fresh(kept, max_age):
        return _body(kept)
    answer = http.get(
        service,
        path,
        query,
        etag=kept.etag if kept else None,
        last_modified=kept.last_modified if kept else None,
    )
    if answer.is_unchanged and kept is not None:
        kept.fetched_at = timezone.now()
        kept.save(update_fields=["fetched_at"])
        return _body(kept)
    keep(service, question, answer.body, etag=answer.etag, last_modified=answer.last_modified)
    return answer.body


def keep(service: Service, question: str, body: bytes | None, **validators: str | None) -> None:
    values = {"service": service.name, "question": question, "body": body} | validators
    ServiceAnswer.objects.update_or_create(
        digest=digest_of(service, question), defaults=values | {"fetched_at": timezone.now()}
    )


def kept_answers(
    service: Service, questions: Iterable[str], max_age: timedelta
) -> dict[str, bytes | None]:
    """Those of the questions whose answers are still good, in one query."""
    digests = [digest_of(service, question) for question in questions]
    kept = ServiceAnswer.objects.filter(pk__in=digests)
    return {row.question: _body(row) for row in kept if _is_fresh(row, max_age)}


def forget_old() -> int:
    old = ServiceAnswer.objects.filter(fetched_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def digest_of(service: Service, question: str) -> str:
    return hashlib.sha256(f"{service.name} {question}".encode()).hexdigest()


def _is_fresh(kept: ServiceAnswer, max_age: timedelta) -> bool:
    age = min(max_age, MISSING_FOR) if kept.body is None else max_age
    return kept.fetched_at > timezone.now() - age


def _body(kept: ServiceAnswer) -> bytes | None:
    return None if kept.body is None else bytes(kept.body)  # PostgreSQL gives a memoryview
