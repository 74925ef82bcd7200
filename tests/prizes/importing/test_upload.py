"""Deadlines imported from the admin: looked at first, then taken."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from imports.uploads import Upload
from prizes.models import Prize
from tests.factories import UserFactory
from tests.prizes.importing import samples

HERE = "/admin/prizes/prize/import/"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(Upload, "folder", tmp_path / "uploads")


def upload(client: Client, content: bytes):
    return client.post(HERE, {"file": SimpleUploadedFile("calls.yml", content)})


def test_a_file_is_looked_at_first_then_imported(admin_desk):
    assert HERE in admin_desk.get("/admin/prizes/prize/").text
    page = upload(admin_desk, samples.AI)
    assert "NovaConf 2026 (2026-05-15, 2026-05-22)" in page.text
    assert "2026-02-30" in page.text
    assert not Prize.objects.exists()
    answer = admin_desk.post(HERE, {"token": page.context["token"]})
    assert "/admin/imports/importrun/" in answer["Location"]
    assert Prize.objects.filter(is_hidden=True).count() == 2


def test_what_cannot_be_read_is_said_without_its_folder(admin_desk, tmp_path):
    page = upload(admin_desk, b"- colour: red")
    assert "Line 1" in page.text
    assert str(tmp_path) not in page.text


def test_it_is_for_those_who_may(db):
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    assert upload(client, samples.AI).status_code == 403
