"""Who may ask for a paper to be completed, and what a worker then does."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_ox.models import OxTask
from django_ox.testing import run_tasks

from accounts.models import ApiToken
from config import settings as site_settings
from papers import tasks
from papers.enrichment import queue
from papers.models import Completion, Paper, ServicePace
from papers.signals import paper_wants_completion
from tests import factories
from tests.admin_pages import act
from tests.papers.enrichment.loopback import arxiv_entry

ARXIV = "2103.04689"
pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(services) -> Paper:
    paper = factories.PaperFactory(title_source="link_text")
    factories.IdentifierFactory(paper=paper, value=ARXIV)
    services.arxiv[ARXIV] = arxiv_entry(ARXIV, "On the Lines of a Program")
    return paper


@pytest.fixture(autouse=True)
def _queue(settings) -> None:
    """The site's own queue: what is enqueued waits until `work` does it, outside the request."""
    settings.TASKS = site_settings.TASKS


def work() -> None:
    run_tasks()


@pytest.fixture
def user():
    return factories.UserFactory()


@pytest.fixture
def client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def bearer(user, *scopes: str) -> dict[str, str]:
    _, secret = ApiToken.issue(user, "a script", list(scopes))
    return {"Authorization": f"Bearer {secret}"}


def post(paper: Paper, headers: dict[str, str] | None = None, body: str = ""):
    return Client().post(
        address(paper), body, content_type="application/json", headers=headers or {}
    )


def address(paper: Paper) -> str:
    return f"/api/v1/papers/{paper.pk}/enrich/"


class TestApi:
    def test_a_paper_is_completed_and_the_outcome_told(self, paper, user):
        headers = bearer(user, "enrich:write", "papers:read")
        answer = post(paper, headers)

        assert answer.status_code == 202
        assert answer.json()["paper"] == paper.pk
        assert answer.json()["state"] == "waiting"
        work()
        told = Client().get(address(paper), headers=headers).json()
        assert (told["state"], told["outcome"]) == ("done", "completed")
        shown = Client().get(f"/api/v1/papers/{paper.pk}/").json()
        assert shown["title"] == "On the Lines of a Program"
        assert (shown["is_retracted"], shown["retraction_note"]) == (False, None)

    @pytest.mark.parametrize("scopes", [["papers:read"], ["papers:read", "enrich:read"]])
    def test_the_scope_is_needed(self, paper, user, services, scopes):
        answer = post(paper, bearer(user, *scopes))

        assert answer.status_code == 403
        assert services.asked == []

    def test_a_stranger_asks_for_nothing(self, paper, services):
        assert post(paper).status_code == 401
        assert services.asked == []

    def test_what_one_may_not_see_is_not_there(self, paper, user, services):
        Paper.objects.update(is_hidden=True)

        headers = bearer(user, "enrich:write", "papers:read")
        assert post(paper, headers).status_code == 404
        assert Client().get(address(paper), headers=headers).status_code == 404
        assert services.asked == []

    @pytest.mark.parametrize("body", ['{"url": "http://169.254.169.254/"}', '["x"]', '"x"', "3"])
    def test_the_body_says_nothing_of_where_to_look(self, paper, user, services, body):
        answer = post(paper, bearer(user, "enrich:write"), body)

        assert answer.status_code == 400
        work()
        assert services.asked == []

    def test_sixty_an_hour_are_enough(self, paper, user, client, monkeypatch):
        monkeypatch.setattr("papers.enrichment.asking.AN_HOUR", 2)
        headers = bearer(user, "enrich:write")
        assert [post(paper, headers).status_code for _ in range(3)] == [
            202,
            202,
            429,
        ]
        # Another token, or the button, is the same account.
        answer = post(paper, bearer(user, "enrich:write"))
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        page = client.post(f"/papers/{paper.pk}/complete", follow=True)
        assert "more than sixty in an hour" in page.content.decode()

    def test_where_there_is_nobody_to_ask_it_says_so(self, services, user, settings):
        lonely = factories.PaperFactory()
        headers = bearer(user, "enrich:write")
        answer = post(lonely, headers)

        assert answer.status_code == 409
        assert "neither an arXiv id nor a DOI" in answer.json()["detail"]
        settings.ENRICH = "off"
        assert post(lonely, headers).status_code == 409

    def test_nobody_asked_yet(self, paper):
        assert Client().get(address(paper)).status_code == 404


