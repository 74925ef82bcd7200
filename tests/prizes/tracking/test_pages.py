"""Tracking by hand: nobody's business but one's own, nothing typed is lost, mail can be stopped."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.deletion import delete_account
from accounts.personal_data import collect
from config.logs import mask
from prizes.models import Prize, ReminderPlan, Tracking
from prizes.tracking.stopping import stop_address
from tests.factories import PrizeFactory, UserFactory

SECRET = "zebra-quagga-okapi"


@pytest.fixture
def reader(db):
    return UserFactory()


@pytest.fixture
def desk(reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def prize(db) -> Prize:
    return PrizeFactory(slug="the-prize", name="The Prize")


@pytest.fixture
def tracking(reader, prize) -> Tracking:
    return Tracking.objects.create(user=reader, prize=prize, notes=SECRET)


def typed(tracking: Tracking, **changes: str) -> dict[str, str]:
    form = {"stage": tracking.stage, "notes": tracking.notes, "version": str(tracking.version)}
    return form | {"links": "", "days_before": ""} | changes


class TestAPrizesPage:
    def test_lets_one_track_it_once_however_often_it_is_sent(self, desk, prize, reader):
        assert "Track" in desk.get("/prizes/the-prize/").text
        for _ in range(2):
            answer = desk.post("/prizes/the-prize/track/", {"stage": "preparing"})
            assert answer["Location"] == "/prizes/the-prize/"
        assert Tracking.objects.get().stage == "preparing"
        assert "You track it" in desk.get("/prizes/the-prize/").text

    def test_asks_a_stranger_to_sign_in_and_come_back(self, client, prize):
        page = client.get("/prizes/the-prize/").text
        assert "/accounts/login/?next=/prizes/the-prize/" in page
        answer = client.post("/prizes/the-prize/track/", {"stage": "preparing"})
        assert answer["Location"].startswith("/accounts/login/")
        assert not Tracking.objects.exists()

    @pytest.mark.parametrize("stage", ["", "hopeful", "<b>"])
    def test_takes_no_other_stage(self, desk, prize, stage):
        assert desk.post("/prizes/the-prize/track/", {"stage": stage}).status_code == 302
        assert not Tracking.objects.exists()

    def test_a_hidden_prize_cannot_be_tracked(self, desk, prize):
        Prize.objects.update(is_hidden=True)
        assert desk.post("/prizes/the-prize/track/", {"stage": "won"}).status_code == 404


class TestOnesOwnPage:
    def test_keeps_notes_links_and_days(self, desk, tracking):
        links = "https://example.org/plan the plan\nhttps://example.org/"
        data = typed(tracking, notes="*Read* this", links=links, own_days="on", days_before="3,14")
        assert desk.post(tracking.get_absolute_url(), data).status_code == 302
        tracking.refresh_from_db()
        assert tracking.days_before == [14, 3]
        assert tracking.links[0] == {"url": "https://example.org/plan", "label": "the plan"}
        page = desk.get(tracking.get_absolute_url()).text
        assert "<em>Read</em>" in page
        assert "14, 3" in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"days_before": "7, x", "own_days": "on"},
            {"days_before": "91", "own_days": "on"},
            {"days_before": " ".join(map(str, range(9))), "own_days": "on"},
            {"links": "javascript:alert(1)"},
            {"stage": "hopeful"},
            {"notes": "x" * 50_001},
            {"version": "99999999999999999999"},
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, desk, tracking, wrong):
        answer = desk.post(tracking.get_absolute_url(), typed(tracking, notes="mine") | wrong)
        assert answer.status_code == 400
        assert "errorlist" in answer.text
        assert "mine" in answer.text or "notes" in wrong
        tracking.refresh_from_db()
        assert tracking.notes == SECRET

    def test_bad_86_two_windows_lose_nothing(self, desk, tracking):
        both = [typed(tracking, notes="from one window"), typed(tracking, notes="from the other")]
        assert desk.post(tracking.get_absolute_url(), both[0]).status_code == 302
        answer = desk.post(tracking.get_absolute_url(), both[1])
        assert answer.status_code == 409
        assert "from one window" in answer.text
        assert "from the other" in answer.text
        tracking.refresh_from_db()
        assert tracking.notes == "from one window"
        version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
        desk.post(tracking.get_absolute_url(), both[1] | {"version": version})
        tracking.refresh_from_db()
        assert tracking.notes == "from the other"

    def test_the_version_check_is_what_saves_it(self, desk, tracking, monkeypatch):
        """The guard taken away: the second window overwrites the first."""
        from prizes.tracking import views

        def blind(tracking, version, **values):
            Tracking.objects.filter(pk=tracking.pk).update(**values)

        monkeypatch.setattr(views, "change", blind)
        for text in ("one", "other"):
            assert (
                desk.post(tracking.get_absolute_url(), typed(tracking, notes=text)).status_code
                == 302
            )
        tracking.refresh_from_db()
        assert tracking.notes == "other"

    def test_can_be_given_up_after_a_question(self, desk, tracking):
        asked = desk.get(f"{tracking.get_absolute_url()}forget/")
        assert "deleted for good" in asked.text
        assert Tracking.objects.exists()
        desk.post(f"{tracking.get_absolute_url()}forget/")
        assert not Tracking.objects.exists()

    def test_lists_what_one_tracks_by_stage(self, desk, tracking):
        page = desk.get("/tracked/").text
        assert "Interested" in page
        assert SECRET in page

    def test_is_the_same_number_of_queries_for_one_and_for_many(
        self, desk, reader, tracking, django_assert_max_num_queries
    ):
        for _ in range(12):
            Tracking.objects.create(user=reader, prize=PrizeFactory())
        with django_assert_max_num_queries(8):
            desk.get("/tracked/")


@pytest.mark.parametrize("place", ["", "forget/"])
@pytest.mark.parametrize("who", ["stranger", "other", "maintainer"])
def test_nobody_else_sees_or_changes_it(tracking, place, who):
    client = Client()
    if who != "stranger":
        client.force_login(UserFactory(is_staff=who == "maintainer", is_superuser=who != "other"))
    for method in (client.get, client.post):
        answer = method(f"{tracking.get_absolute_url()}{place}", typed(tracking, notes="gone"))
        assert answer.status_code in {302, 404}
        assert SECRET not in answer.text
    for page in ("/tracked/", "/prizes/the-prize/", "/admin/prizes/reminder/"):
        assert SECRET not in client.get(page).text
    tracking.refresh_from_db()
    assert tracking.notes == SECRET


class TestStopping:
    @pytest.fixture
    def address(self, tracking) -> str:
        return stop_address(tracking).removeprefix("http://testserver")

    def test_to_look_stops_nothing(self, client, tracking, address):
        page = client.get(address)
        assert "The Prize" in page.text
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex"
        tracking.refresh_from_db()
        assert tracking.days_before is None

    def test_one_click_of_a_mail_service_stops_it(self, tracking, address):
        service = Client(enforce_csrf_checks=True)
        assert service.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        tracking.refresh_from_db()
        assert tracking.days_before == []

    def test_all_of_them_at_once(self, client, reader, address):
        client.post(address, {"what": "all"})
        assert ReminderPlan.objects.get(user=reader).is_on is False

    def test_it_shows_no_notes(self, client, address):
        assert SECRET not in client.get(address).text

    @pytest.mark.parametrize("how", ["wrong", "cut", "another's", "disabled"])
    def test_bad_89_any_other_address_is_none(self, client, reader, tracking, address, how):
        match how:
            case "wrong":
                address = "/reminders/x:y:z/stop/"
            case "cut":
                address = address.replace("/stop/", "x/stop/")
            case "another's":
                other = str(UserFactory().public_id)
                address = address.replace(str(reader.public_id), other)
            case "disabled":
                reader.is_active = False
                reader.save()
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        tracking.refresh_from_db()
        assert tracking.days_before is None

    def test_its_secret_is_masked_in_logs(self, address):
        assert mask(f"GET {address} 200") == "GET /reminders/***/stop/ 200"


def test_it_is_theirs_to_take_along_and_goes_with_the_account(reader, tracking):
    held = collect(reader)
    assert held["tracked_prizes"][0]["notes"] == SECRET
    assert held["reminders"] == {"plan": None, "reminders": []}
    delete_account(reader)
    assert not Tracking.objects.exists()
    assert mail.outbox == []
