"""Issues in the admin: read from their text, corrected by hand, imported from a file."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from imports.models import ImportRow, ImportRun
from imports.uploads import Upload
from newsletter.models import Entry, Image, Issue, Link, Section
from tests.admin_pages import act, address, edit
from tests.factories import (
    EntryFactory,
    ImageFactory,
    LinkFactory,
    PaperFactory,
    SectionFactory,
    TopicFactory,
    UserFactory,
)
from tests.newsletter.lines import dumped, record

pytestmark = pytest.mark.django_db
PAGE = "/admin/newsletter/issue/import/"


@pytest.fixture(autouse=True)
def _folder_of_its_own(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(Upload, "folder", tmp_path / "uploads")


class TestWhatIsReadFromIssues:
    @pytest.mark.parametrize("model", [Issue, Section, Entry, Link])
    def test_nothing_is_added_or_deleted_by_hand(self, admin_desk, model):
        row = {
            Issue: lambda: EntryFactory().issue,
            Section: SectionFactory,
            Entry: EntryFactory,
            Link: LinkFactory,
        }[model]()
        assert admin_desk.get(address(model, "add")).status_code == 403
        sent = {"post": "yes"}
        assert admin_desk.post(address(model, "delete", row.pk), sent).status_code == 403
        assert model.objects.filter(pk=row.pk).exists()

    def test_an_edited_text_is_rendered_anew_and_safely(self, admin_desk):
        entry = EntryFactory()
        edit(admin_desk, entry, markdown="*New* <script>alert(1)</script>")
        assert "<em>New</em>" in entry.html
        assert "<script" not in entry.html
        assert entry.locked_fields == ["markdown"]

    def test_a_link_edited_beside_its_entry_is_locked(self, admin_desk):
        link = LinkFactory(paper=PaperFactory())
        other = PaperFactory()
        edit(admin_desk, link.entry, **{"links-0-paper": other.pk})
        link.refresh_from_db()
        assert (link.paper, link.locked_fields) == (other, ["paper"])

    def test_papers_are_filed_anew(self, admin_desk):
        link = LinkFactory(paper=PaperFactory())
        topic, other = TopicFactory(), PaperFactory()
        edit(admin_desk, link.entry, topic=topic.pk)
        assert list(link.paper.topics.all()) == [topic]
        former = link.paper
        edit(admin_desk, link, paper=other.pk)
        assert list(other.topics.all()) == [topic]
        assert not former.topics.exists()

    def test_a_note_cleared_by_hand_is_locked(self, admin_desk):
        link = LinkFactory(editor_note="This link leads elsewhere.")
        edit(admin_desk, link, editor_note="")
        assert (link.editor_note, link.locked_fields) == (None, ["editor_note"])

    def test_a_printed_address_is_not_to_be_changed(self, admin_desk):
        link = LinkFactory(url="https://example.org/as-printed")
        edit(admin_desk, link, url="https://elsewhere.example", href="javascript:alert(1)")
        assert (link.url, link.href) == ("https://example.org/as-printed",) * 2

    def test_images_are_shown_as_text(self, admin_desk):
        image = ImageFactory(url="javascript:alert(1)")
        page = admin_desk.get(address(Entry, "change", image.entry.pk)).text
        assert "javascript:alert(1)" in page
        assert 'src="javascript:' not in page
        assert Image.objects.get().caption == "A caption."


class TestImportingAFile:
    def upload(self, client: Client, content: bytes, name: str = "letters.jsonl"):
        return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})

    def test_the_list_leads_to_it(self, admin_desk):
        assert PAGE in admin_desk.get(address(Issue, "changelist")).text
        assert admin_desk.get(PAGE).status_code == 200

    def test_a_look_says_what_would_change_and_saves_nothing(self, admin_desk):
        page = self.upload(admin_desk, dumped(record(1), b"{broken"))
        assert "1 created" in page.text
        assert "1 rejected" in page.text
        assert "+ Sturdy Newsletter #1" in page.text
        assert "line 2 of letters" in page.text
        assert not Issue.objects.exists()
        assert not ImportRun.objects.exists()

    def test_what_was_looked_at_is_imported(self, admin_desk):
        token = self.upload(admin_desk, dumped(record(1))).context["token"]
        page = admin_desk.post(PAGE, {"token": token}, follow=True)
        assert Issue.objects.get().title == "Sturdy Newsletter #1"
        assert "Imported: 1 created." in page.text
        run = ImportRun.objects.get()
        assert (run.source, run.started_by.username) == ("letters.jsonl", "desk")
        assert ImportRow.objects.get().source == "letters.jsonl"
        assert page.request["PATH_INFO"] == address(ImportRun, "change", run.pk)

    def test_nothing_of_the_file_is_left_lying_about(self, admin_desk):
        token = self.upload(admin_desk, dumped(record(1)), "kept.jsonl").context["token"]
        admin_desk.post(PAGE, {"token": token})
        assert "no longer here" in admin_desk.post(PAGE, {"token": token}, follow=True).text
        assert not list(Upload.folder.glob("*/kept*"))

    def test_old_uploads_are_removed(self, admin_desk, monkeypatch):
        self.upload(admin_desk, dumped(record(1)))
        monkeypatch.setattr("imports.uploads.KEPT", timedelta(days=-1))
        Upload.remove_old()
        assert not list(Upload.folder.glob("*"))

    def test_a_forged_or_foreign_token_finds_nothing(self, admin_desk):
        token = self.upload(admin_desk, dumped(record(1))).context["token"]
        other = Client()
        other.force_login(UserFactory(is_staff=True, is_superuser=True))
        for client, sent in ((other, token), (admin_desk, token + "x"), (admin_desk, "../../x")):
            assert "no longer here" in client.post(PAGE, {"token": sent}, follow=True).text
        assert not Issue.objects.exists()

    @pytest.mark.parametrize("content", [b"PK\x03\x04zip", b"%PDF-1.4", b"\xff\xfe{\x00"])
    def test_another_kind_of_file_is_refused_in_words(self, admin_desk, content):
        page = self.upload(admin_desk, content)
        assert page.status_code == 200
        assert "JSON Lines in UTF-8 are needed" in page.text
        assert str(Upload.folder) not in page.text

    def test_too_large_a_file_is_refused(self, admin_desk, monkeypatch):
        monkeypatch.setattr("imports.upload_page.MEGABYTES", 0)
        assert "import_newsletter" in self.upload(admin_desk, dumped(record(1))).text

    def test_a_name_cannot_lead_out_of_the_folder(self, admin_desk):
        self.upload(admin_desk, dumped(record(1)), name="../../../evil.jsonl")
        assert all(Upload.folder in path.parents for path in Upload.folder.rglob("evil*"))
        for name in ("../up\x00per", "..", "C:\\\\x\n.bib", "ф" * 200 + ".bib", ".hidden"):
            kept = Upload.write(name, [b""]).path
            assert kept.resolve().parent.parent == Upload.folder.resolve()
            assert not kept.name.startswith(".")

    def test_hostile_text_is_shown_as_text(self, admin_desk):
        hostile = record(1, title="<script>alert(1)</script> #1")
        assert "<script>alert(1)" not in self.upload(admin_desk, dumped(hostile)).text

    def test_who_may_not_import_may_not(self, admin_desk):
        user = UserFactory(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="change_issue"))
        client = Client()
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert PAGE not in client.get(address(Issue, "changelist")).text
        assert self.upload(client, dumped(record(1))).status_code == 403


class TestTakingBack:
    def imported(self, client: Client) -> ImportRun:
        file = SimpleUploadedFile("letters.jsonl", json.dumps(record(1)).encode())
        token = client.post(PAGE, {"file": file}).context["token"]
        client.post(PAGE, {"token": token})
        return ImportRun.objects.latest("started_at")

    def test_a_run_is_taken_back_by_an_action(self, admin_desk):
        run = self.imported(admin_desk)
        page = act(admin_desk, ImportRun, "take_back", run)
        assert "1 taken back" in page.text
        assert not Issue.objects.exists()
        run.refresh_from_db()
        assert run.state == "undone"

    def test_what_stays_is_named(self, admin_desk):
        run = self.imported(admin_desk)
        edit(admin_desk, Entry.objects.first(), headline="By hand")
        page = act(admin_desk, ImportRun, "take_back", run)
        assert "Line 1 stays: " in page.text
        assert Issue.objects.exists()

    def test_a_running_import_is_not(self, admin_desk):
        run = ImportRun.objects.create(kind="newsletter", source="x")
        assert "still running" in act(admin_desk, ImportRun, "take_back", run).text

    def test_who_may_only_look_may_not(self, admin_desk):
        run = self.imported(admin_desk)
        user = UserFactory(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_importrun"))
        client = Client()
        client.force_login(user)
        act(client, ImportRun, "take_back", run)
        assert Issue.objects.exists()

    @pytest.mark.parametrize("model", [ImportRun, ImportRow])
    def test_the_trace_itself_is_only_read(self, admin_desk, model):
        self.imported(admin_desk)
        row = model.objects.first()
        assert admin_desk.get(address(model, "change", row.pk)).status_code == 200
        for page, arguments in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
            assert admin_desk.post(address(model, page, *arguments), {}).status_code == 403
