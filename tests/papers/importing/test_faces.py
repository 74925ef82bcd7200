"""The page, the API and the command by which papers come in."""

import io
import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import ApiToken, User
from imports.models import ImportRun
from imports.uploads import Upload
from papers.models import Paper
from tests import factories

BIB = "@article{a, title={A Title}, author={Doe, Jane}, year={2020}, doi={10.1000/x}}"


@pytest.fixture(autouse=True)
def _uploads(tmp_path, monkeypatch):
    monkeypatch.setattr(Upload, "folder", tmp_path / "uploads")


@pytest.fixture
def desk(client, maintainer):
    client.force_login(maintainer)
    return client


@pytest.fixture
def api(client, maintainer):
    _, secret = ApiToken.issue(maintainer, "notebook", ["papers:read", "papers:write"])

    def post(path: str, data: object, **headers: str):
        return client.post(
            f"/api/v1/{path}",
            json.dumps(data),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )

    post.get = lambda path: client.get(
        f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"}
    )
    return post


class TestPage:
    def test_a_paste_is_looked_at_then_imported_then_taken_back(self, desk):
        looked = desk.post("/papers/import/", {"text": BIB + "\n@misc{b, title={No end"})
        assert not Paper.objects.exists()
        page = looked.content.decode()
        assert "Line 2: it does not end" in page

        token = looked.context["token"]
        done = desk.post("/papers/import/", {"token": token}, follow=True)
        paper = Paper.objects.get()
        assert paper.get_absolute_url() in done.content.decode()
        assert '<h1 class="long">Text pasted on ' in done.text
        assert ImportRun.objects.get().counted == [("created", 1), ("rejected", 1)]

        run = ImportRun.objects.get()
        desk.post(f"/papers/import/{run.pk}/undo/")
        assert not Paper.objects.exists()

    def test_what_is_chosen_is_done(self, desk):
        looked = desk.post(
            "/papers/import/", {"file": SimpleUploadedFile("My x.bib", BIB.encode())}
        )
        assert "<li>My x.bib</li>" in looked.text
        desk.post("/papers/import/", {"token": looked.context["token"], "choice-1": "skip"})

        assert not Paper.objects.exists()

    @pytest.mark.parametrize("place", ["/papers/import/", "/lists/import/"])
    def test_sent_twice_at_once_the_second_finds_the_file_no_longer(self, desk, place, monkeypatch):
        token = desk.post(place, {"text": BIB}).context["token"]
        find = Upload.find

        def found_as_the_first_ends(*args):
            upload = find(*args)
            upload.remove()
            return upload

        monkeypatch.setattr(Upload, "find", found_as_the_first_ends)
        answer = desk.post(place, {"token": token, "title": "Mine"}, follow=True)
        assert answer.redirect_chain == [(place, 302)]
        assert "The file is no longer here" in answer.text

    def test_duplicates_stand_beside_what_they_match(self, desk):
        paper = factories.PaperFactory(title="Own <b>title</b>")
        factories.IdentifierFactory(paper=paper, scheme="doi", value="10.1000/x")
        page = desk.post("/papers/import/", {"text": BIB}).content.decode()

        assert paper.get_absolute_url() in page
        assert "Own &lt;b&gt;title" in page
        assert "It would get:" in page

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "Paste something, or choose a file."),
            ({"text": "<rdf:RDF>"}, "Zotero RDF; choose CSL JSON"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, desk, data, words):
        answer = desk.post("/papers/import/", data)

        assert answer.status_code == 400
        assert words in answer.content.decode()

    def test_others_find_neither_the_upload_nor_the_import(self, desk, client, maintainer):
        token = desk.post("/papers/import/", {"text": BIB}).context["token"]
        desk.post("/papers/import/", {"token": token})
        run = ImportRun.objects.get()
        other_token = desk.post("/papers/import/", {"text": "1706.03762"}).context["token"]

        other = User.objects.create_user("ada", "ada@example.org", "x", is_staff=True)
        rights = Permission.objects.filter(codename__in=["add_paper", "change_paper"])
        other.user_permissions.set(rights)
        client.force_login(other)
        assert client.get(f"/papers/import/{run.pk}/").status_code == 404
        assert client.post(f"/papers/import/{run.pk}/undo/").status_code == 404
        client.post("/papers/import/", {"token": other_token})
        assert Paper.objects.count() == 1

    def test_it_is_for_those_who_may_add_papers(self, client, db):
        assert client.get("/papers/import/").status_code == 302
        client.force_login(User.objects.create_user("ada", "ada@example.org", "x"))
        assert client.get("/papers/import/").status_code == 403
        assert client.post("/papers/import/", {"text": BIB}).status_code == 403
        assert "Import papers" not in client.get("/papers/").content.decode()