class TestPage:
    def test_the_button_is_for_people_who_signed_in(self, paper, client):
        assert "Complete the record" in client.get(paper.get_absolute_url()).content.decode()
        assert "Complete the record" not in Client().get(paper.get_absolute_url()).content.decode()

        page = client.post(f"/papers/{paper.pk}/complete", follow=True)
        work()
        paper.refresh_from_db()
        assert paper.title == "On the Lines of a Program"
        assert "are being asked" in page.content.decode()

    def test_a_stranger_is_asked_to_sign_in(self, paper, services):
        answer = Client().post(f"/papers/{paper.pk}/complete")

        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]
        assert services.asked == []

    def test_a_retraction_is_shown_on_page_and_list(self, paper, client):
        Paper.objects.update(
            retraction_note="Retraction 2023, told by its publisher.",
            retraction_url="javascript:alert(1)",
        )
        page = client.get(paper.get_absolute_url()).content.decode()

        assert "told by its publisher" in page
        assert "javascript:" not in page
        assert ">Retracted<" in client.get("/papers/").content.decode()
        shown = client.get(f"/api/v1/papers/{paper.pk}/").json()
        assert (shown["is_retracted"], shown["retraction_url"]) == (True, None)

    def test_maintainers_have_many_completed_at_once(self, paper, admin_desk):
        answer = act(admin_desk, Paper, "complete", paper)

        assert "1 will be completed" in answer.content.decode()
        work()
        paper.refresh_from_db()
        assert paper.title_source == "official"


class TestQueue:
    def test_a_paper_that_came_in_by_its_id_is_completed(self, paper):
        paper_wants_completion.send(sender=Paper, papers=[paper.pk])
        work()

        paper.refresh_from_db()
        assert paper.title == "On the Lines of a Program"

    def test_where_nobody_is_asked_nothing_waits(self, paper, settings):
        settings.ENRICH = "off"
        paper_wants_completion.send(sender=Paper, papers=[paper.pk])

        assert not Completion.objects.exists()

    def test_nothing_is_taken_twice_and_what_was_dropped_is_taken_again(self, paper, time_machine):
        queue.ask_for([paper.pk])

        assert queue.take(5) == [paper.pk]
        assert queue.take(5) == []
        time_machine.move_to(timezone.now() + queue.LEASE + timedelta(seconds=1))
        assert queue.take(5) == [paper.pk]

    def test_a_worker_stops_after_a_while_and_leaves_the_rest_to_the_next(self, paper, monkeypatch):
        others = [factories.IdentifierFactory().paper_id for _ in range(3)]
        monkeypatch.setattr(tasks, "SECONDS", -1)
        Completion.objects.bulk_create(
            Completion(paper_id=pk, asked_at=timezone.now()) for pk in [paper.pk, *others]
        )

        assert tasks.complete_waiting.func() == 0
        assert OxTask.objects.get().task_path == "papers.tasks.complete_waiting"

    def test_the_nightly_look_is_only_for_sites_that_want_it(self, paper, settings):
        assert tasks.look_again.func() == 0
        settings.ENRICH = "nightly"

        assert tasks.look_again.func() == 1
        work()
        assert tasks.look_again.func() == 0  # it was looked up just now


class TestCommand:
    def run(self, capsys, *arguments: str) -> str:
        call_command("enrich_papers", *arguments)
        return capsys.readouterr().out

    def test_it_completes_what_was_never_looked_up_and_counts(self, paper, capsys):
        factories.PaperFactory()
        told = self.run(capsys)

        assert told.startswith("completed 1 unchanged 0 not_found 0 nothing_to_ask 0 postponed 0")
        assert self.run(capsys).startswith("completed 0 unchanged 0")

    def test_a_dry_run_shows_what_it_would_do(self, paper, capsys):
        told = self.run(capsys, "--dry-run", paper.citation_key)

        assert "On the Lines of a Program" in told
        assert "dry run, nothing saved: completed 1" in told
        paper.refresh_from_db()
        assert paper.title_source == "link_text"

    def test_papers_are_named_as_people_name_them(self, paper, services, capsys):
        self.run(capsys, f"arXiv:{ARXIV}v1")
        self.run(capsys, f"https://arxiv.org/abs/{ARXIV}")
        assert len(services.asked_of("arxiv")) == 1

        with pytest.raises(CommandError, match="no paper 'nowhere'"):
            self.run(capsys, "nowhere")

    def test_what_is_left_for_later_shows_in_the_exit_status(self, paper, services, capsys):
        services.instead["arxiv"] = lambda handler: (503, {"Retry-After": "3600"}, b"")

        with pytest.raises(SystemExit) as left:
            self.run(capsys)
        assert left.value.code == 2
        output = capsys.readouterr()
        assert "postponed 1" in output.out
        assert "arXiv answered 503" in output.err

        del services.instead["arxiv"]
        Completion.objects.update(next_try_at=None)

        ServicePace.objects.all().delete()
        assert self.run(capsys).startswith("completed 1")

    def test_where_nobody_is_asked_it_says_so(self, paper, settings):
        settings.ENRICH = "off"

        with pytest.raises(CommandError, match="turned off"):
            call_command("enrich_papers")