class TestOnePaper:
    def test_it_is_filed_with_its_key(self, api):
        answer = api("papers/", {
            "title": "A Title", "authors": [{"name": "Jane Doe", "orcid": "0000-0002-1825-0097"}],
            "published": "2020-03", "identifiers": [{"scheme": "doi", "value": "10.1000/X"}],
        })  # fmt: skip

        assert answer.status_code == 201, answer.content
        assert answer.json()["citation_key"] == "doe2020title"
        assert answer.json()["published"] == "2020-03"
        assert answer.headers["Location"].endswith(f"/api/v1/papers/{Paper.objects.get().pk}/")

    def test_one_that_is_here_is_a_409_that_names_it(self, api):
        paper = factories.PaperFactory(title="Own")
        factories.IdentifierFactory(paper=paper, scheme="doi", value="10.1000/x")
        answer = api("papers/", {"identifiers": [{"scheme": "doi", "value": "10.1000/x"}]})

        assert answer.status_code == 409
        assert answer.json()["paper"]["id"] == paper.pk

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, {"title", "identifiers"}),
            ({"title": "T", "citation_key": "x", "nonsense": 1}, {"citation_key", "nonsense"}),
            ({"title": 5}, {"title"}),
            ({"title": "T", "published": "2023-02-30"}, {"published"}),
            ({"title": "T", "url": "javascript:alert(1)"}, {"url"}),
            ({"title": "T", "topics": ["nowhere"]}, {"topics"}),
            ({"title": "T", "identifiers": [{"scheme": "doi", "value": "x"}]},
             {"identifiers.0.value"}),
        ],
    )  # fmt: skip
    def test_bad_50_60_61_what_is_wrong_is_named(self, api, body, fields):
        answer = api("papers/", body)

        assert answer.status_code == 400
        assert {error["field"] for error in answer.json()["errors"]} == fields
        assert not Paper.objects.exists()

    def test_bad_67_the_same_key_again_files_nothing_twice(self, api):
        headers = {"Idempotency-Key": "k1"}
        first = api("papers/", {"title": "A Title"}, **headers)
        again = api("papers/", {"title": "A Title"}, **headers)

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert Paper.objects.count() == 1

    def test_it_takes_a_scope_and_a_right(self, client, db):
        reader = User.objects.create_user("ada", "ada@example.org", "x")
        _, secret = ApiToken.issue(reader, "t", ["papers:write"])
        headers = {"Authorization": f"Bearer {secret}"}
        for path, body in (("papers/", {"title": "T"}), ("paper-imports/", {"text": BIB})):
            answer = client.post(
                f"/api/v1/{path}", json.dumps(body), content_type="application/json",
                headers=headers,
            )  # fmt: skip
            assert answer.status_code == 403
        assert not Paper.objects.exists()


class TestImportsOverTheApi:
    def test_a_preview_saves_nothing_and_an_import_can_be_taken_back(self, api):
        preview = api("paper-imports/", {"text": BIB, "preview": True})
        assert (preview.status_code, preview.json()["counts"]["created"]) == (200, 1)
        assert not ImportRun.objects.exists()

        done = api("paper-imports/", {"text": BIB + "\n@misc{b, title={No end"})
        assert done.status_code == 201, done.content
        assert [row["outcome"] for row in done.json()["rows"]] == ["created", "rejected"]
        assert api.get(f"paper-imports/{done.json()['id']}/").json() == done.json()

        undone = api(f"paper-imports/{done.json()['id']}/undo/", {})
        assert undone.json() == {"taken_back": 1, "stay": []}
        assert not Paper.objects.exists()

    def test_others_find_no_import_of_mine(self, api, client):
        run = api("paper-imports/", {"text": BIB}).json()["id"]
        other = User.objects.create_superuser("ada", "ada@example.org", "x")
        _, secret = ApiToken.issue(other, "t", ["papers:read", "papers:write"])
        headers = {"Authorization": f"Bearer {secret}"}

        for path in (f"{run}/", f"{run}/rows/"):
            answer = client.get(f"/api/v1/paper-imports/{path}", headers=headers)
            assert answer.status_code == 404
        answer = client.post(
            f"/api/v1/paper-imports/{run}/undo/", "{}", content_type="application/json",
            headers=headers,
        )  # fmt: skip
        assert answer.status_code == 404
        assert client.get("/api/v1/paper-imports/", headers=headers).json()["results"] == []

    def test_what_cannot_be_read_names_the_text(self, api):
        answer = api("paper-imports/", {"text": "<?xml version='1.0'?><x/>"})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "text"


class TestCommand:
    def run(self, *arguments: object) -> str:
        out = io.StringIO()
        call_command("import_papers", *map(str, arguments), stdout=out, stderr=out)
        return out.getvalue()

    def test_it_imports_and_counts(self, db, tmp_path):
        path = tmp_path / "x.bib"
        path.write_text(BIB)

        assert "created 1 updated 0" in self.run(path, "--dry-run")
        assert not Paper.objects.exists()
        assert "created 1 updated 0" in self.run(path, "--report", tmp_path / "report")
        row = json.loads((tmp_path / "report").read_text())
        assert (row["outcome"], row["id"]) == ("created", "doe2020title")

    def test_a_rejected_record_is_exit_2_and_a_missing_file_exit_1(self, db, tmp_path):
        path = tmp_path / "x.bib"
        path.write_text("@misc{a, title={No end")
        with pytest.raises(SystemExit) as ended:
            self.run(path)
        assert ended.value.code == 2
        with pytest.raises(Exception, match="does not exist"):
            self.run(tmp_path / "missing")
